import type { Issued, SecretDelivery } from "../model/delivery.ts";
import { Secret } from "../model/secret.ts";
import type { FileSinkSettings } from "../model/target.ts";
import { secretFrom } from "./delivered.ts";
import { isVariableName } from "./delivery-text.ts";
import { keptText } from "./kept-text.ts";
import { resolveOwner } from "./owner-ids.ts";
import { resolved, unresolved, type Resolved, type SecretProblem } from "./resolved.ts";
import type { Sink } from "./sink.ts";
import { proveSinkFile, readSinkFile, writeSinkFile, type NewText, type SinkFile } from "./sink-folder.ts";

/** As long as the secrets of all products. */
const standIn = new Secret("00000000-0000-0000-0000-000000000000");

/** Files below a folder, in the clear. */
export const fileSink: Sink<FileSinkSettings> = {
  prove: async (sink, delivery, owner) => {
    const place = await placeOf(sink, delivery);
    return place.ok
      ? await proveSinkFile(place.value, newText(sink, delivery, { ...owner, secret: standIn }))
      : place;
  },
  deliver: async (sink, delivery, issued) => {
    const place = await placeOf(sink, delivery);
    return place.ok ? await writeSinkFile(place.value, newText(sink, delivery, issued)) : place;
  },
  readBack: async (sink, delivery, owner) => {
    const { name, dir } = sink;
    const text = await readSinkFile({ sink: name, dir, as: delivery.as });
    if (!text.ok) {
      const message = wordProblems(text.problems);
      const isMissing = text.problems.some(({ code }) => code === "sink-empty");
      return { kind: isMissing ? "not-held" : "unknown", message };
    }
    // What stands in the way of the next delivery is somebody else's, and nothing to try as a secret.
    const next = newText(sink, delivery, { ...owner, secret: standIn })(text.value);
    if (!next.ok) return { kind: "occupied", message: wordProblems(next.problems) };
    const secret = secretFrom(text.value, delivery, owner);
    if (secret.ok) return { kind: "held", secret: secret.value };
    return { kind: "not-held", message: `sink ${name}: ${delivery.as} ${secret.problem}` };
  },
};

function wordProblems(problems: readonly SecretProblem[]): string {
  return problems.map(({ message }) => message).join("; ");
}

async function placeOf(
  { name, dir, mode, owner }: FileSinkSettings,
  { as, format, key }: SecretDelivery,
): Promise<Resolved<SinkFile>> {
  if (format === "env" && !isVariableName(key)) {
    return unresolved("sink-key-invalid", `sink ${name}: ${JSON.stringify(key)} can't name a variable`);
  }
  const ids = await resolveOwner(name, owner);
  return ids.ok ? resolved({ sink: name, dir, as, mode, owner: ids.value }) : ids;
}

function newText({ name, dir }: FileSinkSettings, delivery: SecretDelivery, issued: Issued): NewText {
  return (existing) => {
    const text = keptText(existing, delivery, issued);
    if (text.ok) return resolved(text.value);
    const message = `sink ${name}: ${delivery.as} below ${dir} ${text.problem}, so it is left as it is: name another file, or move this one away`;
    return unresolved("sink-occupied", message);
  };
}
