import { describe, expect, test } from "@jest/globals";
import { explainEverywhere, explainPlaces } from "../../../src/access/everywhere.ts";
import { indexAccess } from "../../../src/access/lookup.ts";
import { reportPermissions } from "../../../src/access/report.ts";
import { logInOf } from "../../../src/access/usable.ts";
import { whoCan } from "../../../src/access/who-can.ts";
import { authKey, type AuthId } from "../../../src/model/ids.ts";
import { pve } from "../../../src/model/pve.ts";
import { reportCsv, reportJson, reportMarkdown, reportText } from "../../../src/render/questions-report.ts";
import {
  renderSubject,
  renderSubjectJson,
  renderWhoCan,
  renderWhoCanJson,
} from "../../../src/render/questions.ts";
import { plain } from "../../../src/support/palette.ts";
import { aPool, aState, aTokenId, aUser, aUserId } from "../../support/builders.ts";
import { aPrivilege } from "../../support/desired-builders.ts";
import { expectGolden } from "../../support/golden.ts";

const nowSeconds = 1_800_000_000;
const index = indexAccess(
  aState({
    users: [
      "joe@pve",
      aUser("off@pve", { enabled: false }),
      aUser("past@pve", { expire: 1 }),
      "ci@pve",
      "none@pve",
      'we,ird"\u202e@pve',
    ],
    groups: { ops: ["joe@pve", "off@pve"] },
    roles: { Operator: ["VM.Audit", "VM.PowerMgmt"] },
    tokens: ["ci@pve!deploy", "off@pve!old"],
    pools: [aPool("dev", [100], ["local"])],
    acl: [
      ["/", "user:ci@pve", "Administrator"],
      ["/vms", "token:ci@pve!deploy", "PVETemplateUser"],
      ["/vms", "group:ops", "Operator"],
      ["/vms/101", "user:joe@pve", "NoAccess"],
      ["/pool/dev", "group:ops", "PVETemplateUser"],
      ["/storage", "user:joe@pve", "PVEDatastoreUser", false],
      ["/nodes", "user:ci@pve", "PVEAuditor"],
      ["/sdn", "user:past@pve", "PVEAuditor"],
      ["/access", 'user:we,ird"\u202e@pve', "PVEAuditor"],
    ],
  }),
);
const all = index.superuserPrivileges;

describe("access of", () => {
  const headOf = (id: AuthId) => ({ subject: authKey(id), logIn: logInOf(index.state, id, nowSeconds) });

  test.each(["joe@pve", "off@pve", "past@pve", "ci@pve", "none@pve", "root@pam", 'we,ird"\u202e@pve'])(
    "%j",
    (name) => {
      const id = aUserId(name);
      const answer = { ...headOf(id), statements: explainEverywhere(index, id), all };
      expectGolden(
        { case: "questions", file: `of-${name.replace(/[^a-z]+/gu, "-")}.txt` },
        renderSubject(answer, plain),
      );
    },
  );

  test.each(["ci@pve!deploy", "off@pve!old"])("token %s", (name) => {
    const id = aTokenId(name);
    const answer = { ...headOf(id), statements: explainEverywhere(index, id), all };
    expectGolden(
      { case: "questions", file: `of-${name.replace(/[^a-z]+/gu, "-")}.txt` },
      renderSubject(answer, plain),
    );
  });

  test("as JSON", () => {
    const id = aUserId("joe@pve");
    expectGolden(
      { case: "questions", file: "of-joe-pve.json" },
      renderSubjectJson(headOf(id), explainPlaces(index, id)),
    );
  });
});

describe("access who-can", () => {
  const ask = (name: string, path: string) => {
    const [privilege, place] = [aPrivilege(name), pve.normalizeAclPath(path)];
    return { privilege, path: place, holdings: whoCan(index, privilege, place, nowSeconds) };
  };

  test("text", () => {
    const answers = [ask("VM.Clone", "/vms/100"), ask("VM.Monitor", "/")];
    expectGolden(
      { case: "questions", file: "who-can.txt" },
      answers.map((answer) => renderWhoCan(answer, plain)).join("\n"),
    );
  });

  test("JSON", () => {
    expectGolden(
      { case: "questions", file: "who-can.json" },
      renderWhoCanJson(ask("VM.PowerMgmt", "/vms/100")),
    );
  });
});

describe("access report", () => {
  const report = () => ({
    source: "office (pve 9.2.11)",
    all,
    rows: [...reportPermissions(index)].map((row) => ({
      ...row,
      logIn: logInOf(index.state, row.id, nowSeconds),
    })),
  });

  test.each([
    { file: "report.txt", text: () => [...reportText(report(), plain)] },
    { file: "report.md", text: () => [...reportMarkdown(report())] },
    { file: "report.csv", text: () => [...reportCsv(report())] },
  ])("$file", ({ file, text }) => {
    expectGolden({ case: "questions", file }, text().join(""));
  });

  test("JSON is of exactly the promised shape, one subject a line", () => {
    const text = [...reportJson(report())].join("");
    expect(JSON.parse(text)).toEqual({
      subjects: Object.fromEntries(
        report().rows.map(({ id, permissions }) => [
          id,
          Object.fromEntries(
            [...permissions].map(([path, held]) => [
              path,
              Object.fromEntries([...held].map(([name, flag]) => [name, flag ? 1 : 0])),
            ]),
          ),
        ]),
      ),
    });
    expect(text.split("\n")).toHaveLength(report().rows.length + 3);
    expect(text).not.toContain("\u202e");
  });

  test("nobody at all is JSON still", () => {
    expect(JSON.parse([...reportJson({ source: "", all, rows: [] })].join(""))).toEqual({ subjects: {} });
  });
});
