import { isAbsolute, join, normalize, sep } from "node:path";
import { Bug } from "../support/bug.ts";
import type { Said } from "../manifest/diagnostic.ts";
import { isVariable } from "../manifest/mask.ts";
import type { ManifestReference } from "../model/secret.ts";
import type { SecretBounds } from "../model/target.ts";
import { quoted } from "../support/printable.ts";

/** As it is written: one of the two, which the schema sees to. */
export function secretReferenceFrom({
  env,
  file,
}: {
  readonly env?: string;
  readonly file?: string;
}): ManifestReference {
  if (env !== undefined) return { source: "env", name: env };
  if (file !== undefined) return { source: "file", path: file };
  throw new Bug("a secret reference with neither env nor file");
}

/** A path that is written in a file, as seen from where the program runs. */
export function pathFrom(folder: string, path: string): string {
  return isAbsolute(path) ? normalize(path) : join(folder, path);
}

/** A program as it is written: a bare name is for PATH to find, all else is a path. */
export function commandFrom(folder: string, command: string): string {
  if (!command.includes("/")) return command;
  const path = pathFrom(folder, command);
  return path.includes("/") ? path : `./${path}`;
}

/** A reference of a manifest within the bounds of a target, its file joined with the folder; or what is wrong. */
export function boundReference(
  reference: ManifestReference,
  bounds: SecretBounds,
  target: string,
): { readonly reference: ManifestReference } | { readonly said: Said } {
  if (reference.source === "file") {
    const path = pathFrom(bounds.dir, reference.path);
    return isBelow(path, bounds.dir) ? { reference: { source: "file", path } } : refusedFile(target);
  }
  return reference.name.startsWith(bounds.envPrefix)
    ? { reference }
    : refusedVariable(reference.name, bounds, target);
}

function isBelow(path: string, folder: string): boolean {
  const root = normalize(folder);
  return root === "."
    ? !isAbsolute(path) && !path.startsWith("..")
    : path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function refusedFile(target: string): { readonly said: Said } {
  const message = `the file lies outside of the folder of secrets of target ${target}`;
  return { said: { code: "secret-out-of-bounds", message, hint: "name it relative to spec.secrets.dir" } };
}

function refusedVariable(name: string, { envPrefix }: SecretBounds, target: string): { readonly said: Said } {
  const words = isVariable(name) ? quoted(name) : "the variable";
  const message = `${words} does not begin with ${envPrefix}, which target ${target} asks for`;
  return { said: { code: "secret-out-of-bounds", message, hint: `name it ${envPrefix}…` } };
}
