import { isLost, type HeldByToken, type SinkState } from "../model/sink-state.ts";
import { changeKey, type Note, type Remarks, type Settling } from "./settling.ts";

/** Tokens that live, and whose secret is not where it should be; those that get a new one in this plan are told by that. */
export function undeliveredSecrets(
  held: HeldByToken | undefined,
  { desired, live, notInSink }: Settling,
  remarks: Remarks,
): readonly Note[] {
  return [...(held ?? [])].flatMap(([id, states]): readonly Note[] => {
    const token = desired.tokens.get(id);
    const lost = states.filter(isLost);
    const isMended = notInSink.has(id) || remarks.tokens.get(id)?.renewal !== undefined;
    if (token?.ensure !== "present" || !live.tokens.has(id) || lost.length === 0 || isMended) return [];
    return [
      {
        severity: "warning",
        code: "secret-not-delivered",
        message:
          `nobody can log in as ${id} with what ${lost.length === 1 ? "a sink holds" : "its sinks hold"}: ` +
          `${lost.map(wordLost).join("; ")}: rolecall tokens rotate '${id}' makes a new secret`,
        source: token.source,
        about: [changeKey("Token", id)],
      },
    ];
  });
}

function wordLost({ sink, place, state, message }: SinkState): string {
  if (state === "refused") return `the server refuses what sink ${sink} holds (${place})`;
  return message ?? `sink ${sink} does not hold it (${place})`;
}
