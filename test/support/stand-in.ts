// In: an access state. Out: the simulator in memory, in that state, to which writes are sent as anybody. Must not know:
// what ought to be refused.

import type { AccessState } from "../../src/model/access-state.ts";
import { isTokenId, type AuthId } from "../../src/model/ids.ts";
import type { ParameterValue, Write } from "../../src/plan/plan.ts";
import { requestFor } from "../../src/plan/requests.ts";
import { openApi } from "../../src/simulator/api.ts";
import { setUpHost } from "../../src/simulator/host.ts";
import { profileOf } from "../../src/simulator/profile.ts";
import { openMemoryStore } from "../../src/simulator/store.ts";
import { openTicketOffice } from "../../src/simulator/tickets.ts";
import { domainsCfgOf, userCfgOf } from "./state-files.ts";

export interface StandIn {
  /** Whether the write was done or refused for want of a privilege; anything else is a mistake of the test. */
  send(write: Write, as: AuthId): "done" | "refused";
}

const tokenSecret = "11111111-2222-4333-8444-555555555555";

export function standInFor(state: AccessState, nowSeconds: number, version = "9.2.11"): StandIn {
  const profile = profileOf(version);
  if (profile === undefined) throw new Error(`no release ${version}`);
  const now = (): number => nowSeconds * 1000;
  const tickets = openTicketOffice(now);
  const secrets = [...state.tokens.keys()].map((id) => `${id} ${tokenSecret}\n`).join("");
  const host = setUpHost({
    profile,
    store: openMemoryStore({
      "user.cfg": userCfgOf(state),
      "priv/token.cfg": secrets,
      "domains.cfg": domainsCfgOf(state),
    }),
    unixAccounts: new Map(),
    directories: {},
    guests: new Set([100, 101]),
    storages: ["local"],
    tickets,
    now,
  });
  const api = openApi(host);
  const headersOf = (as: AuthId): ReadonlyMap<string, string> => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    if (isTokenId(as))
      return new Map(Object.entries({ ...form, authorization: `PVEAPIToken=${as}=${tokenSecret}` }));
    const { ticket, csrfToken } = tickets.issue(as);
    const cookie = `PVEAuthCookie=${encodeURIComponent(ticket)}`;
    return new Map(Object.entries({ ...form, cookie, csrfpreventiontoken: csrfToken }));
  };
  return {
    send: (write, as) => {
      const { method, path, parameters } = requestFor(write);
      const form = new URLSearchParams(
        Object.entries(parameters).map(([name, value]): [string, string] => [
          name,
          textOf(value, nowSeconds),
        ]),
      ).toString();
      const isBody = method !== "DELETE";
      const target = `/api2/json${path}${isBody || form === "" ? "" : `?${form}`}`;
      const head = { method, target, version: "1.1" as const, headers: headersOf(as) };
      const { status, content, reason } = api.finish(head, Buffer.from(isBody ? form : ""));
      if (status === 200) return "done";
      // Before release 8 the words are in the reason alone.
      const words = `${reason} ${content}`;
      // The checks of single roles and of a pool's members are made under the lock, whose errors are all 500.
      if (status === 401 || status === 403 || /Cannot (?:add|remove) role|: 403 /u.test(words))
        return "refused";
      // A parameter that an older release does not have is looked at once the caller may do the rest.
      if (status === 400 && words.includes("not defined in schema")) return "done";
      throw new Error(`${method} ${target} as ${as}: ${status} ${words}`);
    },
  };
}

function textOf(value: ParameterValue, nowSeconds: number): string {
  if (typeof value === "string") return value;
  return "secondsAhead" in value ? String(nowSeconds + value.secondsAhead) : "a secret word";
}
