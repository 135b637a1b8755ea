import { isAgeIdentity } from "../manifest/mask.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { AgeSinkSettings, FileOwner, FileSinkSettings, SinkSettings } from "../model/target.ts";
import { Bug } from "../support/bug.ts";
import { sortedBy } from "../support/compare.ts";
import { pointerStep } from "../support/pointer.ts";
import { quoted } from "../support/printable.ts";
import { parseAgeRecipient } from "./age-recipient.ts";
import { refuse, type Reading } from "./reading.ts";
import { commandFrom, pathFrom } from "./secret-bounds.ts";
import { readDurationMs } from "./target-guards.ts";

type TargetReading = Reading<ManifestOf<"Target">>;
type WrittenSinks = NonNullable<ManifestOf<"Target">["document"]["spec"]["sinks"]>;
type WrittenSink = WrittenSinks[string];

/** The sinks of a target by name. */
export function readSinkSettings(
  reading: TargetReading,
  written: WrittenSinks,
): ReadonlyMap<string, SinkSettings> {
  const byName = sortedBy(Object.entries(written), ([name]) => name);
  return new Map(byName.map(([name, sink]) => [name, readSinkSetting(reading, name, sink)]));
}

function readSinkSetting(reading: TargetReading, name: string, written: WrittenSink): SinkSettings {
  const { folder } = reading.manifest;
  const { file, age, exec, kubernetesSecret } = written;
  const pointer = `/spec/sinks${pointerStep(name)}`;
  if (file) return readFileSink(reading, { name, pointer }, file);
  if (age) {
    const recipients = readRecipients(reading, `${pointer}/age/recipients`, age.recipients);
    return { kind: "age", name, dir: pathFrom(folder, age.dir), recipients };
  }
  if (exec) {
    const timeoutMs = readDurationMs(reading, `${pointer}/exec/timeout`, exec.timeout ?? "30s");
    return {
      kind: "exec",
      name,
      command: commandFrom(folder, exec.command),
      args: exec.args ?? [],
      timeoutMs,
      inheritEnv: exec.inheritEnv ?? [],
    };
  }
  if (!kubernetesSecret) throw new Bug("a sink of no kind");
  const { namespace, kubeconfig, context } = kubernetesSecret;
  if (context !== undefined && kubeconfig === undefined) {
    const message = "a context is one of a kubeconfig, and none is named";
    refuse(reading, `${pointer}/kubernetesSecret/context`, { code: "conflicting-fields", message });
  }
  return {
    kind: "kubernetesSecret",
    name,
    namespace,
    secret: kubernetesSecret.name,
    ...(kubeconfig !== undefined && { kubeconfig: pathFrom(folder, kubeconfig) }),
    ...(context !== undefined && { context }),
  };
}

function readFileSink(
  reading: TargetReading,
  { name, pointer }: { readonly name: string; readonly pointer: string },
  { dir, mode, owner }: NonNullable<WrittenSink["file"]>,
): FileSinkSettings {
  return {
    kind: "file",
    name,
    dir: pathFrom(reading.manifest.folder, dir),
    mode: mode === undefined ? 0o600 : readMode(reading, `${pointer}/file/mode`, mode),
    ...(owner && { owner: ownerFrom(owner) }),
  };
}

/** A secret that everybody can read is none, and one that its owner can't read is of no use. */
function readMode(reading: TargetReading, pointer: string, text: string): number {
  const mode = Number.parseInt(text, 8);
  const problem =
    (mode & 0o007) !== 0
      ? "lets everybody on the system at the secret"
      : (mode & 0o400) === 0
        ? "does not let its owner read the secret"
        : undefined;
  if (problem !== undefined) {
    const hint = 'write "0600", or "0640" for a group';
    refuse(reading, pointer, { code: "invalid-value", message: `mode ${text} ${problem}`, hint });
  }
  return mode;
}

function ownerFrom({ user, group }: NonNullable<NonNullable<WrittenSink["file"]>["owner"]>): FileOwner {
  return {
    ...(user !== undefined && { user: String(user) }),
    ...(group !== undefined && { group: String(group) }),
  };
}

function readRecipients(
  reading: TargetReading,
  pointer: string,
  recipients: readonly string[],
): AgeSinkSettings["recipients"] {
  for (const [index, recipient] of recipients.entries()) {
    const own = `${pointer}/${index}`;
    if (isAgeIdentity(recipient)) {
      const message = "this is a secret key, which decrypts, where a public one belongs";
      const hint = "write what `age-keygen -y KEYFILE` prints, and make a new key: this one was written down";
      refuse(reading, own, { code: "literal-secret", message, hint });
      continue;
    }
    const key = parseAgeRecipient(recipient);
    if (key.ok) continue;
    refuse(reading, own, { code: "invalid-value", message: `${quoted(recipient)} ${key.problem}` });
  }
  return recipients;
}
