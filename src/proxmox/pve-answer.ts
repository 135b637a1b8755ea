import { ApiError, type ApiErrorKind } from "./api-error.ts";
import { maskedParameters, maskedWords } from "./pve-masking.ts";
import type { Answer, ApiRequest } from "./wire.ts";

/** What an error says, before secrets are masked. */
interface Told {
  readonly words: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Another server between us and the one that works gave up, or the node lost its own daemon: nobody knows more. */
const lostStatuses: ReadonlySet<number> = new Set([502, 503, 504, 595, 596, 597, 598, 599]);

/** Nothing was done: the lock was not got in ten seconds, or the node is cut off from most of its cluster. */
const lockText = /cfs-lock '[^']*' error: got lock request timeout/u;
const quorumText = /cfs-lock '[^']*' error: no quorum!/u;

/** A check that failed inside the locked part: a 400 or a 403 that arrives as a 500. */
const nestedText = /^[\w ]+ failed: (?<status>400|403) /u;

/** Whatever stands before the API could not reach it. */
export function pveGaveUp({ status }: Answer): boolean {
  return lostStatuses.has(status);
}

/** The node may not write, and others of its cluster may. */
export function pveCutOff({ status, body, reason }: Answer): boolean {
  return status === 500 && (quorumText.test(body) || quorumText.test(reason));
}

/** The `data` of an answer; an ApiError with the server's words where it says no. */
export function pveDataFrom(request: ApiRequest, answer: Answer): unknown {
  const body = parseJson(answer.body);
  if (answer.status !== 200) throw errorFrom(request, answer, body);
  if (typeof body === "object" && body !== null && "data" in body) return body.data;
  // The body is not quoted, nor the parser's error, which quotes it: it may hold the secret of a new token.
  const words = "the answer is not JSON with a field data";
  throw new ApiError(request.safe ? "malformed" : "ambiguous", request, { words, status: 200 });
}

function errorFrom(request: ApiRequest, answer: Answer, body: unknown): ApiError {
  const told = toldBy(answer, body);
  const isLost = lostStatuses.has(answer.status);
  const kind = isForeign(answer, body) ? lostKind(request) : kindOf(request, answer.status, told.words);
  return new ApiError(kind, request, {
    status: answer.status,
    words: isLost ? lostWords(request, answer, told) : maskedWords(request, told.words),
    parameters: maskedParameters(request, told.parameters),
  });
}

/**
 * The API says in its own words what failed in it, in the body or, before 8.3, in the reason phrase: a 500 with neither is of
 * something in between, or of a worker that broke.
 */
function isForeign({ status, reason }: Answer, body: unknown): boolean {
  const isOwn = typeof body === "object" && body !== null && "data" in body;
  return status === 500 && !isOwn && /^(?:Internal Server Error)?$/iu.test(reason.trim());
}

function lostKind({ safe }: ApiRequest): ApiErrorKind {
  return safe ? "unreachable" : "ambiguous";
}

function kindOf(request: ApiRequest, status: number, words: string): ApiErrorKind {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 400) return "invalid";
  if (status < 400) return "malformed";
  if (lostStatuses.has(status)) return lostKind(request);
  if (lockText.test(words)) return "busy";
  if (quorumText.test(words)) return "cut-off";
  const nested = nestedText.exec(words)?.groups?.["status"];
  if (nested === undefined) return "failed";
  return nested === "400" ? "invalid" : "forbidden";
}

/** The status says most; its text is shown where it can repeat no secret. */
function lostWords(request: ApiRequest, { status }: Answer, { words }: Told): string {
  const isSayable = maskedWords(request, words) === words && words !== wordStatus(status);
  return `${status} ${isSayable ? words : "from what stands before the API"}`;
}

function wordStatus(status: number): string {
  return `HTTP status ${status}`;
}

/** The body's text first, whole since 8.3; before that the reason phrase is all there is, cut at its first line. */
function toldBy(answer: Answer, body: unknown): Told {
  if (answer.status >= 300 && answer.status < 400) {
    return { words: `the server redirects (${answer.status}), which is not followed`, parameters: {} };
  }
  const message = fieldOf(body, "message");
  const text = typeof message === "string" ? plain(message) : "";
  const words = text || plain(answer.reason) || wordStatus(answer.status);
  return { words, parameters: { ...nestedParameters(words), ...parametersIn(fieldOf(body, "errors")) } };
}

function parametersIn(errors: unknown): Readonly<Record<string, string>> {
  if (typeof errors !== "object" || errors === null) return {};
  const texts = Object.entries(errors).flatMap(([name, text]) =>
    typeof text === "string" ? [[plain(name), plain(text)] as const] : [],
  );
  return Object.fromEntries(texts);
}

/** `ACL update failed: 400 Parameter verification failed.`, then one line a parameter. */
function nestedParameters(words: string): Readonly<Record<string, string>> {
  if (!nestedText.test(words)) return {};
  const lines = words.split("\n").slice(1);
  const texts = lines.map((line) => /^(?<name>[\w-]+): (?<text>.+)$/u.exec(line)?.groups);
  return Object.fromEntries(
    texts.flatMap((text) => (text ? [[text["name"] ?? "", text["text"] ?? ""]] : [])),
  );
}

function fieldOf(body: unknown, name: string): unknown {
  if (typeof body !== "object" || body === null) return undefined;
  return Object.entries(body).find(([key]) => key === name)?.[1];
}

/** Trimmed, bounded, and without what could steer a terminal. */
function plain(text: string): string {
  return text
    .replace(/(?!\n)\p{Cc}/gu, " ")
    .trim()
    .slice(0, 4096);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
