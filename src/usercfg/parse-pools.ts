// Lines of pools.

import type { PoolId } from "../model/ids.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Draft, DraftPool } from "./draft.ts";
import { decodeText, isFilled, splitList } from "./text.ts";

const poolPattern = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+){0,2}$/u;
const storagePattern = /^[a-z][a-z0-9._-]*[a-z0-9]$/iu;

/** `pool:ID:COMMENT:GUEST,…:STORAGE,…:` Its parents come to be with it; a guest stays in the first pool that names it. */
export function readPool(draft: Draft, fields: readonly string[]): void {
  const [idText, note, vmList, storageList] = fields;
  if (!isFilled(idText) || !poolPattern.test(idText)) return;
  const pool = addWithParents(draft, idText);
  const comment = decodeText(note);
  if (comment !== undefined) pool.comment = comment;
  for (const vm of splitList(vmList)
    .filter((word) => /^[0-9]+$/u.test(word))
    .map(Number)) {
    if (draft.pooledVms.has(vm)) continue;
    draft.pooledVms.add(vm);
    pool.vms.add(vm);
  }
  for (const word of splitList(storageList)) if (storagePattern.test(word)) pool.storages.add(word);
}

function addWithParents(draft: Draft, text: string): DraftPool {
  const slash = text.lastIndexOf("/");
  if (slash > 0) addWithParents(draft, text.slice(0, slash));
  // Proof: the text matched the pattern of a pool, and then its parents do.
  return getOrAdd(draft.pools, text as PoolId, (): DraftPool => ({ vms: new Set(), storages: new Set() }));
}
