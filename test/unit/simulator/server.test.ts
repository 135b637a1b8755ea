import { describe, expect, test } from "@jest/globals";
import { connect as connectTls } from "node:tls";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../../src/simulator/server.ts";
import { tlsFile } from "../../support/api-server.ts";
import { sendRaw, type RawAnswer } from "../../support/raw-request.ts";
import { aClock } from "../../support/wound-clock.ts";

const rootPassword = "rootpass123";

async function withSimulator<T>(
  options: Partial<SimulatorOptions>,
  use: (simulator: Simulator) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulator({ clock: aClock(), rootPassword, ...options });
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

interface Session {
  call(method: string, path: string, form?: string): Promise<RawAnswer>;
}

async function logIn(port: number, user = "root@pam", password = rootPassword): Promise<Session> {
  const form = new Map([["Content-Type", "application/x-www-form-urlencoded"]]);
  const body = Buffer.from(new URLSearchParams({ username: user, password }).toString());
  const path = "/api2/json/access/ticket";
  const { data } = jsonOf(await sendRaw(port, { method: "POST", path, headers: form, body })) as {
    data: { ticket: string; CSRFPreventionToken: string };
  };
  const headers = new Map([
    ...form,
    ["Cookie", `PVEAuthCookie=${data.ticket}`],
    ["CSRFPreventionToken", data.CSRFPreventionToken],
  ] as [string, string][]);
  return {
    call: (method, below, text) =>
      sendRaw(port, {
        method,
        path: `/api2/json${below}`,
        headers,
        body: text === undefined ? undefined : Buffer.from(text),
      }),
  };
}

function jsonOf(answer: RawAnswer): unknown {
  return JSON.parse(answer.body.toString("utf8"));
}

describe("a fresh server", () => {
  test("has its superuser, its two realms and nothing else", () =>
    withSimulator({}, async ({ port }) => {
      const root = await logIn(port);
      expect(jsonOf(await root.call("GET", "/access/users"))).toMatchObject({
        data: [{ userid: "root@pam" }],
      });
      for (const list of ["/access/groups", "/access/acl", "/pools"])
        expect(jsonOf(await root.call("GET", list))).toEqual({ data: [] });
    }));

  test("notes what it was asked, in order", () =>
    withSimulator({}, async ({ port, requests }) => {
      const root = await logIn(port);
      await root.call("GET", "/access/users?full=1");
      await root.call("POST", "/access/groups", "groupid=ops");
      expect(requests).toEqual([
        { method: "POST", path: "/access/ticket" },
        { method: "GET", path: "/access/users" },
        { method: "POST", path: "/access/groups" },
      ]);
    }));

  test("shows its files as they are after a write", () =>
    withSimulator({}, async (simulator) => {
      const { port } = simulator;
      const root = await logIn(port);
      await root.call("POST", "/access/groups", "groupid=ops&comment=day+shift");
      expect(simulator.files()["user.cfg"]).toContain("group:ops::day shift:");
    }));
});

describe("releases", () => {
  test.each([
    ["9.2.11", 47, true, "400"],
    ["9.0.3", 47, true, "400"],
    ["8.4.5", 42, true, "400"],
    ["8.2.2", 42, false, "500"],
    ["7.4-16", 37, false, "500"],
  ])("%s has %d privileges, words in bodies: %s", (serverVersion, privileges, hasMessage, short) =>
    withSimulator({ serverVersion }, async ({ port }) => {
      const root = await logIn(port);
      const { data } = jsonOf(await root.call("GET", "/version")) as { data: Record<string, string> };
      expect(data).toMatchObject({ version: serverVersion });
      const admin = jsonOf(await root.call("GET", "/access/roles/Administrator")) as { data: object };
      expect(Object.keys(admin.data)).toHaveLength(privileges);
      const missing = jsonOf(await root.call("GET", "/access/roles/none")) as object;
      expect("message" in missing).toBe(hasMessage);
      // Five characters were enough for a password before 8.3; then the realm is what is wrong.
      const answer = await root.call("POST", "/access/users", "userid=a@ghost&password=12345");
      expect(String(answer.status)).toBe(short);
    }),
  );

  test.each([
    ["9.2.11", "200", "200", ""],
    ["9.1.4", "400", "200", ""],
    ["9.0.3", "400", "400", "old"],
    ["8.4.5", "400", "400", "old"],
  ])(
    "%s: a token is given a new secret (%s), its comment is deleted (%s) or emptied",
    (serverVersion, regenerate, remove, comment) =>
      withSimulator({ serverVersion }, async (simulator) => {
        const { port } = simulator;
        const root = await logIn(port);
        const path = "/access/users/root@pam/token/ci";
        await root.call("POST", path, "comment=old");
        const secret = simulator.files()["priv/token.cfg"];
        const refused = await root.call("PUT", path, "regenerate=1&expire=5");
        expect(String(refused.status)).toBe(regenerate);
        // Refused, nothing of it was done.
        expect(simulator.files()["priv/token.cfg"] === secret).toBe(regenerate === "400");
        if (regenerate === "400")
          expect(jsonOf(refused)).toMatchObject({
            errors: { regenerate: expect.stringContaining("not defined in schema") },
          });
        await root.call("PUT", path, "comment=");
        expect(jsonOf(await root.call("GET", path))).toMatchObject({
          data: comment === "" ? { privsep: 1 } : { comment },
        });
        expect(String((await root.call("PUT", path, "delete=comment")).status)).toBe(remove);
      }),
  );

  test("what is wrong with a request is told whole, and nothing of it is done", () =>
    withSimulator({}, async (simulator) => {
      const { port } = simulator;
      const root = await logIn(port);
      const path = "/access/users/root@pam/token/ci";
      await root.call("POST", path, "");
      const before = simulator.files();
      const answer = await root.call("PUT", path, "regenerate=1&expire=-1");
      expect(answer.status).toBe(400);
      expect(Object.keys((jsonOf(answer) as { errors: object }).errors)).toEqual(["expire"]);
      expect(simulator.files()).toEqual(before);
    }));

  test("an unknown one is refused", async () => {
    await expect(startSimulator({ clock: aClock(), rootPassword, serverVersion: "6.4" })).rejects.toThrow(
      RangeError,
    );
  });
});

describe("refused logins", () => {
  const anonymous = { method: "GET", path: "/api2/json/version", headers: new Map(), body: undefined };

  test("take three seconds where that is asked for, and no others", async () => {
    const clock = aClock();
    await withSimulator({ clock, delays401: true }, async ({ port }) => {
      await logIn(port);
      expect(clock.slept).toEqual([]);
      expect((await sendRaw(port, anonymous)).status).toBe(401);
      expect(clock.slept).toEqual([3000]);
    });
  });

  test("end at once otherwise", async () => {
    const clock = aClock();
    await withSimulator({ clock }, ({ port }) => sendRaw(port, anonymous));
    expect(clock.slept).toEqual([]);
  });

  test("a ticket ends after two hours", async () => {
    const clock = aClock();
    await withSimulator({ clock }, async ({ port }) => {
      const root = await logIn(port);
      expect((await root.call("GET", "/version")).status).toBe(200);
      clock.wind(7_200_000);
      expect((await root.call("GET", "/version")).status).toBe(401);
    });
  });
});

describe("TLS", () => {
  const tls = { certificate: tlsFile("self-signed.pem"), key: tlsFile("self-signed.key") };

  test("serves the same API", () =>
    withSimulator({ tls }, async ({ port, url }) => {
      expect(url).toMatch(/^https:/u);
      const text = await new Promise<string>((resolve, reject) => {
        const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
        socket.on("error", reject);
        socket.once("data", (chunk: Buffer) => {
          socket.destroy();
          resolve(chunk.toString());
        });
        socket.write("GET /api2/json/access/domains HTTP/1.1\r\n\r\n");
      });
      expect(text).toMatch(/^HTTP\/1\.1 200 OK/u);
    }));

  test.each([
    ["GET", 301],
    ["POST", 308],
  ])("a plain %s is sent to https with %d", (method, status) =>
    withSimulator({ tls }, async ({ port }) => {
      const answer = await sendRaw(port, { method, path: "/x?y=1", headers: new Map(), body: undefined });
      expect(answer.status).toBe(status);
      expect(answer.headers.get("location")).toBe("https://localhost/x?y=1");
    }),
  );

  test("texts that are no certificate are refused at the start", async () => {
    const broken = { certificate: "x", key: "y" };
    await expect(startSimulator({ clock: aClock(), rootPassword, tls: broken })).rejects.toThrow();
  });
});

test("a file beyond one mebibyte cannot be written, and stays as it was", () => {
  const line = `user:someone@pve:1:0:::: ${"x".repeat(1000)}::\n`;
  const user = (index: number): string => line.replace("someone", `user${index}`);
  const userCfg = Array.from({ length: 1025 }, (_, index) => user(index))
    .join("")
    .slice(0, 1_048_000);
  return withSimulator({ state: { files: { "user.cfg": userCfg } } }, async (simulator) => {
    const { port } = simulator;
    const root = await logIn(port);
    const answer = await root.call("POST", "/access/users", `userid=more@pve&comment=${"x".repeat(2000)}`);
    expect([answer.status, answer.reason.replace(/tmp\.[0-9]+/u, "tmp.PID")]).toEqual([
      500,
      "create user failed: unable to write '/etc/pve/user.cfg.tmp.PID' - File too large",
    ]);
    expect(simulator.files()["user.cfg"]).toBe(userCfg);
    expect((await root.call("DELETE", "/access/users/user1@pve")).status).toBe(200);
  });
});

describe("users with second factors", () => {
  const files = {
    "user.cfg": "user:joe@pve:1:0::::::\nuser:Kim@corp:1:0::::::\n",
    "priv/tfa.cfg": '{"users":{"joe@pve":{"totp":[{"id":"x"}]}}}',
    "domains.cfg": "ldap: corp\n\tbase_dn d\n\tserver1 h\n\tuser_attr uid\n\tcase-sensitive 0\n\n",
  };

  test("get a ticket that opens nothing", () =>
    withSimulator({ state: { files } }, async ({ port }) => {
      const root = await logIn(port);
      await root.call("PUT", "/access/password", "userid=joe@pve&password=longenough");
      const headers = new Map<string, string>();
      const body = Buffer.from("username=joe@pve&password=longenough");
      const path = "/api2/json/access/ticket";
      const answer = jsonOf(await sendRaw(port, { method: "POST", path, headers, body })) as {
        data: { NeedTFA: number; ticket: string };
      };
      expect(answer.data.NeedTFA).toBe(1);
      const cookie = new Map([["Cookie", `PVEAuthCookie=${encodeURIComponent(answer.data.ticket)}`]]);
      const use = { method: "GET", path: "/api2/json/version", headers: cookie, body: undefined };
      expect((await sendRaw(port, use)).status).toBe(401);
    }));

  test("are one user in any case where the realm says so", () =>
    withSimulator({ state: { files } }, async ({ port }) => {
      const root = await logIn(port);
      const answer = await root.call("POST", "/access/users", "userid=kim@corp");
      expect(answer.reason).toBe("create user failed: user 'kim@corp' already exists");
      expect((await root.call("POST", "/access/users", "userid=JOE@pve")).status).toBe(200);
    }));
});
