// A call's outcome in the two formats that clients use.

import type { Answer } from "./http/message.ts";
import type { Json } from "./json.ts";
import type { Profile } from "./profile.ts";
import type { Refusal } from "./refusal.ts";

export type Outcome<T> =
  { readonly kind: "done"; readonly value: T } | { readonly kind: "refused"; readonly refusal: Refusal };

export type Renderer = (outcome: Outcome<Json>) => Answer;

const contentType = "application/json;charset=UTF-8";

/** Undefined for a format that is not served. */
export function rendererFor(format: string, profile: Profile): Renderer | undefined {
  if (format === "json") return (outcome) => renderJson(outcome, profile);
  return format === "extjs" ? renderExtjs : undefined;
}

/** The status is HTTP's, and the reason phrase is the first line of the text. */
function renderJson(outcome: Outcome<Json>, { messageInBody }: Profile): Answer {
  if (outcome.kind === "done") return ok({ data: outcome.value });
  const { message, errors, status, waitedMs } = outcome.refusal;
  const content = { data: null, ...(messageInBody && { message }), ...(errors !== undefined && { errors }) };
  const reason = message.replace(/\n[^]*$/u, "");
  return {
    status,
    reason,
    contentType,
    content: JSON.stringify(content),
    delayed: status === 401,
    ...(waitedMs !== undefined && { takesMs: waitedMs }),
  };
}

/** Whatever happens, HTTP says 200. */
function renderExtjs(outcome: Outcome<Json>): Answer {
  if (outcome.kind === "done") return ok({ success: 1, data: outcome.value });
  const { message, errors, status, isCoded, waitedMs } = outcome.refusal;
  const body = {
    success: 0,
    status: isCoded ? String(status) : status,
    message,
    data: null,
    ...(errors !== undefined && { errors }),
  };
  return { ...ok(body), delayed: status === 401, ...(waitedMs !== undefined && { takesMs: waitedMs }) };
}

function ok(body: Json): Answer {
  return { status: 200, reason: "OK", contentType, content: JSON.stringify(body) };
}
