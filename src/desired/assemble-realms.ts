import { errorAt, wordPlace } from "../manifest/diagnostic.ts";
import type { DesiredRealm } from "../model/desired.ts";
import type { RealmId } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";
import { reportOutOfScope, type Assembly } from "./assembly.ts";
import type { RealmDeclaration } from "./declaration.ts";
import { boundReference } from "./secret-bounds.ts";

export function assembleRealms(assembly: Assembly): ReadonlyMap<RealmId, DesiredRealm> {
  refuseSecondDefault(assembly);
  return new Map(
    sortedBy(assembly.objects.realms, ([id]) => id).map(([id, one]) => [id, assembleRealm(assembly, one)]),
  );
}

function assembleRealm(assembly: Assembly, declaration: RealmDeclaration): DesiredRealm {
  const { realm, manifest } = declaration;
  const { target, report, scope } = assembly;
  if (!scope.realms(realm.id)) reportOutOfScope(assembly, declaration, "/metadata/name", realm.id);
  const secrets = [...realm.secrets].flatMap(([name, written]) => {
    const bound = boundReference(written, target.secrets, target.name);
    if ("reference" in bound) return [[name, bound.reference] as const];
    report(errorAt(manifest.locate(`/spec/secrets/${name}/${written.source}`), bound.said));
    return [];
  });
  return { ...realm, secrets: new Map(secrets) };
}

/** In the order of places, so that the second manifest is the one that is told. */
function refuseSecondDefault({ objects, report, target }: Assembly): void {
  const [first, ...others] = [...objects.realms.values()].filter(
    ({ realm }) => realm.ensure === "present" && realm.isDefault === true,
  );
  if (first === undefined) return;
  const related = first.manifest.locate.place("/spec/default");
  for (const { manifest } of others) {
    const message =
      `one realm at most is the default, and target ${target.name} has ${first.realm.id} ` +
      `at ${wordPlace(related)} already`;
    report(errorAt(manifest.locate("/spec/default"), { code: "conflicting-manifests", message, related }));
  }
}
