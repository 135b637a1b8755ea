import { describe, expect, test } from "@jest/globals";
import { inspect, type InspectionDoors } from "../../../src/apply/inspect.ts";
import { pve } from "../../../src/model/pve.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { Credentials } from "../../../src/model/target.ts";
import type { Found } from "../../../src/plan/make-plan.ts";
import { requestFor } from "../../../src/plan/requests.ts";
import type { Selector } from "../../../src/plan/select.ts";
import { ApiError } from "../../../src/proxmox/api-error.ts";
import { resolved, unresolved } from "../../../src/secrets/resolved.ts";
import type { HeldSecret } from "../../../src/secrets/sink.ts";
import { aToken, aTokenId, aUser } from "../../support/builders.ts";
import {
  aDelivery,
  aDesiredState,
  aLiveState,
  planInstant as now,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

const signal = new AbortController().signal;
const asRoot: Credentials = {
  kind: "password",
  user: { text: "root@pam" },
  password: { source: "env", name: "ROOT" },
};

interface Told {
  readonly found: Found;
  readonly asked: readonly string[];
  readonly problems: readonly string[];
}

/** What is found with these doors, and what was asked of them. */
async function look(
  desired: TerseDesired,
  live: TerseLive,
  {
    only,
    ...doors
  }: Partial<Pick<InspectionDoors, "secretFor" | "readSink">> & {
    readonly only?: readonly Selector[];
    readonly refuses?: boolean;
    readonly answer?: ApiError;
  } = {},
): Promise<Told> {
  const asked: string[] = [];
  const acceptance = doors.refuses === true ? "refused" : "accepted";
  const { found, problems } = await inspect(
    {
      desired: aDesiredState(desired),
      live: aLiveState(live),
      product: pve,
      nowSeconds: now,
      asked: new Set(),
      only,
    },
    {
      probe: {
        password: (user) => {
          asked.push(`password ${user}`);
          return Promise.resolve(acceptance);
        },
        token: (id) => {
          asked.push(`token ${id}`);
          return Promise.resolve(acceptance);
        },
      },
      write: {
        send: ({ method, path, parameters }) => {
          asked.push(`${method} ${path} ${JSON.stringify(parameters)}`);
          return doors.answer ? Promise.reject(doors.answer) : Promise.resolve({});
        },
      },
      requestFor,
      secretFor: doors.secretFor ?? (() => Promise.resolve(resolved(new Secret("word")))),
      readSink: doors.readSink ?? (() => Promise.resolve({ kind: "held", secret: new Secret("held") })),
    },
    signal,
  );
  return { found, asked, problems: problems.map(({ message }) => message) };
}

describe("enforced passwords", () => {
  const origin = { kind: "given", from: { source: "env", name: "P" } } as const;
  const enforced = { password: { origin, policy: "enforce" } } as const;
  const desired: TerseDesired = {
    credentials: asRoot,
    users: {
      "a@pve": enforced,
      "initial@pve": { password: { origin, policy: "initial" } },
      "new@pve": enforced,
      "off@pve": enforced,
      "over@pve": enforced,
      "gone@pve": { ...enforced, ensure: "absent" },
    },
  };
  const live: TerseLive = {
    users: [
      "a@pve",
      "initial@pve",
      "gone@pve",
      aUser("off@pve", { enabled: false }),
      aUser("over@pve", { expire: now - 1 }),
    ],
  };

  test("are tried for whoever may log in, and no others", async () => {
    const { found, asked } = await look(desired, live, { refuses: true });
    expect(asked).toEqual(["password a@pve"]);
    expect([...found.refusedPasswords]).toEqual(["a@pve"]);
  });

  test("that log in are left alone", async () => {
    expect((await look(desired, live)).found.refusedPasswords.size).toBe(0);
  });

  test("are not tried by a token, nor for what --only leaves out", async () => {
    const byToken = { ...desired, credentials: aDesiredState().target.credentials };
    expect((await look(byToken, live)).asked).toEqual([]);
    expect((await look(desired, live, { only: [{ kind: "User", name: "initial@pve" }] })).asked).toEqual([]);
  });

  test("that can't be read are a problem at their place", async () => {
    const secretFor = () => Promise.resolve(unresolved("secret-missing", "env P is not set"));
    const { problems } = await look(desired, live, { secretFor });
    expect(problems).toEqual(["a@pve.yaml:1: password of a@pve: env P is not set"]);
  });
});

describe("tokens that are to be repaired", () => {
  const id = "ci@pve!deploy";
  const deliveries = [aDelivery()];
  const desired: TerseDesired = { tokens: { [id]: { expire: 0, repair: "reissue", deliveries } } };
  const live: TerseLive = { users: ["ci@pve"], tokens: [aToken(id)] };
  const missing: HeldSecret = { kind: "not-held", message: "it is not there" };
  const unknown: HeldSecret = { kind: "unknown", message: "it only takes" };

  test.each<[string, TerseDesired, TerseLive, Parameters<typeof look>[2], readonly string[]]>([
    ["in the sink and taken", desired, live, {}, []],
    ["in the sink and refused", desired, live, { refuses: true }, [id]],
    ["not in the sink", desired, live, { readSink: () => Promise.resolve(missing) }, [id]],
    ["in a sink that only takes", desired, live, { readSink: () => Promise.resolve(unknown) }, []],
    ["of a token that says nothing of it", { tokens: { [id]: { deliveries } } }, live, { refuses: true }, []],
    [
      "of a token that has ended",
      desired,
      { ...live, tokens: [aToken(id, { expire: 5 })] },
      { refuses: true },
      [],
    ],
    [
      "of an owner who can't log in",
      desired,
      { ...live, users: [aUser("ci@pve", { enabled: false })] },
      { refuses: true },
      [],
    ],
    ["of a token that is not there", desired, { users: ["ci@pve"] }, { refuses: true }, []],
  ])("a secret %s", async (_, wanted, start, doors, found) => {
    expect([...(await look(wanted, start, doors)).found.notInSink]).toEqual(found);
  });
});

describe("whether the server makes new secrets in place", () => {
  const id = "ci@pve!deploy";
  const desired: TerseDesired = { tokens: { [id]: { expire: 0, deliveries: [aDelivery()] } } };
  const due: TerseLive = { users: ["ci@pve"], tokens: [aToken(id, { expire: now + 60 })] };
  const refusal = (parameters: Readonly<Record<string, string>>, kind: "invalid" | "forbidden" = "invalid") =>
    new ApiError(kind, { method: "PUT", path: "/x" }, { words: "no", parameters });
  const unknown = { regenerate: "property is not defined in schema and the schema does not allow it" };

  test("is asked by a try that can't succeed, once, where one is due", async () => {
    const { asked, found } = await look(desired, due, { answer: refusal({ expire: "too small" }) });
    expect(asked).toEqual([`PUT /access/users/ci%40pve/token/deploy {"regenerate":"1","expire":"-1"}`]);
    expect(found.regenerates).toBe(true);
  });

  test("is no where it does not know the word", async () => {
    const { found } = await look(desired, due, { answer: refusal({ ...unknown, expire: "too small" }) });
    expect(found.regenerates).toBe(false);
  });

  test("stays open where the caller may not ask", async () => {
    const { found } = await look(desired, due, { answer: refusal({}, "forbidden") });
    expect(found.regenerates).toBeUndefined();
  });

  test.each<[string, TerseLive, boolean | undefined]>([
    ["nothing is due", { users: ["ci@pve"], tokens: [aToken(id)] }, undefined],
    ["the release is known to lack it", { ...due, version: "8.4.5" }, false],
  ])("is not asked where %s", async (_, live, regenerates) => {
    const { asked, found } = await look(desired, live);
    expect([asked, found.regenerates]).toEqual([[], regenerates]);
  });

  test("is not asked for tokens that --only leaves out", async () => {
    expect((await look(desired, due, { only: [{ kind: "User", name: aTokenId(id) }] })).asked).toEqual([]);
  });
});
