// Privileges that can grant more than they are.

/** Each with the reason why who holds it can get further. */
export const dangerousPrivileges: ReadonlyMap<string, string> = new Map([
  ["Permissions.Modify", "grants any role to anybody on the path and below, to oneself too"],
  [
    "Sys.Modify",
    "on /access, changes roles and so what every holder of them may do; on nodes, their network and repositories",
  ],
  ["User.Modify", "puts users, oneself too, into groups that have more, and makes tokens for them"],
  ["Realm.Allocate", "adds a realm or points one at another directory, and so decides who somebody is"],
  ["Realm.AllocateUser", "makes users of a realm, who with User.Modify may join any group"],
  ["Group.Allocate", "deletes and makes groups, those that entries name too"],
  ["Sys.Console", "opens a shell on the node itself, beside all permissions"],
  ["VM.GuestAgent.Unrestricted", "runs any command in a guest as its administrator"],
]);

export function isDangerous(privilege: string): boolean {
  return dangerousPrivileges.has(privilege);
}
