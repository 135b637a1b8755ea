// PVE has no 404 and no 409: these are 500s that differ by their text alone. The texts are the same in releases 7 to 9,
// in the body or, before 8.3, in the reason phrase.

import type { ApiError } from "./api-error.ts";

const missing = [
  /no such (?:user|group) \(?'(?<name>[^']*)'\)?$/u,
  /no such token '(?<name>[^']*)' for user '[^']*'$/u,
  /(?:user|group|role|pool|domain) '(?<name>[^']*)' does not exist$/u,
];

/**
 * Whether the very object that a request is about is not there. A PUT or a POST may fail for something else that it
 * refers to (`update user failed: no such group 'x'`), so what is missed must stand in the request's path.
 */
export function isGone(error: ApiError): boolean {
  if (error.kind !== "failed") return false;
  const name = missing.map((pattern) => pattern.exec(error.words)?.groups?.["name"]).find(isText);
  if (name === undefined) return false;
  return (
    error.method === "DELETE" ||
    error.path.split("/").some((segment) => segment === name || decoded(segment) === name)
  );
}

/** Whether a pool that was asked for is not there: its id stands in the query. */
export function isMissingPool(error: ApiError, pool: string): boolean {
  return error.kind === "failed" && error.words.endsWith(`pool '${pool}' does not exist`);
}

/**
 * The member for which an update of a pool was refused since it is in the pool already, or is not in it where it should
 * go out. The other members of the request were left as they were.
 */
export function memberAsWanted(
  { kind, words }: ApiError,
  way: "in" | "out",
): { readonly vm: number } | { readonly storage: string } | undefined {
  if (kind !== "failed") return undefined;
  const [, vm, storage] =
    /(?:VM (\d+)|Storage '([^']*)') is (?:already|not) a pool member$/u.exec(words) ?? [];
  if (words.endsWith("already a pool member") !== (way === "in")) return undefined;
  if (vm !== undefined) return { vm: Number(vm) };
  return storage === undefined ? undefined : { storage };
}

/** Whether a create failed because the object is there. A token that is there is a 400 on its own parameter. */
export function isAlreadyThere(error: ApiError): boolean {
  if (error.method !== "POST") return false;
  if (error.kind === "failed") return / already exists\.?$/u.test(error.words);
  return error.kind === "invalid" && /already exists\.?$/u.test(error.parameters["tokenid"] ?? "");
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
