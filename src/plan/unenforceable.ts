import type { DesiredState } from "../model/desired.ts";
import { changeKey, type Note } from "./settling.ts";

const mostNames = 10;

/** An API token can neither log in as somebody else nor set a password: said, so that nobody relies on it. */
export function unenforceablePasswords({ target, users }: DesiredState): readonly Note[] {
  const enforced = [...users.values()].filter(
    ({ ensure, password }) => ensure === "present" && password?.policy === "enforce",
  );
  const [first] = enforced;
  if (target.credentials.kind === "password" || first === undefined) return [];
  const names = enforced.map(({ id }) => id);
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
  return [
    {
      severity: "warning",
      code: "password-not-enforceable",
      message:
        `an API token may not set passwords, so those of ${names.slice(0, mostNames).join(", ")}${more} are set at creation ` +
        "only: give the target credentials of a password, or declare policy: initial",
      source: first.source,
      about: names.map((id) => changeKey("User", id)),
      count: names.length,
    },
  ];
}
