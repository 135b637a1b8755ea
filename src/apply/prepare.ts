import { wordReference, type Secret } from "../model/secret.ts";
import type { Plan } from "../plan/plan.ts";
import type { SecretProblem } from "../secrets/resolved.ts";
import { proveAll } from "./delivery.ts";
import type { Doors } from "./doors.ts";
import { issueOf } from "./result.ts";

/** The secrets that the operations need, by their reference's words. */
export type Secrets = ReadonlyMap<string, Secret>;

/**
 * Reads every secret and proves every sink that the operations need, before anything is written: a missing variable or
 * a full disk is found while nothing has happened yet.
 */
export async function prepareApply(
  plan: Plan,
  doors: Pick<Doors, "secretFor" | "proveSink">,
): Promise<{ readonly secrets: Secrets; readonly problems: readonly SecretProblem[] }> {
  const secrets = new Map<string, Secret>();
  const problems: SecretProblem[] = [];
  for (const operation of plan.operations) {
    if (operation.kind === "create-user" && operation.password?.kind === "given") {
      const { from } = operation.password;
      const secret = await doors.secretFor(from);
      if (secret.ok) secrets.set(wordReference(from), secret.value);
      else problems.push(...secret.problems.map((problem) => ofUser(problem, operation.user.id)));
    }
    const issue = issueOf(operation);
    if (issue) {
      const proved = await proveAll(issue.deliveries, issue, doors);
      if (!proved.ok) problems.push(...proved.problems);
    }
  }
  return { secrets, problems };
}

function ofUser(problem: SecretProblem, user: string): SecretProblem {
  return { ...problem, message: `password of ${user}: ${problem.message}` };
}
