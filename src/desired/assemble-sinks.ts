import { didYouMean, errorAt } from "../manifest/diagnostic.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { SecretDelivery, SecretFormat } from "../model/delivery.ts";
import type { SinkSettings } from "../model/target.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import type { Assembly } from "./assembly.ts";
import type { DeclaredSink } from "./declared-sinks.ts";

/** Whose secret it is, and the variable that it gets in format `env` where nothing else is said. */
interface Owner {
  readonly manifest: Manifest;
  readonly id: string;
  readonly key: string;
}

/** What a program or a cluster takes in is seldom a shell's line. */
const defaultFormats: Readonly<Record<SinkSettings["kind"], SecretFormat>> = {
  file: "env",
  age: "env",
  exec: "json",
  kubernetesSecret: "raw",
};

/** The deliveries that a manifest asks for, to the sinks of the target; what is wrong is reported and left out. */
export function assembleDeliveries(
  assembly: Assembly,
  owner: Owner,
  sinks: readonly DeclaredSink[],
): readonly SecretDelivery[] {
  return sinks.flatMap((sink) => assembleDelivery(assembly, owner, sink) ?? []);
}

function assembleDelivery(
  { target, report }: Assembly,
  { manifest, id, key }: Owner,
  sink: DeclaredSink,
): SecretDelivery | undefined {
  const settings = target.sinks.get(sink.name);
  if (settings === undefined) {
    const message = `target ${target.name} has no sink ${quoted(sink.name)}`;
    const hint = didYouMean(nearest(sink.name, target.sinks.keys()));
    report(errorAt(manifest.locate(`${sink.pointer}/name`), { code: "unknown-sink", message, hint }));
    return undefined;
  }
  const as = (sink.as ?? defaultPlace(settings, id))?.replaceAll("{target}", target.name);
  if (as === undefined) {
    const message = `sink ${settings.name} of target ${target.name} (${settings.kind}) needs \`as\`: ${placeWords[settings.kind]}`;
    report(errorAt(manifest.locate(sink.pointer), { code: "missing-field", message }));
    return undefined;
  }
  if (settings.kind === "kubernetesSecret" && !isSecretKey(as)) {
    const message = `${quoted(as)} can't be a key of a Kubernetes Secret`;
    const hint = "letters, digits, and . - _, at most 253";
    report(errorAt(manifest.locate(`${sink.pointer}/as`), { code: "sink-out-of-bounds", message, hint }));
    return undefined;
  }
  const format = sink.format ?? defaultFormats[settings.kind];
  const rest = { as, format, key: sink.key ?? key, source: manifest.locate.place(sink.pointer) };
  if (settings.kind !== "exec") return { sink: settings, ...rest };
  const args = settings.args.map((argument) => filled(argument, { target: target.name, as, id }));
  // What a manifest names must not become an option of the program.
  const slip = args.find(
    (argument, index) => argument.startsWith("-") && settings.args[index]?.startsWith("-") === false,
  );
  if (slip !== undefined) {
    const message = `sink ${settings.name} would hand its program ${quoted(slip)}, which looks like an option`;
    const hint = "name it without a - in front";
    report(errorAt(manifest.locate(`${sink.pointer}/as`), { code: "sink-out-of-bounds", message, hint }));
    return undefined;
  }
  return { sink: { ...settings, args }, ...rest };
}

/** What the placeholders stand for. Other braces stay as they are: they are the program's own. */
function filled(argument: string, values: Readonly<Record<string, string>>): string {
  return argument.replaceAll(
    /\{(target|as|id)\}/gu,
    (whole, placeholder: string) => values[placeholder] ?? whole,
  );
}

/** A program is told whose secret it is anyway; of all others it must be said where to put it. */
function defaultPlace({ kind }: SinkSettings, id: string): string | undefined {
  return kind === "exec" ? `{target}/${id}` : undefined;
}

const placeWords: Readonly<Record<SinkSettings["kind"], string>> = {
  file: "the file below its folder",
  age: "the file below its folder",
  exec: "the name for its program",
  kubernetesSecret: "the key of the Secret",
};

function isSecretKey(text: string): boolean {
  return /^[-._A-Za-z0-9]{1,253}$/u.test(text) && text !== "." && !text.startsWith("..");
}
