// Part of `npm run bench`: what the access engine's questions cost as the state grows. CPU of this process; ratios
// travel between machines, milliseconds do not.
import { accessDelta } from "../../src/access/delta.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import { reportPermissions } from "../../src/access/report.ts";
import { summarise } from "../../src/access/summarise.ts";
import { whoCan } from "../../src/access/who-can.ts";
import { judgeOffline } from "../../src/guard/policy/judge-policies.ts";
import { medianOf, printRatios, printTimes } from "./median.mjs";
import { company, privileges } from "./state.mjs";

const now = 1_800_000_000;

export function benchAccess() {
  printRatios([1, 4, 16].map((factor) => benchSize(factor)));
}

function benchSize(factor) {
  const state = company(factor);
  const label = `${state.users.size} users, ${state.groups.size} groups, ${state.acl.length} entries`;
  const before = indexAccess(state);
  const measured = { index: medianOf(() => indexAccess(state)) };
  for (const [name, after] of Object.entries(changesOf(state))) {
    measured[`delta: ${name}`] = medianOf(() => accessDelta(before, after, now));
    const delta = accessDelta(before, after, now);
    measured[`  its summary, ${name}`] = medianOf(() => summarise(delta));
    const paths = delta.shares.reduce((sum, { regions }) => sum + regions.size, 0);
    console.log(
      `${label}: ${name}: ${summarise(delta).length} rows, ${delta.shares.length} shares, ${paths} regions`,
    );
  }
  let rows = 0;
  measured["report"] = medianOf(() => (rows = rowsOf(before)));
  // Users times paths: how much there is to tell grows faster than the state.
  measured["  a thousand rows of it"] = (measured["report"] * 1000) / rows;
  measured["who-can"] = medianOf(() => whoCan(before, "VM.Console", "/vms/200", now));
  for (const [name, policies] of Object.entries(policiesOf())) {
    const none = {
      users: new Map(),
      groups: new Map(),
      tokens: new Map(),
      pools: new Map(),
      memberships: [],
    };
    const wanted = { ...none, policies, acl: pairsOf(state.acl) };
    const judged = () => judgeOffline(wanted, state, { nowSeconds: now, superuser: "root@pam" });
    measured[`policy: ${name}`] = medianOf(judged);
    console.log(`${label}: policy: ${name}: ${judged()[0]?.count ?? 0} subjects`);
  }
  printTimes(label, measured);
  return measured;
}

function rowsOf(index) {
  let rows = 0;
  for (const { permissions } of reportPermissions(index)) rows += permissions.size;
  return rows;
}

/** Each a state with one small difference, indexed afresh. */
function changesOf(state) {
  const entry = (path, subject, role) => ({ path, subject, role, propagate: true });
  const withEntry = (added) => indexAccess({ ...state, acl: [...state.acl, added] });
  const group = state.groups.get("team1");
  const joined = { ...group, members: [...group.members, "user3@pve"] };
  const all = { ...group, members: [...state.users.keys()] };
  const pool = { id: "dev", comment: "", members: { vms: [101, 102], storages: [] } };
  return {
    "an entry of a user": withEntry(entry("/vms/100", { kind: "user", id: "user7@pve" }, "Build")),
    "an entry of a group on the root": withEntry(entry("/", { kind: "group", id: "team1" }, "Look")),
    "a user joins a group": indexAccess({ ...state, groups: new Map(state.groups).set("team1", joined) }),
    "everybody joins a group": indexAccess({ ...state, groups: new Map(state.groups).set("team1", all) }),
    "a role gains a privilege": indexAccess({
      ...state,
      roles: new Map(state.roles).set("Look", { ...state.roles.get("Look"), privileges }),
    }),
    "two guests come into a pool": indexAccess({ ...state, pools: new Map(state.pools).set("dev", pool) }),
  };
}

/** As manifests that declare every entry. */
function pairsOf(acl) {
  const source = { file: "acl.yaml", line: 1, column: 1 };
  return acl.map(({ path, subject, role, propagate }) => ({
    path,
    subject,
    ensure: "present",
    grants: [{ role, propagate, source }],
    revoked: [],
    outside: [],
    declaredBy: ["acl"],
    source,
  }));
}

/** One that nobody breaks, one that some do, one that nearly all do. */
function policiesOf() {
  const source = { file: "policy.yaml", line: 1, column: 1 };
  const ruling = {
    name: "r",
    severity: "error",
    message: "no",
    subjects: ["**"],
    except: ["group:team1"],
    source,
  };
  const deny = (privileges, paths) => [
    { name: "p", source, rules: [{ kind: "deny", ...ruling, power: { privileges, paths } }] },
  ];
  const power = (privilege) => ({ privileges: [privilege], paths: ["/vms/**"] });
  return {
    "deny what nobody has": deny(["Permissions.Modify"], ["/**"]),
    "deny on some guests": deny(["VM.PowerMgmt"], ["/vms/1*"]),
    "deny what nearly all have": deny(["VM.*"], ["/**"]),
    separate: [
      {
        name: "p",
        source,
        rules: [{ kind: "separate", ...ruling, between: [power("VM.Console"), power("VM.Config.CPU")] }],
      },
    ],
  };
}
