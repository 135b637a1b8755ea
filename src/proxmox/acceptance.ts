import type { TokenId, UserId } from "../model/ids.ts";
import type { Secret } from "../model/secret.ts";
import { ApiError } from "./api-error.ts";
import type { Client } from "./client.ts";
import { TokenSession } from "./session.ts";
import type { Wire } from "./wire.ts";

/** The server never says why it refuses: a wrong secret, an expired token, a disabled user. */
type Acceptance = "accepted" | "refused";

/** Whether the server takes a secret, by one harmless request as its owner. Throws ApiError where nobody can tell. */
export interface ProbeClient {
  /** A demand for a second factor counts as accepted: the password was right. */
  password(user: UserId, password: Secret, signal: AbortSignal): Promise<Acceptance>;
  token(id: TokenId, secret: Secret, signal: AbortSignal): Promise<Acceptance>;
}

export function probeClient(wire: Wire, client: Client): ProbeClient {
  return {
    password: (user, password, signal) =>
      accepted(async () => {
        const request = wire.loginRequest({ kind: "password", user, password });
        const login = wire.loginFrom(await client.perform(request, new TokenSession({}), signal));
        if (login.kind === "malformed")
          throw new ApiError("malformed", request, { words: "no ticket in the answer" });
      }),
    token: (id, secret, signal) =>
      accepted(async () => {
        const session = new TokenSession(wire.tokenHeaders({ kind: "token", id, secret }));
        await client.perform(wire.harmlessRequest, session, signal);
      }),
  };
}

async function accepted(ask: () => Promise<void>): Promise<Acceptance> {
  try {
    await ask();
    return "accepted";
  } catch (error) {
    if (error instanceof ApiError && error.kind === "unauthenticated") return "refused";
    throw error;
  }
}
