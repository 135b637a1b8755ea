import type { Target } from "../model/target.ts";
import { subjectKey, type AclPath, type Subject } from "../model/ids.ts";
import { compileGlobs } from "../support/glob.ts";

/** The scope of a target as questions. */
export interface ScopeCheck {
  readonly users: (id: string) => boolean;
  readonly groups: (id: string) => boolean;
  readonly roles: (id: string) => boolean;
  readonly tokens: (id: string) => boolean;
  readonly pools: (id: string) => boolean;
  readonly realms: (id: string) => boolean;
  readonly pair: (path: AclPath, subject: Subject) => boolean;
}

export function compileScope({ scope }: Target): ScopeCheck {
  const [paths, subjects] = [compileGlobs(scope.acl.paths), compileGlobs(scope.acl.subjects)];
  return {
    users: compileGlobs(scope.users),
    groups: compileGlobs(scope.groups),
    roles: compileGlobs(scope.roles),
    tokens: compileGlobs(scope.tokens),
    pools: compileGlobs(scope.pools),
    realms: compileGlobs(scope.realms),
    pair: (path, subject) => paths(path) && subjects(subjectKey(subject)),
  };
}
