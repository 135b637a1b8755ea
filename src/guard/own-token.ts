import type { Finding, Plan } from "../plan/plan.ts";

/**
 * A new secret for the caller's own token ends the old one at once, and with it this very run: what follows is refused,
 * and nobody could log in as the caller again.
 */
export function findOwnTokens({ operations, caller }: Plan): readonly Finding[] {
  return operations.flatMap((operation) =>
    operation.kind === "reissue-token" && operation.id === caller
      ? [
          {
            severity: "error" as const,
            code: "own-token",
            message:
              `token ${caller} is the one that Rolecall uses, and it expires earlier on the server than declared: a new ` +
              "secret would end this run; declare the expiry that it has, or set it on the server by another identity",
            changes: operation.changes,
          },
        ]
      : [],
  );
}
