// Tickets of a login and the tokens against cross-site requests: texts that only this server can have made.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export interface TicketOffice {
  /** A ticket `PVE:USER:TIME::SIGNATURE`, and the CSRF token that goes with it. */
  issue(user: string): { readonly ticket: string; readonly csrfToken: string };
  /** The user of a ticket that is ours and not older than two hours. */
  userOf(ticket: string): string | undefined;
  ownsCsrfToken(user: string, csrfToken: string): boolean;
}

const lifetimeSeconds = 7200;
/** Clocks of a cluster may differ: a ticket may come that much from the future. */
const skewSeconds = 300;

/** Every office has a key of its own: tickets end with the server that issued them. */
export function openTicketOffice(now: () => number): TicketOffice {
  const key = randomBytes(32);
  const seconds = (): number => Math.floor(now() / 1000);
  const isFresh = (stamp: string): boolean => {
    const age = seconds() - Number.parseInt(stamp, 16);
    return age > -skewSeconds && age < lifetimeSeconds;
  };
  return {
    issue(user) {
      const stamp = seconds().toString(16).toUpperCase().padStart(8, "0");
      const plain = `PVE:${user}:${stamp}`;
      return {
        ticket: `${plain}::${sign(key, plain)}`,
        csrfToken: `${stamp}:${sign(key, `csrf:${stamp}:${user}`).replace(/=+$/u, "")}`,
      };
    },
    userOf(ticket) {
      const [, plain, user, stamp, signature] = /^(PVE:(.+):([0-9A-F]{8}))::(.+)$/su.exec(ticket) ?? [];
      if (plain === undefined || stamp === undefined || signature === undefined) return undefined;
      return isFresh(stamp) && isSame(signature, sign(key, plain)) ? user : undefined;
    },
    ownsCsrfToken(user, csrfToken) {
      const [stamp = "", signature = ""] = csrfToken.split(":");
      if (!/^[0-9A-F]{8}$/u.test(stamp) || !isFresh(stamp)) return false;
      return isSame(signature, sign(key, `csrf:${stamp}:${user}`).replace(/=+$/u, ""));
    },
  };
}

function sign(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64");
}

/** Compares in constant time, whatever the lengths. */
export function isSame(a: string, b: string): boolean {
  const key = Buffer.alloc(1);
  return timingSafeEqual(
    createHmac("sha256", key).update(a).digest(),
    createHmac("sha256", key).update(b).digest(),
  );
}
