// In: the exchanges so far. Out: the credentials of the next one, and its texts as this server would have them.
// Must not know: what an answer should have been.

import { sendRaw, type RawRequest } from "../support/raw-request.ts";
import { dataOf, responseFrom, textOf, type Line, type Response, type Value } from "./recorded-line.ts";

type Credentials =
  | { readonly kind: "ticket"; readonly ticket: string; readonly csrfToken: string }
  | { readonly kind: "token"; readonly text: string };

/** What was handed out on the way: the recorded texts of it have to be replaced by the live ones. */
export class ReplayMemory {
  readonly #credentials = new Map<string, Credentials>();
  readonly #swaps: (readonly [recorded: string, live: string])[] = [];

  constructor(tokens: ReadonlyMap<string, string>) {
    for (const [id, secret] of tokens)
      this.#credentials.set(`token ${id}`, { kind: "token", text: `${id}=${secret}` });
  }

  async logInAsRoot(port: number): Promise<void> {
    const headers = new Map([["Content-Type", "application/x-www-form-urlencoded"]]);
    const body = Buffer.from("username=root%40pam&password=rootpass123");
    const path = "/api2/json/access/ticket";
    const answer = responseFrom(await sendRaw(port, { method: "POST", path, headers, body }));
    this.#keepTicket(answer.body, "root@pam ticket");
  }

  requestFor(line: Line): RawRequest {
    const { method, path, contentType, headers = {} } = line.request;
    const all = new Map(this.#authorization(line));
    if (contentType !== null) all.set("Content-Type", contentType);
    for (const [name, value] of Object.entries(headers)) all.set(name, this.#live(value));
    return { method, path, headers: all, body: this.#body(line) };
  }

  learn({ name, response }: Line, live: Response): void {
    const [recordedData, liveData] = [dataOf(response.body), dataOf(live.body)];
    for (const key of ["ticket", "CSRFPreventionToken", "value", "digest"]) {
      const [before, after] = [recordedData[key], liveData[key]];
      if (typeof before === "string" && typeof after === "string") this.#swaps.unshift([before, after]);
    }
    const label = `${textOf(liveData["username"])} ticket`;
    if ("ticket" in liveData && !/^(?:root ticket as|ticket as|verify|new-format|login with)/u.test(name))
      this.#keepTicket(live.body, label);
    if ("value" in liveData && "full-tokenid" in liveData) this.#keepToken(liveData);
  }

  #keepTicket(body: Value, label: string): void {
    const { ticket, CSRFPreventionToken: csrfToken } = dataOf(body);
    if (typeof ticket === "string" && typeof csrfToken === "string")
      this.#credentials.set(label, { kind: "ticket", ticket, csrfToken });
  }

  #keepToken(data: Readonly<Record<string, Value>>): void {
    const id = textOf(data["full-tokenid"]);
    const before = this.#credentials.get(`token ${id}`);
    if (before !== undefined) this.#credentials.set(`token ${id} old secret`, before);
    this.#credentials.set(`token ${id}`, { kind: "token", text: `${id}=${textOf(data["value"])}` });
  }

  #authorization({ as, csrf, request }: Line): [string, string][] {
    if (as === "anonymous") return [];
    const credentials = this.#credentials.get(as) ?? this.#variant(as);
    if (credentials.kind === "token") return [["Authorization", `PVEAPIToken=${credentials.text}`]];
    const needsCsrf = request.method !== "GET" && request.method !== "HEAD" && csrf !== false;
    return [
      ["Cookie", `PVEAuthCookie=${encodeURIComponent(credentials.ticket)}`],
      ...(needsCsrf ? [["CSRFPreventionToken", credentials.csrfToken] satisfies [string, string]] : []),
    ];
  }

  /** `token enc` is percent-encoded, `token sp` has a blank behind it. */
  #variant(as: string): Credentials {
    const token = this.#credentials.get("token a@pve!t1");
    if (token?.kind !== "token") throw new Error(`no credentials for ${as}: an earlier line failed`);
    const text = as === "token enc" ? token.text.replace("@", "%40").replace("!", "%21") : `${token.text} `;
    return { kind: "token", text };
  }

  #body({ name, request: { body, contentType } }: Line): Buffer | undefined {
    if (body === null) return undefined;
    const size = /^<([0-9]+) bytes>/u.exec(typeof body === "string" ? body : "")?.[1];
    if (size !== undefined) return bodyOfSize(name, Number(size));
    if (typeof body === "string") return Buffer.from(this.#live(body));
    if (!Array.isArray(body) || contentType?.includes("urlencoded") !== true)
      return Buffer.from(JSON.stringify(body));
    const pairs = (body as readonly (readonly [string, string])[]).map(([key, value]): [string, string] => [
      key,
      this.#live(value),
    ]);
    return Buffer.from(new URLSearchParams(pairs).toString());
  }

  /** A recorded text with what this server handed out in its place; any ticket of root's is the one at hand. */
  #live(text: string): string {
    const swapped = this.#swaps.reduce((before, [recorded, live]) => before.replaceAll(recorded, live), text);
    const root = this.#credentials.get("root@pam ticket");
    const ticket = root?.kind === "ticket" ? root.ticket : "";
    return swapped
      .replace(/PVE:root@pam:[0-9A-F]{8}::[A-Za-z0-9+/=]+/gu, ticket)
      .replace(/PVE%3Aroot%40pam%3A[0-9A-F]{8}%3A%3A(?!AAAA)[A-Za-z0-9%]+/gu, encodeURIComponent(ticket));
  }
}

function bodyOfSize(name: string, size: number): Buffer {
  const groups: Readonly<Record<string, string>> = { "body 400 kB form": "big", "body 512 kB": "big2" };
  const head = `groupid=${groups[name] ?? "big3"}&comment=`;
  return Buffer.from(head.padEnd(size, "x"));
}
