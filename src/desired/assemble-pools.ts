import { errorAt, wordPlace } from "../manifest/diagnostic.ts";
import type { DesiredPool } from "../model/desired.ts";
import type { PoolId } from "../model/ids.ts";
import { parentOf } from "../model/pool-paths.ts";
import { sortedBy } from "../support/compare.ts";
import { reportOutOfScope, type Assembly } from "./assembly.ts";
import type { PoolDeclaration } from "./declaration.ts";

export function assemblePools(assembly: Assembly): ReadonlyMap<PoolId, DesiredPool> {
  const { pools } = assembly.objects;
  refuseSharedGuests(assembly);
  for (const declaration of pools.values()) {
    const { id, ensure } = declaration.pool;
    if (!assembly.scope.pools(id)) reportOutOfScope(assembly, declaration, "/metadata/name", id);
    if (ensure === "present") refuseAbsentParent(assembly, declaration);
  }
  return new Map(sortedBy(pools, ([id]) => id).map(([id, { pool }]) => [id, pool]));
}

/** In the order of places, so that the second manifest is the one that is told. */
function refuseSharedGuests({ objects, report, target }: Assembly): void {
  const first = new Map<number, PoolDeclaration>();
  for (const declaration of objects.pools.values()) {
    const { pool, manifest } = declaration;
    if (pool.ensure !== "present") continue;
    for (const vm of pool.vms ?? []) {
      const other = first.get(vm);
      if (other === undefined) {
        first.set(vm, declaration);
        continue;
      }
      const related = placeOfGuest(other, vm);
      const message =
        `a guest is in one pool at most, and target ${target.name} has ${vm} in pool ${other.pool.id} ` +
        `at ${wordPlace(related)} already`;
      report(
        errorAt(manifest.locate(pointerOfGuest(declaration, vm)), {
          code: "conflicting-manifests",
          message,
          related,
        }),
      );
    }
  }
}

function pointerOfGuest({ manifest }: PoolDeclaration, vm: number): string {
  return `/spec/vms/${manifest.document.spec?.vms?.indexOf(vm) ?? 0}`;
}

function placeOfGuest(declaration: PoolDeclaration, vm: number): PoolDeclaration["manifest"]["place"] {
  return declaration.manifest.locate.place(pointerOfGuest(declaration, vm));
}

/** Nothing can be in a pool that is not there. */
function refuseAbsentParent({ objects, report }: Assembly, { pool, manifest }: PoolDeclaration): void {
  for (let parent = parentOf(pool.id); parent !== undefined; parent = parentOf(parent)) {
    const other = objects.pools.get(parent);
    if (other?.pool.ensure !== "absent") continue;
    const related = other.manifest.place;
    const message = `pool ${pool.id} can't be there without pool ${parent}, which is declared absent at ${wordPlace(related)}`;
    report(errorAt(manifest.locate("/metadata/name"), { code: "conflicting-manifests", message, related }));
    return;
  }
}
