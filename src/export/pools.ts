import type { Pool } from "../model/access-state.ts";
import { sortedBy } from "../support/compare.ts";
import type { ExportedDocument, ExportInput, Part } from "./exported.ts";
import { nameable, sayText } from "./sayable.ts";

export function exportPools(input: ExportInput): Part {
  const { state, extent } = input;
  const owned = sortedBy(state.pools.values(), ({ id }) => id).filter(({ id }) => extent.pool(id));
  const { named, remarks } = nameable("pools", owned);
  return { documents: named.map((pool) => documentOf(pool, input)), remarks };
}

/** What is in a pool decides who may do what on it, so empty lists are written, too: what comes in by hand is then seen. */
function documentOf({ id, comment, members }: Pool, { product }: ExportInput): ExportedDocument<"Pool"> {
  const said = sayText("comment", comment);
  const storages = members?.storages ?? [];
  const isSayable = storages.every((storage) => product.parseStorage(storage).ok);
  return {
    kind: "Pool",
    name: id,
    spec: {
      ...said.fields,
      ...(members && { vms: [...members.vms] }),
      ...(members && isSayable && { storages: [...storages] }),
    },
    remarks: [
      ...said.remarks,
      ...(isSayable ? [] : ["storages is left alone: one of them no manifest can name"]),
    ],
  };
}
