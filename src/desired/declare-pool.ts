import type { ManifestOf } from "../manifest/manifest.ts";
import { sortedSet } from "../support/compare.ts";
import { warningAt } from "../manifest/diagnostic.ts";
import type { PoolDeclaration } from "./declaration.ts";
import { ensureOf, readId, readIds, readText, refuse, refuseTemporaryName, type Reading } from "./reading.ts";

type PoolReading = Reading<ManifestOf<"Pool">>;

export function declarePool(reading: PoolReading): PoolDeclaration | undefined {
  const { manifest, product } = reading;
  const { comment, vms, storages } = manifest.document.spec ?? {};
  const id = readId(reading, "/metadata/name", manifest.name, product.parsePoolId);
  refuseTemporaryName(reading, manifest.name);
  const pool = {
    ensure: ensureOf(manifest),
    source: manifest.place,
    ...(comment !== undefined && { comment: readText(reading, "/spec/comment", comment) }),
    ...(vms && { vms: readGuests(reading, vms) }),
    ...(storages && {
      storages: sortedSet(readIds(reading, "/spec/storages", storages, product.parseStorage)),
    }),
  };
  if (id !== undefined && pool.ensure === "present") warnOfName(reading, id);
  return id && { kind: "Pool", manifest, pool: { id, ...pool } };
}

function readGuests(reading: PoolReading, vms: readonly number[]): readonly number[] {
  const known = vms.filter((vm, index) => {
    if (reading.product.isGuestNumber(vm)) return true;
    const message = `${vm} is not the number of a guest: 100 to 999999999`;
    refuse(reading, `/spec/vms/${index}`, { code: "invalid-value", message });
    return false;
  });
  return [...new Set(known)].sort((a, b) => a - b);
}

/** Whether it can be made only a server can say: it may be there already, or be of an older release. */
function warnOfName({ manifest, report }: PoolReading, id: string): void {
  const leaf = id.slice(id.lastIndexOf("/") + 1);
  if (/^[A-Za-z]/u.test(leaf)) return;
  const message = `since release 9.0 a pool whose last level does not begin with a letter can't be made; one that is there can stay`;
  report(warningAt(manifest.locate("/metadata/name"), { code: "invalid-name", message }));
}
