import type { SecretDelivery } from "../model/delivery.ts";
import { secretOf, type Credentials } from "../model/target.ts";
import type { Finding, Plan, Write } from "../plan/plan.ts";

/** `exec-off`: apply, which may run elsewhere, will ask for the same option before it writes anything. */
export function findProgramsOff(
  { operations }: Plan,
  { allowExec, credentials }: { readonly allowExec: boolean; readonly credentials: Credentials },
): readonly Finding[] {
  if (allowExec || operations.length === 0) return [];
  return [...sourceOff(credentials), ...operations.flatMap(sinkOff)];
}

/** Whoever plans with `planCredentials` does not start the program that applying takes. */
function sourceOff(credentials: Credentials): readonly Finding[] {
  const source = secretOf(credentials);
  if (source.source !== "exec") return [];
  const message = `the secret of the target's credentials comes from a program (${source.command}): apply starts it only with --allow-exec`;
  return [{ severity: "warning", code: "exec-off", message, changes: [] }];
}

function sinkOff(operation: Plan["operations"][number]): readonly Finding[] {
  const [sink] = deliveriesOf(operation).flatMap(({ sink: one }) => (one.kind === "exec" ? [one] : []));
  if (sink === undefined) return [];
  return [
    {
      severity: "warning",
      code: "exec-off",
      message: `a secret goes to the sink ${sink.name}, which is a program (${sink.command}): apply starts it only with --allow-exec`,
      changes: operation.changes,
    },
  ];
}

function deliveriesOf(write: Write): readonly SecretDelivery[] {
  if ("deliveries" in write) return write.deliveries;
  return write.kind === "create-user" && write.password?.kind === "generated"
    ? write.password.deliveries
    : [];
}
