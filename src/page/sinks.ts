// What the sinks held when they were last looked into; nothing where nobody asked for that.

import type { TargetDocument } from "../daemon/status.ts";
import { html, type Content } from "./html.ts";
import { section } from "./layout.ts";
import { questionHref } from "./links.ts";
import { code, table } from "./table.ts";
import { inFull } from "./time.ts";

type Sinks = NonNullable<TargetDocument["sinks"]>;
type State = Sinks["found"][number]["state"];

/** Those that somebody has to mend first. */
const states: Readonly<
  Record<State, { readonly words: string; readonly tone: string; readonly rank: number }>
> = {
  missing: { words: "not there", tone: "bad", rank: 0 },
  refused: { words: "refused by the server", tone: "bad", rank: 0 },
  unknown: { words: "not known", tone: "", rank: 1 },
  accepted: { words: "delivered", tone: "good", rank: 2 },
};

export function sinksOf({ name, sinks }: TargetDocument, now: string): Content {
  if (sinks === undefined) return "";
  const again = sinks.current
    ? ""
    : "; the next pass looks again, since tokens or manifests are other ones now";
  const looked = html`<p>Looked into ${inFull(sinks.lookedAt, now)}${again}.</p>`;
  return section("sinks", "Secrets in their sinks", [looked, found(name, sinks)]);
}

function found(target: string, sinks: Sinks): Content {
  if (sinks.found.length === 0) return html`<p class="none">No sink is known to be good or bad.</p>`;
  const rows = [...sinks.found]
    .sort((a, b) => states[a.state].rank - states[b.state].rank)
    .map(({ token, sink, place, state, message }) => [
      html`<a href="${questionHref({ target, subject: `token:${token}` })}">${code(token)}</a>`,
      code(sink),
      code(place),
      html`<span class="word ${states[state].tone}">${states[state].words}</span>`,
      message === undefined ? "" : html`<span class="ground">${message}</span>`,
    ]);
  return table({
    caption: "Whether each holds a secret that the server takes; those that do not first",
    columns: ["Token", "Sink", "Place", "State", "Why"],
    rows,
  });
}
