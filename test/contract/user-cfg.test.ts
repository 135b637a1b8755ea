import { describe, expect, test } from "@jest/globals";
import { tokenNameOf } from "../../src/model/ids.ts";
import { compareText, sortedBy } from "../../src/support/compare.ts";
import { accessStateFrom } from "../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../src/usercfg/parse.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import type { CfgUser } from "../../src/usercfg/user-cfg.ts";
import { writeUserCfg } from "../../src/usercfg/write.ts";
import { aGroupId } from "../support/builders.ts";
import { recordedBytes, recordedLines, recordingNames } from "../support/recordings.ts";

const release = releaseOf("9.2.11")!;
const rewrite = (text: string): string => writeUserCfg(parseUserCfg(text, release));

/** Written by the server, with something in them that it does not read again. */
const withDeadText = new Map([
  ["pve/roles.mid.user.cfg", "an entry of a role that was deleted"],
  ["pve/tokens.mid.user.cfg", "an entry of a token that was deleted"],
  ["pve/users-delete.mid.user.cfg", "an entry of a token that went with its user"],
  ["pve/users-create.after.user.cfg", "texts that begin and end with blanks"],
]);

/** What a write left behind: a snapshot that is not the file which its scenario began with. */
const written = recordingNames("pve")
  .filter((name) => /\.(?:after|mid|[0-9]+)\.user\.cfg$/u.test(name))
  .map((name) => `pve/${name}`)
  .filter((path) => recordedBytes(path) !== recordedBytes(path.replace(/\.[^.]+\.user\.cfg$/u, ".user.cfg")));
const states = recordingNames("order").flatMap((name) => [
  `order/${name}/before.user.cfg`,
  `order/${name}/after.user.cfg`,
]);

describe("files that the server wrote", () => {
  test("there are some", () => {
    expect(written.length).toBeGreaterThan(20);
    expect(states.length).toBeGreaterThan(20);
  });

  test.each([...written.filter((path) => !withDeadText.has(path)), ...states])(
    "%s is written as it was read",
    (path) => {
      expect(rewrite(recordedBytes(path))).toBe(recordedBytes(path));
    },
  );

  test.each([...withDeadText])("%s (%s) is as it stays after one more write", (path) => {
    const once = rewrite(recordedBytes(path));
    expect(once).not.toBe(recordedBytes(path));
    expect(rewrite(once)).toBe(once);
  });
});

describe("a file with everything wrong in it", () => {
  const cfg = parseUserCfg(recordedBytes("pve/parser-odd-file.user.cfg"), release);
  const state = accessStateFrom(cfg, release);
  const answers = new Map(
    recordedLines<Exchange>("pve/parser-odd-file.jsonl").map((line) => [line.name, line]),
  );
  const answerTo = (name: string): Row[] => sortedBy(answers.get(name)?.response.body.data ?? [], rowKey);

  test("one write makes it what the server made of it", () => {
    const groups = new Map(cfg.groups).set(aGroupId("g3"), { members: new Set(), comment: "touch" });
    const after = writeUserCfg({ ...cfg, groups });
    expect(after).toBe(recordedBytes("pve/parser-odd-file.after.user.cfg"));
  });

  test("its users are the server's", () => {
    const users = [...cfg.users].map(([id, user]) => ({ userid: id, ...userRow(user) }));
    const realmless = answerTo("users").map((row) => ({ ...row, "realm-type": undefined }));
    expect(sortedBy(users, rowKey)).toEqual(realmless);
  });

  test("its groups are the server's", () => {
    const groups = [...state.groups.values()].map(({ id, comment, members }) => ({
      groupid: id,
      users: members.join(","),
      comment: comment === "" ? undefined : comment,
    }));
    expect(sortedBy(groups, rowKey)).toEqual(answerTo("groups"));
  });

  test("its roles are the server's", () => {
    const roles = [...state.roles.values()].map(({ id, privileges, builtIn }) => ({
      roleid: id,
      privs: privileges.join(","),
      special: builtIn ? 1 : 0,
    }));
    expect(sortedBy(roles, rowKey)).toEqual(answerTo("roles").map((row) => ({ special: 0, ...row })));
  });

  test("its entries are the server's", () => {
    const entries = state.acl.map(({ path, subject, role, propagate }) => ({
      path,
      type: subject.kind,
      ugid: subject.id,
      roleid: role,
      propagate: propagate ? 1 : 0,
    }));
    expect(sortedBy(entries, rowKey)).toEqual(answerTo("acl"));
  });

  test("its pools are the server's", () => {
    const pools = [...state.pools.values()].map(({ id, comment }) => ({
      poolid: id,
      comment: comment === "" ? undefined : comment,
    }));
    expect(sortedBy(pools, rowKey)).toEqual(answerTo("pools"));
  });
});

type Row = Readonly<Record<string, unknown>>;
interface Exchange {
  readonly name: string;
  readonly response: { readonly body: { readonly data: readonly Row[] } };
}

function rowKey(row: Row): string {
  return ["userid", "groupid", "poolid", "path", "type", "ugid", "roleid"]
    .map((field) => String(row[field]))
    .join(" ");
}

/** A user as GET /access/users?full=1 answers it. */
function userRow(user: CfgUser): Row {
  const tokens = [...user.tokens].map(([id, { privilegeSeparation, expire, comment }]) => ({
    tokenid: tokenNameOf(id),
    expire,
    privsep: privilegeSeparation ? 1 : 0,
    comment,
  }));
  return {
    enable: user.enabled ? 1 : 0,
    expire: user.expire,
    firstname: user.firstName,
    lastname: user.lastName,
    email: user.email,
    comment: user.comment,
    keys: user.keys,
    groups: [...user.groups].sort(compareText).join(","),
    tokens: tokens.length === 0 ? null : tokens,
  };
}
