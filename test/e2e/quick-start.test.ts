import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { request } from "undici";
import { rolecall, root } from "./support/command.ts";
import { secrets, useOffices, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const readme = readFileSync(join(root, "README.md"), "utf8");
const chapter = readme.slice(readme.indexOf("## With your own server"), readme.indexOf("## The journey"));
const blocks = [...chapter.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gmu)].map(([, kind, text = ""]) => ({
  kind,
  text,
}));
const [toPlan = "", toApply = ""] = blocks.filter(({ kind }) => kind === "sh").map(({ text }) => text);
const [target = "", wanted = "", both = ""] = blocks
  .filter(({ kind }) => kind === "yaml")
  .map(({ text }) => text);

interface Ticket {
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
}

type Request = readonly ["POST" | "PUT", string, object];

async function call({ server }: Office, [method, path, body]: Request, ticket?: Ticket): Promise<unknown> {
  const answer = await request(`${server.url}/api2/json${path}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(ticket && {
        cookie: `PVEAuthCookie=${ticket.ticket}`,
        csrfpreventiontoken: ticket.CSRFPreventionToken,
      }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.body.text();
  expect({ path, status: answer.statusCode, text }).toMatchObject({ status: 200 });
  // Proof: every answer of the API has its data there.
  return (JSON.parse(text) as { readonly data: unknown }).data;
}

/** A line for a node's shell, as the request that it makes. */
const forms: readonly (readonly [RegExp, (words: readonly string[]) => Request])[] = [
  [
    /^pveum role add (\S+) --privs (\S+)$/u,
    ([roleid, privs]) => ["POST", "/access/roles", { roleid, privs }],
  ],
  [/^pveum user add (\S+)$/u, ([userid]) => ["POST", "/access/users", { userid }]],
  [
    /^pveum acl modify (\S+) --users (\S+) --roles (\S+)$/u,
    ([path, users, roles]) => ["PUT", "/access/acl", { path, users, roles }],
  ],
  [
    /^pveum user token add (\S+) (\S+) --privsep ([01])$/u,
    ([user = "", token = "", privsep]) => ["POST", `/access/users/${user}/token/${token}`, { privsep }],
  ],
];

function requestOf(line: string): Request {
  for (const [form, make] of forms) {
    const match = form.exec(line);
    if (match !== null) return make(match.slice(1));
  }
  throw new Error(`the README has a line that this test does not know: ${line}`);
}

/** The README's lines, done over the API as root; gives the secret of the token that they make. */
async function pveum(lines: string, office: Office): Promise<string> {
  const { rootPassword: password } = secrets;
  // Proof: that is what a login answers.
  const ticket = (await call(office, [
    "POST",
    "/access/ticket",
    { username: "root@pam", password },
  ])) as Ticket;
  let made: unknown;
  for (const line of lines.trim().split("\n")) made = await call(office, requestOf(line), ticket);
  // Proof: the last line makes a token, and that is what its creation answers.
  return (made as { readonly value: string }).value;
}

test("the README's quick start: its privileges are enough, and the smaller ones are not for writing", async () => {
  const office = await offices.open({ state: { files: {} } });
  const { folder: cwd, server, write } = office;
  const here = target.replace(/endpoints: .*/u, `endpoints: ["${server.url}"]`).replace(/ +tls: .*\n/u, "");
  write("manifests/target.yaml", here);
  write("manifests/access.yaml", wanted);
  const env = { ROLECALL_PLAN_TOKEN: await pveum(toPlan, office) };
  expect(await rolecall(["plan", "--detailed-exitcode"], { cwd, env })).toMatchObject({ status: 2 });
  expect(await rolecall(["apply", "--yes"], { cwd, env })).toMatchObject({
    status: 3,
    stdout: expect.stringContaining("missing-privilege"),
  });

  const all = { ...env, ROLECALL_TOKEN: await pveum(toApply, office) };
  write("manifests/target.yaml", here.replace(/ +credentials: .*\n/u, both.replace(/^(?=.)/gmu, "  ")));
  expect(await rolecall(["apply", "--yes"], { cwd, env: all })).toMatchObject({ status: 0 });
  expect(await rolecall(["plan", "--detailed-exitcode"], { cwd, env: all })).toMatchObject({ status: 0 });
  expect(server.files()["user.cfg"]).toContain("acl:1:/vms:@operators:PVEAuditor:");
});
