import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess, type AccessIndex } from "../../src/access/lookup.ts";
import { listChanges, type AccessChange } from "../../src/access/changes.ts";
import { accessDelta, computedDelta, type AccessDelta } from "../../src/access/delta.ts";
import { summarise } from "../../src/access/summarise.ts";
import { isUsable } from "../../src/access/usable.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import { authKey, type AuthId, type Privilege } from "../../src/model/ids.ts";
import { sortedSet } from "../../src/support/compare.ts";
import { accessStateFrom } from "../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../src/usercfg/parse.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import { arbitraryLive } from "../support/arbitrary-desired.ts";
import { arbitraryState } from "../support/arbitrary-state.ts";
import { aState, aUser } from "../support/builders.ts";
import { recordedLines } from "../support/recordings.ts";

const now = 1_850_000_000;
type Pair = readonly [AccessState, AccessState];

/** Two states at random; or one, and one that differs from it in a part, which is what plans are like. */
const arbitraryPair: fc.Arbitrary<Pair> = fc.oneof(
  fc.tuple(arbitraryState, arbitraryState),
  fc.tuple(arbitraryLive.map(aState), arbitraryLive.map(aState)),
  fc
    .tuple(arbitraryState, arbitraryState, fc.constantFrom("acl", "groups", "pools", "tokens", "roles"))
    .map(([one, other, part]): Pair => [one, { ...one, [part]: other[part as keyof AccessState] }]),
  fc
    .tuple(arbitraryState, fc.nat(11))
    .map(([one, entry]): Pair => [one, { ...one, acl: one.acl.filter((_, index) => index !== entry) }]),
  fc.tuple(arbitraryState, fc.subarray(["a@pve", "b@pve", "c@pve"])).map(([one, users]): Pair => {
    const disabled = users.map((id) => aUser(id, { enabled: false }));
    return [
      one,
      { ...one, users: new Map([...one.users, ...disabled.map((user) => [user.id, user] as const)]) },
    ];
  }),
);

interface Ends {
  readonly before: AccessIndex;
  readonly after: AccessIndex;
}

function endsOf([before, after]: Pair): Ends {
  return { before: indexAccess(before), after: indexAccess(after) };
}

/** Every path that either state names or that the server looks at, and a fresh child of each. */
function pathsOf({ before, after }: Ends): string[] {
  const paths = sortedSet([...before.places.keys(), ...after.places.keys()]);
  return paths.flatMap((path) => [path, freshBelow(path)]);
}

function freshBelow(path: string): string {
  return `${path === "/" ? "" : path}/fresh`;
}

/** Users and tokens that are there, and users that only entries and groups name. */
function idsOf({ before, after }: Ends): AuthId[] {
  const named = [before, after].flatMap(({ state: { users, tokens, groups, acl } }) => [
    ...users.keys(),
    ...tokens.keys(),
    ...[...groups.values()].flatMap(({ members }) => members),
    ...acl.flatMap(({ subject }) => (subject.kind === "user" ? [subject.id] : [])),
  ]);
  return [...new Set(named)];
}

type Held = (index: AccessIndex, id: AuthId, path: string) => ReadonlyMap<Privilege, boolean>;

/** What the delta must say, asked of the engine subject by subject and path by path. */
function expectedRows(ends: Ends, held: Held): string[] {
  return idsOf(ends).flatMap((id) =>
    pathsOf(ends).flatMap((path) => {
      const [had, has] = [held(ends.before, id, path), held(ends.after, id, path)];
      const gained = sortedSet([...has.keys()].filter((name) => !had.has(name)));
      const lost = sortedSet([...had.keys()].filter((name) => !has.has(name)));
      return gained.length + lost.length > 0 ? [rowText(authKey(id), path, gained, lost)] : [];
    }),
  );
}

function rowText(subject: string, path: string, gained: readonly string[], lost: readonly string[]): string {
  return JSON.stringify([subject, path, gained, lost]);
}

/** A row that holds below too says so of the fresh child; `/*` is the fresh child itself. */
function rowsOf(changes: readonly AccessChange[]): string[] {
  return changes.flatMap(({ subject, path, propagate, gained, lost }) => {
    const places = path.endsWith("/*")
      ? [path.replace(/\*$/u, "fresh")]
      : [path, ...(propagate ? [freshBelow(path)] : [])];
    return places.map((place) => rowText(subject, place, gained, lost));
  });
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

function agrees(delta: AccessDelta, ends: Ends, held: Held): boolean {
  return same(rowsOf(listChanges(delta)), expectedRows(ends, held));
}

const runs = { numRuns: 400 };

interface Recording {
  readonly cfg: string;
}

test("the computed delta between states of real servers' files is the difference of the answers", () => {
  const release = releaseOf("9.2.11")!;
  const states = recordedLines<Recording>("permissions/pve-random.jsonl").map(({ cfg }) =>
    accessStateFrom(parseUserCfg(cfg, release), release),
  );
  for (const [index, before] of states.slice(1).entries()) {
    const ends = endsOf([before, states[index]!]);
    expect(agrees(computedDelta(ends.before, ends.after), ends, effectivePrivileges)).toBe(true);
  }
});

test("the computed delta is the difference of what the engine answers, everywhere and one fresh child below", () => {
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      const ends = endsOf(pair);
      return agrees(computedDelta(ends.before, ends.after), ends, effectivePrivileges);
    }),
    runs,
  );
});

test("the delta is the difference of what can be used: nothing by who cannot log in", () => {
  const usable: Held = (index, id, path) =>
    isUsable(index.state, id, now) ? effectivePrivileges(index, id, path) : new Map<Privilege, boolean>();
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      const ends = endsOf(pair);
      return agrees(accessDelta(ends.before, ends.after, now), ends, usable);
    }),
    runs,
  );
});

test("a state against itself gives an empty delta", () => {
  fc.assert(
    fc.property(arbitraryPair, ([state]) => {
      const again = { ...state, acl: [...state.acl].reverse(), roles: new Map(state.roles) };
      return computedDelta(indexAccess(state), indexAccess(again)).shares.length === 0;
    }),
  );
});

test("back again is the reverse", () => {
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      const { before, after } = endsOf(pair);
      const back = listChanges(accessDelta(after, before, now)).map((row) => ({
        ...row,
        gained: row.lost,
        lost: row.gained,
      }));
      return same(rowsOf(listChanges(accessDelta(before, after, now))), rowsOf(back));
    }),
  );
});

test("every change has a cause", () => {
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      const { before, after } = endsOf(pair);
      const deltas = [accessDelta(before, after, now), computedDelta(before, after)];
      return deltas.flatMap(listChanges).every(({ because }) => because.length > 0);
    }),
    runs,
  );
});

test("the summary names every subject, and only at paths where the list does", () => {
  fc.assert(
    fc.property(arbitraryPair, (pair) => {
      const { before, after } = endsOf(pair);
      const delta = accessDelta(before, after, now);
      const listed = new Set(rowsOf(listChanges(delta)));
      const summed = summarise(delta).flatMap(({ subjects, paths, ...row }) =>
        rowsOf(subjects.flatMap((subject) => paths.map((path) => ({ ...row, subject, path })))),
      );
      const subjects = (rows: Iterable<string>): string[] =>
        sortedSet([...rows].map((row) => row.split(",")[0] ?? ""));
      return summed.every((row) => listed.has(row)) && same(subjects(summed), subjects(listed));
    }),
  );
});
