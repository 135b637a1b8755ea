/** An access state as large as wanted: 625 users, 62 groups, 1,250 entries, times the factor. */
const small = { users: 625, groups: 62, entries: 1250 };
export const privileges = [
  "Datastore.Audit",
  "Sys.Audit",
  "VM.Audit",
  "VM.Console",
  "VM.Config.CPU",
  "VM.PowerMgmt",
];
export const roles = new Map(
  ["Look", "Run", "Build", "NoAccess"].map((id, index) => [
    id,
    { id, builtIn: false, privileges: id === "NoAccess" ? [] : privileges.slice(index, index + 4) },
  ]),
);

export function company(factor) {
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
