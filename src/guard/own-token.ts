import { fileOf, type SecretDelivery } from "../model/delivery.ts";
import type { Credentials } from "../model/target.ts";
import type { Finding, Operation, Plan } from "../plan/plan.ts";

/**
 * A new secret for the caller's own token ends the old one at once: the run goes on, and the next one logs in, only if
 * the new one goes to the very file that it is read from.
 */
export function findOwnTokens({ operations, caller }: Plan, credentials: Credentials): readonly Finding[] {
  return operations.flatMap((operation) => {
    const problem = problemOf(operation, caller, credentials);
    if (problem === undefined) return [];
    return [
      {
        severity: "error" as const,
        code: "own-token",
        message: `token ${caller} is the one that Rolecall uses: ${problem}`,
        changes: operation.changes,
      },
    ];
  });
}

function problemOf(operation: Operation, caller: string, credentials: Credentials): string | undefined {
  if (operation.kind === "create-token" && operation.token.id === caller) {
    return "it would be deleted and made again, and the run would end with the delete: renew it as another identity";
  }
  if (operation.kind !== "reissue-token" || operation.id !== caller) return undefined;
  if (operation.deliveries.some((delivery) => feeds(delivery, credentials))) return undefined;
  return (
    `a new secret would end this run, since none of its sinks writes ${wordSource(credentials)}, where its secret is ` +
    "read from, as a file of format raw: add such a sink, or renew it as another identity"
  );
}

/** What is read as a secret is a file that holds nothing else. */
function feeds(delivery: SecretDelivery, credentials: Credentials): boolean {
  if (credentials.kind !== "token" || credentials.secret.source !== "file") return false;
  const { sink, format } = delivery;
  return sink.kind === "file" && format === "raw" && fileOf(delivery) === credentials.secret.path;
}

function wordSource(credentials: Credentials): string {
  if (credentials.kind !== "token") return "a file";
  const { secret } = credentials;
  return secret.source === "file" ? `the file ${secret.path}` : "a file (its source is no file)";
}
