// An access delta for people: what hits many alike in one row, what can grant more first.

import type { AclPath, Privilege, SubjectKey } from "../model/ids.ts";
import { compareText, sortedSet } from "../support/compare.ts";
import { groupBy } from "../support/group-by.ts";
import { getOrAdd } from "../support/maps.ts";
import { noChange, type PrivilegeChange } from "./cause.ts";
import { isDangerous } from "./dangerous.ts";
import type { AccessDelta, DeltaShare } from "./delta.ts";
import { freshPathBelow } from "./lookup.ts";
import { nodesOf } from "./nodes.ts";
import type { Region } from "./regions.ts";
import { wordCause, wordGround } from "./words.ts";

export interface ChangeSummary {
  /** Sorted users and tokens for whom all of this is so. */
  readonly subjects: readonly SubjectKey[];
  /** Sorted: where it begins; as `/vms/*`, where it holds only below. */
  readonly paths: readonly AclPath[];
  /** Whether it also holds below these, named or not, except at the paths of `except` and what is below those. */
  readonly propagate: boolean;
  /** Sorted; for some of the subjects it is otherwise there, and where something changes there, in a row of its own. */
  readonly except: readonly AclPath[];
  readonly gained: readonly Privilege[];
  readonly lost: readonly Privilege[];
  /** Of `gained`, those that can grant more. */
  readonly dangerous: readonly Privilege[];
  readonly because: readonly string[];
  /** The same without the way through pools: equal in all rows that one entry, or one pool's members, make. */
  readonly ground: readonly string[];
}

/** Dangerous gains first, then other gains, then losses; within that by path. */
export function summarise(delta: AccessDelta): readonly ChangeSummary[] {
  const drafts = new Map<string, Draft>();
  for (const share of delta.shares) {
    for (const part of partsOf(share)) addPart(drafts, share, part);
  }
  const byPath = [...drafts.values()].map(summaryFrom);
  const alike = groupBy(byPath, (row) => JSON.stringify({ ...row, paths: [], except: [] }));
  return [...alike.values()].flatMap(mergePaths).sort(compareSummaries);
}

/** Rows that differ only in where. */
function mergePaths(rows: readonly ChangeSummary[]): readonly ChangeSummary[] {
  return rows.slice(0, 1).map((row) => ({
    ...row,
    paths: sortedSet(rows.flatMap(({ paths }) => paths)),
    except: sortedSet(rows.flatMap(({ except }) => except)),
  }));
}

/** What one region says in one row. */
interface Part {
  readonly path: AclPath;
  readonly propagate: boolean;
  readonly except: readonly AclPath[];
  readonly change: PrivilegeChange;
}

interface Draft extends Part {
  readonly subjects: SubjectKey[];
  readonly exceptions: Set<AclPath>;
  readonly because: readonly string[];
}

function addPart(drafts: Map<string, Draft>, { subjects }: DeltaShare, part: Part): void {
  const { path, propagate, change } = part;
  for (const subject of subjects) {
    const because = change.because.map((cause) => wordCause(cause, subject));
    const key = JSON.stringify([path, propagate, change.gained, change.lost, because]);
    const draft = getOrAdd(drafts, key, () => ({
      ...part,
      because,
      subjects: [],
      exceptions: new Set<AclPath>(),
    }));
    draft.subjects.push(subject);
    for (const inside of part.except) draft.exceptions.add(inside);
  }
}

function summaryFrom({ path, propagate, change, subjects, exceptions, because }: Draft): ChangeSummary {
  return {
    subjects: sortedSet(subjects),
    paths: [path],
    propagate,
    except: sortedSet(exceptions),
    gained: change.gained,
    lost: change.lost,
    dangerous: change.gained.filter(isDangerous),
    because: subjects.length > 1 ? because : change.because.map((cause) => wordCause(cause)),
    ground: sortedSet(
      change.because.map((cause) => wordGround(cause, subjects.length > 1 ? subjects[0] : undefined)),
    ),
  };
}

function partsOf({ regions }: DeltaShare): readonly Part[] {
  const inside = new Map<AclPath, AclPath[]>();
  for (const path of regions.keys()) {
    const above = nodesOf(path).find((node) => node !== path && regions.has(node));
    if (above !== undefined) getOrAdd(inside, above, () => []).push(path);
  }
  return [...regions.values()].flatMap((region) => partsOfRegion(region, inside.get(region.path) ?? []));
}

function partsOfRegion({ path, here, below }: Region, except: readonly AclPath[]): readonly Part[] {
  const parts: readonly Part[] =
    here === below
      ? [{ path, propagate: true, except, change: here }]
      : [
          { path, propagate: false, except: [], change: here },
          { path: freshPathBelow(path), propagate: true, except, change: below },
        ];
  return parts.filter(({ change }) => change !== noChange);
}

function compareSummaries(a: ChangeSummary, b: ChangeSummary): number {
  return rankOf(a) - rankOf(b) || compareText(textOf(a), textOf(b));
}

function rankOf({ dangerous, gained }: ChangeSummary): number {
  if (dangerous.length > 0) return 0;
  return gained.length > 0 ? 1 : 2;
}

function textOf({ paths, propagate, gained, lost, because, subjects }: ChangeSummary): string {
  return JSON.stringify([paths[0], propagate, gained, lost, because, subjects[0]]);
}
