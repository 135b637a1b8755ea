// The words of a question on the command line.

import { pathNamed, privilegeNamed, subjectNamed, type Named } from "../access/named.ts";
import { logInNow as logInAt, type LogInNow } from "../access/usable.ts";
import type { AclPath, AuthId, Privilege } from "../model/ids.ts";
import type { Source } from "./access-source.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { Process } from "./process.ts";

export function subjectFrom(text: string, { index }: Source): AuthId {
  return known(subjectNamed(text, index));
}

export function logInNow({ index, nowSeconds }: Source, id: AuthId): LogInNow {
  return logInAt(index.state, id, nowSeconds);
}

export function privilegeFrom(text: string, { index, product, name }: Source): Privilege {
  return known(privilegeNamed(text, index, { product, server: name }));
}

export function pathFrom(text: string, { product }: Source, { stderr }: Process): AclPath {
  const { path, doubt } = known(pathNamed(text, product), "--on ");
  if (doubt !== undefined) stderr.write(`warning: --on ${doubt}\n`);
  return path;
}

function known<T>(named: Named<T>, option = ""): T {
  if (named.ok) return named.value;
  throw new Failure(`${option}${named.problem}`, exitStatus.error, named.hint);
}
