import { errorAt, type Diagnostic } from "../manifest/diagnostic.ts";
import { fileOf } from "../model/delivery.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { wordReference, type SecretReference } from "../model/secret.ts";
import { holderOf, secretOf, type Credentials } from "../model/target.ts";
import { deliveredIn, type Delivered, type OwnerManifest } from "./sink-collisions.ts";

/** A file that a secret is read from. */
interface Read {
  readonly path: string;
  /** Whose secret it is; undefined where that stands in a variable. */
  readonly id: string | undefined;
  readonly words: string;
}

/**
 * A sink may write the very file that its own secret is read from; that of another one would be lost, and who reads it
 * locked out. What a file of format `raw` holds says not whose it is, so only the manifests can tell.
 */
export function sinkOverwrites(states: readonly DesiredOverTime[], manifestOf: OwnerManifest): Diagnostic[] {
  const read = states.flatMap(readIn);
  return states.flatMap(deliveredIn).flatMap((delivered) => {
    const path = fileOf(delivered.delivery);
    const lost = read.find((one) => one.path === path && one.id !== undefined && one.id !== delivered.id);
    return lost === undefined ? [] : overwrite(delivered, lost, manifestOf);
  });
}

function readIn({ target, users }: DesiredOverTime): readonly Read[] {
  const of = (reference: SecretReference, id: string | undefined, words: string): readonly Read[] =>
    reference.source === "file"
      ? [{ path: reference.path, id, words: `${words} (${wordReference(reference)})` }]
      : [];
  const credentials = [target.credentials, target.planCredentials].flatMap((one) =>
    one === undefined ? [] : of(secretOf(one), idOf(one), `what target ${target.name} logs in with`),
  );
  const passwords = [...users.values()].flatMap(({ id, ensure, password }) =>
    ensure === "present" && password?.origin.kind === "given"
      ? of(password.origin.from, id, `the password of ${id}`)
      : [],
  );
  return [...credentials, ...passwords];
}

function idOf(credentials: Credentials): string | undefined {
  const holder = holderOf(credentials);
  return "text" in holder ? holder.text : undefined;
}

function overwrite(
  { target, id, pointer }: Delivered,
  { words }: Read,
  manifestOf: OwnerManifest,
): Diagnostic[] {
  const manifest = manifestOf(target, id);
  if (manifest === undefined) return [];
  const message = `the secret of ${id} would replace ${words}`;
  const hint = "give each secret a place of its own";
  return [errorAt(manifest.locate(`${pointer}/as`), { code: "sink-collision", message, hint })];
}
