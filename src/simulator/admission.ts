// What the real server looks at before it reads a body: method, encoding, place, credentials, size.

import { authenticate, credentialsOf } from "./authenticate.ts";
import { decodePercent } from "./http/body.ts";
import type { Host } from "./host.ts";
import type { Answer, RequestHead } from "./http/message.ts";

const bodyLimit = 512 * 1024;
const formType = "application/x-www-form-urlencoded";
export const jsonType = "application/json";

/** An answer whose text is its reason, too. */
export function plain(status: number, text: string): Answer {
  return { status, reason: text.replace(/\n[^]*$/u, ""), content: text };
}

/** What the head alone is answered with, before a body is read; undefined where the call may go on. */
export function headProblem(host: Host, head: RequestHead): Answer | undefined {
  const { method } = head;
  if (!["GET", "POST", "PUT", "DELETE"].includes(method))
    return { status: 501, reason: `method '${method}' not available`, content: "" };
  const encoding = head.headers.get("transfer-encoding");
  if (encoding?.toLowerCase() === "chunked") return plain(501, "chunked transfer encoding not supported");
  if (encoding !== undefined && encoding !== "") return plain(501, `Unknown transfer encoding '${encoding}'`);
  const place = placeOf(head);
  if (place.kind === "file") return plain(501, `no such file '${place.path}'`);
  if (place.kind === "nowhere") return plain(501, "no such uri");
  const identity = authenticate(host, { method, path: place.path }, credentialsOf(head));
  if (identity.kind === "refused")
    return { status: 401, reason: identity.reason, content: "", delayed: true };
  return bodyProblem(head);
}

function bodyProblem(head: RequestHead): Answer | undefined {
  const length = contentLength(head);
  if (length === 0) return undefined;
  if (head.method !== "POST" && head.method !== "PUT")
    return plain(501, `Unexpected content for method '${head.method}'`);
  const type = mediaType(head);
  if (type !== undefined && type !== formType && type !== jsonType)
    return plain(506, `upload 'Content-Type '${head.headers.get("content-type") ?? ""}' not implemented`);
  return length > bodyLimit ? plain(501, "for data too large") : undefined;
}

export function contentLength(head: RequestHead): number {
  const text = head.headers.get("content-length") ?? "0";
  return /^[0-9]+$/u.test(text) ? Number(text) : 0;
}

/** The content type without its parameters, in the spelling that came. */
export function mediaType(head: RequestHead): string | undefined {
  return head.headers.get("content-type")?.split(/\s*[;,]/u)[0];
}

type Place =
  | { readonly kind: "api"; readonly format: string; readonly path: string }
  | { readonly kind: "nowhere" }
  | { readonly kind: "file"; readonly path: string };

/** `/api2/FORMAT/PATH`; the path is percent-decoded byte by byte, whatever the bytes mean. */
export function placeOf({ target }: RequestHead): Place {
  const whole = decodePercent(target.replace(/[?#].*$/su, ""));
  if (!whole.startsWith("/api2")) return { kind: "file", path: whole };
  const [, format, path] = /^\/api2\/+([a-z][a-z0-9]+)(\/.*)?$/su.exec(whole) ?? [];
  return format === undefined ? { kind: "nowhere" } : { kind: "api", format, path: path ?? "/" };
}
