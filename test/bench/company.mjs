/** A server's file and the manifests that declare exactly it, so that the plan between the two is empty. */
export function company({ users, groups, entries }) {
  const ids = (count, name) => Array.from({ length: count }, (_, index) => `${name}${index}`);
  const userIds = ids(users, "user").map((name) => `${name}@pve`);
  const groupIds = ids(groups, "team");
  const membersOf = (group) => userIds.filter((_, index) => index % groups === group);
  const roles = ["PVEAuditor", "PVEVMUser", "PVEVMAdmin", "PVEDatastoreUser"];
  const rows = Array.from({ length: entries }, (_, index) => ({
    path: `/vms/${100 + Math.floor(index / 16)}`,
    subject: index % 4 === 0 ? { group: groupIds[index % groups] } : { user: userIds[(index * 7) % users] },
    role: roles[index % roles.length],
    propagate: index % 3 !== 0,
  }));
  // The server knows a row by path, subject and role.
  const cells = [
    ...new Map(rows.map((row) => [JSON.stringify([row.path, row.subject, row.role]), row])).values(),
  ];
  const userCfg = [
    "user:root@pam:1:0:::root@example.invalid::",
    ...userIds.map(
      (id, index) => `user:${id}:1:0:First${index}:Last${index}:${index}@example.invalid:staff:`,
    ),
    ...groupIds.map((id, index) => `group:${id}:${membersOf(index).join(",")}:team ${index}:`),
    ...cells.map(
      ({ path, subject, role, propagate }) =>
        `acl:${propagate ? 1 : 0}:${path}:${subject.user ?? `@${subject.group}`}:${role}:`,
    ),
  ];
  const declared = manifestsFor({ userIds, groupIds, membersOf, cells });
  return {
    userCfg: `${userCfg.join("\n")}\n`,
    manifests: yamlStream([target({ prune: true }), ...declared]),
    /** One object declared, the rest of the server left alone: what reading and comparing cost by themselves. */
    fewManifests: yamlStream([target({ prune: false }), ...declared.slice(0, 1)]),
    /** One write for every new user and group, and one for every set of grants that a request can carry. */
    leastWrites: users + groups + grants(cells).length,
  };
}

function manifestsFor({ userIds, groupIds, membersOf, cells }) {
  return [
    ...userIds.map((id, index) =>
      manifest("User", id, {
        firstName: `First${index}`,
        lastName: `Last${index}`,
        email: `${index}@example.invalid`,
        comment: "staff",
      }),
    ),
    ...groupIds.map((id, index) =>
      manifest("Group", id, { comment: `team ${index}`, members: membersOf(index) }),
    ),
    ...grants(cells).map((spec, index) => manifest("ACL", `entry-${index}`, spec)),
  ];
}

/** As a person writes them: all who have one role on one path, in one manifest. */
function grants(cells) {
  const byGrant = new Map();
  for (const { path, subject, role, propagate } of cells) {
    const key = `${path} ${role} ${propagate}`;
    const grant = byGrant.get(key) ?? { path, roles: [role], subjects: [], propagate };
    byGrant.set(key, grant);
    grant.subjects.push(subject);
  }
  return [...byGrant.values()];
}

const target = ({ prune }) =>
  manifest("Target", "bench", {
    product: "pve",
    endpoints: [{ env: "ROLECALL_ENDPOINT" }],
    credentials: { password: { user: "root@pam", password: { env: "ROLECALL_PASSWORD" } } },
    prune,
  });

function yamlStream(documents) {
  return documents.map((document) => `---\n${yaml(document)}`).join("");
}

function manifest(kind, name, spec) {
  return { apiVersion: "rolecall.dev/v1", kind, metadata: { name }, spec };
}

/** Block style on the outside, as people write it; JSON, which YAML takes, within. */
function yaml({ apiVersion, kind, metadata, spec }) {
  const fields = Object.entries(spec).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
  return [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    "metadata:",
    `  name: ${JSON.stringify(metadata.name)}`,
    "spec:",
    ...fields,
    "",
  ].join("\n");
}
