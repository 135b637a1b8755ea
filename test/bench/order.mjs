// Part of `npm run bench`: what ordering a plan costs as the state and the plan grow, up to 5,000 changes over 10,000
// users. CPU of this process; ratios travel between machines, milliseconds do not.
import { poolFeaturesOf } from "../../src/model/pool-features.ts";
import { pve } from "../../src/model/pve.ts";
import { diffStates } from "../../src/plan/diff.ts";
import { draftOperations } from "../../src/plan/operations.ts";
import { proveOrder } from "../../src/plan/prove-order.ts";
import { replacedIn } from "../../src/plan/steps.ts";
import { printRatios, timeOf } from "./median.mjs";
import { company } from "./state.mjs";

const nowSeconds = 1_800_000_000;
const asked = { nowSeconds, caller: pve.superuser, superuser: pve.superuser };
const target = { credentials: { kind: "token" } };
const desired = { target, users: new Map(), tokens: new Map(), pools: new Map() };
const poolFeatures = poolFeaturesOf("9.2.11");

export function benchOrder() {
  printRatios([1, 4, 16].map((factor) => benchSize(factor)));
}

function benchSize(factor) {
  const measured = {};
  for (const [name, { before, after }] of Object.entries(pairsOf(company(factor)))) {
    const differences = diffStates(before, after).map((difference, index) => ({ ...difference, index }));
    const draft = draftOperations(differences, { before, after, desired, poolFeatures, ...asked });
    const input = { before, after, ...asked, replaced: replacedIn(draft) };
    let proved;
    measured[`order: ${name}`] = timeOf(() => (proved = proveOrder(draft, input, () => undefined)));
    const size = `${before.users.size} users, ${before.groups.size} groups, ${before.acl.length} entries`;
    const writes = `${differences.length} changes, ${proved.operations.length} writes, ${proved.notes.length} moments`;
    console.log(`${size}: order: ${name}: ${writes}: ${measured[`order: ${name}`].toFixed(0)} ms`);
  }
  return measured;
}

function pairsOf(state) {
  const empty = { ...state, groups: new Map(), acl: [], users: new Map([...state.users].slice(0, 1)) };
  const pairs = Object.entries(endsOf(state)).map(([name, after]) => [name, { before: state, after }]);
  return { ...Object.fromEntries(pairs), "a first apply": { before: empty, after: state } };
}

/** Each takes about one in four of the users and entries. */
function endsOf(before) {
  const every = (number, change) => (value, index) => (index % number === 0 ? change(value, index) : value);
  const users = [...before.users.values()].slice(1);
  const asMap = (list) => new Map(list.map((one) => [one.id, one]));
  const replaced = before.acl.map(
    every(4, (entry) => ({ ...entry, role: entry.role === "Run" ? "Build" : "Run" })),
  );
  const rows = [
    ...new Map(replaced.map((entry) => [`${entry.path} ${entry.subject.id} ${entry.role}`, entry])).values(),
  ];
  const groups = [...before.groups.values()];
  const moved = groups.map((group, index) => ({
    ...group,
    members: groups[(index + 1) % groups.length].members,
  }));
  const disabled = users.map(every(4, (user) => ({ ...user, enabled: false })));
  const left = users.filter((_, index) => index % 4 !== 0);
  const stays = new Set(left.map(({ id }) => id));
  return {
    "roles of entries are replaced": { ...before, acl: rows },
    "everybody moves to the next group": { ...before, groups: asMap(moved) },
    "users are disabled, and entries are replaced": {
      ...before,
      users: asMap([before.users.get("root@pam"), ...disabled]),
      acl: rows,
    },
    "users are deleted": {
      ...before,
      users: asMap([before.users.get("root@pam"), ...left]),
      groups: asMap(
        groups.map((group) => ({ ...group, members: group.members.filter((id) => stays.has(id)) })),
      ),
      acl: before.acl.filter(({ subject }) => subject.kind === "group" || stays.has(subject.id)),
    },
  };
}
