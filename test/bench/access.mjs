// By hand: `node test/bench/access.mjs DIST` with the folder of compiled modules (`dist`): what the access engine's
// questions cost as the state grows. CPU of this process; ratios travel between machines, milliseconds do not.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2] ?? "dist");
const loadFrom = (file) => import(pathToFileURL(`${folder}/${file}.js`).href);
const load = (file) => loadFrom(`access/${file}`);
const { indexAccess } = await load("lookup");
const { accessDelta } = await load("delta");
const { summarise } = await load("summarise");
const { reportPermissions } = await load("report");
const { whoCan } = await load("who-can");
const { judgeOffline } = await loadFrom("guard/policy/judge-policies");

const now = 1_800_000_000;
const privileges = [
  "Datastore.Audit",
  "Sys.Audit",
  "VM.Audit",
  "VM.Console",
  "VM.Config.CPU",
  "VM.PowerMgmt",
];
const roles = new Map(
  ["Look", "Run", "Build", "NoAccess"].map((id, index) => [
    id,
    { id, builtIn: false, privileges: id === "NoAccess" ? [] : privileges.slice(index, index + 4) },
  ]),
);

const small = { users: 625, groups: 62, entries: 1250 };
const times = [1, 4, 16].map((factor) => benchSize(factor));
for (const name of Object.keys(times[0])) {
  const [first, ...others] = times.map((time) => time[name]);
  const ratios = others.map((time) => `${(time / first).toFixed(1)}x`).join(" and ");
  console.log(`${name.padEnd(44)} 4x and 16x the state cost ${ratios}`);
}

function benchSize(factor) {
  const state = company(factor);
  const label = `${state.users.size} users, ${state.groups.size} groups, ${state.acl.length} entries`;
  const before = indexAccess(state);
  const measured = { index: median(() => indexAccess(state)) };
  for (const [name, after] of Object.entries(changesOf(state))) {
    measured[`delta: ${name}`] = median(() => accessDelta(before, after, now));
    const delta = accessDelta(before, after, now);
    measured[`  its summary, ${name}`] = median(() => summarise(delta));
    const paths = delta.shares.reduce((sum, { regions }) => sum + regions.size, 0);
    console.log(
      `${label}: ${name}: ${summarise(delta).length} rows, ${delta.shares.length} shares, ${paths} regions`,
    );
  }
  measured["report"] = median(() => [...reportPermissions(before)].length);
  measured["who-can"] = median(() => whoCan(before, "VM.Console", "/vms/200", now));
  for (const [name, policies] of Object.entries(policiesOf())) {
    const desired = { users: new Map(), groups: new Map(), tokens: new Map(), memberships: [], policies };
    const wanted = { ...desired, acl: pairsOf(state.acl) };
    const judged = () => judgeOffline(wanted, state, { nowSeconds: now, superuser: "root@pam" });
    measured[`policy: ${name}`] = median(judged);
    console.log(`${label}: policy: ${name}: ${judged()[0]?.count ?? 0} subjects`);
  }
  for (const [name, ms] of Object.entries(measured))
    console.log(`${label}: ${name.padEnd(44)} ${ms.toFixed(1).padStart(8)} ms`);
  return measured;
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

function company(factor) {
  const [users, groups, entries] = [small.users * factor, small.groups * factor, small.entries * factor];
  const userIds = Array.from({ length: users }, (_, index) => `user${index}@pve`);
  const groupIds = Array.from({ length: groups }, (_, index) => `team${index}`);
  const user = (id) => ({
    id,
    enabled: true,
    expire: 0,
    firstName: "",
    lastName: "",
    email: "",
    comment: "",
  });
  const members = (number) =>
    userIds.filter((_, index) => index % groups === number || (index * 7) % groups === number);
  const names = [...roles.keys()];
  const acl = Array.from({ length: entries }, (_, index) => ({
    path:
      index % 50 === 0
        ? "/vms"
        : index % 9 === 0
          ? `/pool/p${index % (40 * factor)}`
          : `/vms/${100 + Math.floor(index / 16)}`,
    subject:
      index % 3 === 0
        ? { kind: "group", id: groupIds[(index / 3) % groups] }
        : { kind: "user", id: userIds[(index * 7) % users] },
    role: names[index % 19 === 0 ? 3 : index % 3],
    propagate: index % 4 !== 0,
  }));
  const pools = Array.from({ length: 40 * factor }, (_, index) => ({
    id: `p${index}`,
    comment: "",
    members: {
      vms: Array.from({ length: 5 }, (_, vm) => 100 + index * 5 + vm),
      storages: [],
    },
  }));
  return {
    users: new Map([user("root@pam"), ...userIds.map(user)].map((one) => [one.id, one])),
    groups: new Map(groupIds.map((id, index) => [id, { id, comment: "", members: members(index) }])),
    roles,
    tokens: new Map(),
    acl,
    realms: new Map(),
    pools: new Map(pools.map((pool) => [pool.id, pool])),
  };
}

/** Of five runs, after one that does not count. */
function median(run) {
  run();
  const runs = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return runs.sort((a, b) => a - b)[2];
}
