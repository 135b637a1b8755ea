import type { SecretDelivery } from "../model/delivery.ts";
import type { Finding, Plan, Write } from "../plan/plan.ts";

/** `exec-off`: apply, which may run elsewhere, will ask for the same option before it writes anything. */
export function findProgramsOff({ operations }: Plan, allowExec: boolean): readonly Finding[] {
  if (allowExec) return [];
  return operations.flatMap((operation): Finding[] => {
    const programs = deliveriesOf(operation).flatMap(({ sink }) => (sink.kind === "exec" ? [sink] : []));
    const [sink] = programs;
    if (sink === undefined) return [];
    return [
      {
        severity: "warning",
        code: "exec-off",
        message: `a secret goes to the sink ${sink.name}, which is a program (${sink.command}): apply starts it only with --allow-exec`,
        changes: operation.changes,
      },
    ];
  });
}

function deliveriesOf(write: Write): readonly SecretDelivery[] {
  if ("deliveries" in write) return write.deliveries;
  return write.kind === "create-user" && write.password?.kind === "generated"
    ? write.password.deliveries
    : [];
}
