import { Secret } from "../model/secret.ts";
import { pveCutOff, pveDataFrom, pveGaveUp } from "./pve-answer.ts";
import type { Login, Wire } from "./wire.ts";

/** The server accepts a ticket for two hours. */
const ticketAgeMs = 90 * 60 * 1000;

/** How Proxmox VE speaks HTTP: libpve-http-server of releases 7 to 9. */
export const pveWire: Wire = {
  basePath: "/api2/json",
  openPath: "/access/domains",
  tokenHeaders: ({ id, secret }) => ({
    authorization: `PVEAPIToken=${headerText(id)}=${headerText(secret.reveal())}`,
  }),
  loginRequest: ({ user, password }) => ({
    method: "POST",
    path: "/access/ticket",
    parameters: { username: user, password },
    // It makes a ticket and changes nothing that is there.
    safe: true,
  }),
  harmlessRequest: { method: "GET", path: "/version", parameters: {}, safe: true },
  loginFrom,
  ticketHeaders: ({ ticket, csrfToken }, method) => ({
    cookie: `PVEAuthCookie=${encodeURIComponent(ticket.reveal())}`,
    ...(method === "GET" ? {} : { csrfpreventiontoken: csrfToken.reveal() }),
  }),
  ticketAgeMs,
  gaveUp: pveGaveUp,
  cutOff: pveCutOff,
  dataFrom: pveDataFrom,
};

function loginFrom(data: unknown): Login {
  if (typeof data !== "object" || data === null) return { kind: "malformed" };
  // A ticket for the second factor only looks like one: it opens nothing but the next step of the login.
  if ("NeedTFA" in data && data.NeedTFA !== 0 && data.NeedTFA !== "0") return { kind: "second-factor" };
  if (!("ticket" in data) || typeof data.ticket !== "string") return { kind: "malformed" };
  if (!("CSRFPreventionToken" in data) || typeof data.CSRFPreventionToken !== "string") {
    return { kind: "malformed" };
  }
  if (!/^[\x21-\x7e]+$/u.test(data.CSRFPreventionToken)) return { kind: "malformed" };
  return {
    kind: "ticket",
    ticket: { ticket: new Secret(data.ticket), csrfToken: new Secret(data.CSRFPreventionToken) },
  };
}

/** The server decodes the value as it decodes a URL, and takes `;` for its end: both occur in users' names. */
function headerText(text: string): string {
  return text.replace(/[^\w.@!=~-]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}
