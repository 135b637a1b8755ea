// What tokens go through, each as a start and what is asked for. Instants are relative to now, since the server's clock and
// the program's are the machine's.

const gitops = "11111111-2222-4333-8444-555555555501";
const old = "11111111-2222-4333-8444-555555555502";
export const token = "ci@pve!deploy";
const now = Math.floor(Date.now() / 1000);
const days = (count) => now + count * 86_400;

/** A token among others, which must not be touched, with an entry and one that takes rights away further down. */
function startWith(expire) {
  const has = expire !== undefined;
  return {
    "user.cfg": `user:root@pam:1:0::::::
user:ci@pve:1:0::::::
user:other@pve:1:0::::::
user:rolecall@pve:1:0::::::
token:other@pve!stays:0:1::
token:rolecall@pve!gitops:0:0::
${has ? `token:${token}:${expire}:1:deploys:\n` : ""}
role:Rolecall:Group.Allocate,Permissions.Modify,Pool.Allocate,Pool.Audit,Realm.Allocate,Realm.AllocateUser,Sys.Audit,Sys.Modify,User.Modify:

acl:1:/:rolecall@pve:Rolecall:
acl:1:/storage:ci@pve,other@pve!stays:PVEDatastoreUser:
acl:1:/vms:ci@pve:PVEVMAdmin:
${has ? `acl:1:/storage:${token}:PVEDatastoreUser:\nacl:1:/vms:${token}:PVEVMAdmin:\nacl:1:/vms/100:${token}:NoAccess:\n` : ""}`,
    "priv/token.cfg": `rolecall@pve!gitops ${gitops}\nother@pve!stays ${gitops}\n${has ? `${token} ${old}\n` : ""}`,
  };
}

export const entries = ["/storage PVEDatastoreUser", "/vms PVEVMAdmin", "/vms/100 NoAccess"];

function manifests(spec) {
  return `apiVersion: rolecall.dev/v1
kind: Target
metadata: { name: office }
spec:
  product: pve
  endpoints: [{ env: ROLECALL_ENDPOINT }]
  credentials: { token: { id: rolecall@pve!gitops, secret: { env: ROLECALL_TOKEN } } }
  prune: false
  sinks: { ci: { file: { dir: ci } }, spare: { file: { dir: spare } } }
---
apiVersion: rolecall.dev/v1
kind: Token
metadata: { name: ${token} }
spec: { comment: deploys, sinks: [{ name: ci, as: a/deploy, format: raw }, { name: spare, as: deploy.json, format: json }]${spec} }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: vms }
spec: { path: /vms, roles: [PVEVMAdmin], subjects: [{ token: ${token} }] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: not-100 }
spec: { path: /vms/100, roles: [NoAccess], subjects: [{ token: ${token} }] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: storage }
spec: { path: /storage, roles: [PVEDatastoreUser], subjects: [{ token: ${token} }] }
`;
}

/** The other kinds, so that the token is one of all. */
const company = `---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: joe@pve }
spec: { comment: on call, groups: [operators], password: { from: { env: ROLECALL_SECRET_JOE } } }
---
apiVersion: rolecall.dev/v1
kind: Group
metadata: { name: operators }
spec: { comment: day shift }
---
apiVersion: rolecall.dev/v1
kind: Membership
metadata: { name: other-on-call }
spec: { group: operators, user: other@pve }
---
apiVersion: rolecall.dev/v1
kind: Role
metadata: { name: Operator }
spec: { privileges: [VM.Audit, VM.PowerMgmt] }
---
apiVersion: rolecall.dev/v1
kind: Pool
metadata: { name: dev }
spec: { comment: dev guests, vms: [100], storages: [local] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: operators }
spec: { paths: [/vms, /pool/dev], roles: [Operator], subjects: [{ group: operators }] }
---
apiVersion: rolecall.dev/v1
kind: Realm
metadata: { name: corp }
spec:
  type: ldap
  comment: the directory
  default: true
  options: { base_dn: dc=example, server1: ldap.example, user_attr: uid, bind_dn: "cn=pve,dc=example", mode: ldaps, verify: true }
  secrets: { password: { env: ROLECALL_SECRET_LDAP } }
  sync: { schedule: daily, removeVanished: [entry] }
---
apiVersion: rolecall.dev/v1
kind: Realm
metadata: { name: pve }
spec: { comment: local accounts }
`;

const lifetime = ", lifetime: 90d, renewBefore: 15d";
const apply = ["apply", "--yes"];
const environment = {
  ROLECALL_TOKEN: gitops,
  ROLECALL_SECRET_JOE: "joe's own password",
  ROLECALL_SECRET_LDAP: "the directory's password",
};

/** `old`: what the sinks hold at the start, the secret that lives then; `lines`: what else the server's files have in the end, once. `words` is what `asked` is in this process. */
export const scenarios = [
  { name: "created, with regenerate", version: "9.2.11", expire: undefined, spec: "", words: apply },
  { name: "created, without regenerate", version: "8.4.5", expire: undefined, spec: "", words: apply },
  { name: "due, renewed in place", version: "9.2.11", expire: days(10), spec: lifetime, words: apply, old },
  {
    name: "due, replaced",
    version: "8.4.5",
    expire: days(10),
    spec: `${lifetime}, rotation: replace`,
    words: apply,
    old,
  },
  { name: "not delivered, renewed in place", version: "9.2.11", expire: now + 1800, spec: "", words: apply },
  { name: "not delivered, replaced", version: "8.4.5", expire: now + 1800, spec: lifetime, words: apply },
  {
    name: "rotated on demand, in place",
    version: "9.2.11",
    expire: 0,
    spec: "",
    words: ["tokens", "rotate", "--yes", token],
    asked: [token],
    old,
  },
  {
    name: "rotated on demand, replaced",
    version: "8.4.5",
    expire: days(80),
    spec: `${lifetime}, rotation: replace`,
    words: ["tokens", "rotate", "--yes", token],
    asked: [token],
    old,
  },
  {
    name: "gone from its sinks, repaired in place",
    version: "9.2.11",
    expire: days(80),
    spec: `${lifetime}, repair: reissue`,
    words: apply,
  },
  {
    name: "gone from its sinks, repaired by replacing",
    version: "8.4.5",
    expire: days(80),
    spec: `${lifetime}, repair: reissue, rotation: replace`,
    words: apply,
  },
  {
    name: "all kinds, created",
    version: "9.2.11",
    expire: undefined,
    spec: "",
    words: apply,
    also: company,
    lines: [
      /^user:joe@pve:1:0:::/mu,
      /^group:operators:joe@pve,other@pve:/mu,
      /^role:Operator:VM\.Audit,VM\.PowerMgmt:/mu,
      /^pool:dev:[^:]*:100:local:/mu,
      /^acl:1:\/pool\/dev:@operators:Operator:/mu,
      /^ldap: corp\n(?:\t.*\n)*\tdefault 1$/mu,
      /^pve: pve\n(?:\t.*\n)*\tcomment local accounts$/mu,
      /^realm-sync: /mu,
      /^joe:\$5\$/mu,
      /^the directory's password$/mu,
    ],
  },
].map(({ expire, spec, also = "", ...scenario }) => ({
  lines: [],
  ...scenario,
  files: startWith(expire),
  manifests: manifests(spec) + also,
  environment,
}));
