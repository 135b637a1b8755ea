// In: the server's own words. Out: what they mean for the reader, where that is known. The words are those of
// libpve-access-control 9.1.1 as recorded in test/contract; older releases say the same of what they have.

interface Hint {
  readonly words: RegExp;
  readonly hint: (...groups: readonly string[]) => string;
}

/** The first that fits speaks, so the narrow ones stand first. */
const hints: readonly Hint[] = [
  {
    words: /change password failed: user '([^']*)' does not exist/u,
    hint: (name = "") =>
      `a user of the realm pam needs a Unix account: create the account ${name} on the node first, or declare ` +
      `${name}@pve, whose password Proxmox keeps itself`,
  },
  {
    words: /can't set password on auth type '([^']*)'/u,
    hint: (type = "") =>
      `users of the realm type ${type} log in with the password of their directory: drop spec.password`,
  },
  {
    words: /not available with API token, need proper ticket/u,
    hint: () => "this call wants credentials with a password; a token is never allowed it",
  },
  {
    words: /regenerate: property is not defined in schema/u,
    hint: () =>
      "this node can't give a token a new secret in place, and nothing happened: with spec.rotation: replace it is made again",
  },
  {
    words: /Permission check failed \((\/[^,)]*), ([^)]+)\)/u,
    hint: (path = "", privileges = "") =>
      `the caller needs ${privileges.replaceAll("|", " or ")} on ${path}; its ACL entries decide, and those of its ` +
      "owner where it is a token",
  },
  {
    words: /Permission check failed/u,
    hint: () => "the caller may not do this: compare its privileges with what the operations need",
  },
  {
    words: /cfs-lock '[^']*' error: got lock request timeout/u,
    hint: () => "another write held the cluster's lock for too long; nothing was written: try again",
  },
  {
    words: /no quorum/u,
    hint: () =>
      "the node has no quorum, so nothing was written: bring the nodes back, or name one that sees most of them among the endpoints",
  },
  {
    words: /authentication failure|Authentication failed|No ticket/u,
    hint: () =>
      "the credentials are wrong, expired or those of a disabled user (the server never says which); the value of a " +
      "token is its secret alone, its id stands apart",
  },
  {
    words: /invalid privilege '([^']*)'/u,
    hint: (privilege = "") =>
      `this release has no privilege ${privilege}: move it to optionalPrivileges to leave it out where it is unknown`,
  },
  {
    words: /auth domain '([^']*)' does not exist/u,
    hint: (realm = "") => `the realm ${realm} is not there, so no password can be kept in it`,
  },
  {
    words: /File too large/u,
    hint: () => "user.cfg would grow beyond the 1 MiB that the cluster file system takes",
  },
  {
    words: /auto-generated role '([^']*)' cannot be/u,
    hint: (role = "") => `${role} is built in: copy its privileges into a role of your own`,
  },
  {
    words: /VM ([0-9]+) belongs already to pool '([^']*)'/u,
    hint: (vm = "", pool = "") =>
      `guest ${vm} was put into pool ${pool} since the plan was made, or does not exist and is hidden there: plan again, ` +
      `or take it out of ${pool} by hand`,
  },
  {
    words: /pool '([^']*)' is not empty \(contains ([^)]*)\)/u,
    hint: (pool = "", what = "") => `${what} came into pool ${pool} since the plan was made: plan again`,
  },
  {
    words: /detected modified configuration/u,
    hint: () => "somebody else changed a realm in the same moment, and nothing was written: plan again",
  },
  {
    words: /unknown section type ''|auth server failed: section '[^']*' - missing value/u,
    hint: () => "the server can't read its own file of realms any more: mend domains.cfg on a node by hand",
  },
  {
    words: /already exists/u,
    hint: () => "somebody else created it since the plan was made: plan again",
  },
  {
    words:
      /(?:role|user|group|token|domain|pool) '[^']*'.* does not exist|no such (?:user|group|token|role)/u,
    hint: () => "somebody else removed it since the plan was made: plan again",
  },
];

/** What to do about a server's words, or undefined where they speak for themselves. */
export function hintFor(words: string): string | undefined {
  for (const { words: pattern, hint } of hints) {
    const match = pattern.exec(words);
    if (match !== null) return hint(...match.slice(1));
  }
  return undefined;
}
