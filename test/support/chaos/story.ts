// In: a seed. Out: a server's state, what manifests want of it, and what goes wrong. Must not know: how it is played.

import fc from "fast-check";
import type { DesiredPassword, PasswordOrigin } from "../../../src/model/password.ts";
import type { FaultRule } from "../../../src/simulator/faults/fault.ts";
import { arbitraryWish } from "../arbitrary-desired.ts";
import { desiredRealms, liveRealms } from "../arbitrary-realms.ts";
import type { TerseState } from "../builders.ts";
import { aDelivery, type TerseDesired } from "../desired-builders.ts";
import { arbitraryRules } from "./arbitrary-faults.ts";

export interface Story {
  readonly seed: number;
  readonly wish: TerseDesired;
  readonly state: TerseState;
  readonly rules: readonly FaultRule[];
  readonly version: string;
}

/** All that a seed stands for. */
export function storyOf(seed: number): Story {
  const versions = fc.constantFrom("9.2.11", "9.2.11", "9.0.3", "8.4.5", "7.4-16");
  const drawing = fc.tuple(
    fc.tuple(arbitraryWish, arbitraryRules, versions),
    fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: realms }),
    fc.oneof({ weight: 3, arbitrary: fc.constant<Passwords>({}) }, { weight: 1, arbitrary: passwords }),
  );
  const [drawn] = fc.sample(drawing, { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error("nothing was drawn");
  const [[{ wish, state }, rules, version], withRealms, withPasswords] = drawn;
  const people: NonNullable<TerseDesired["users"]> = wish.users ?? {};
  const whole = {
    ...wish,
    ...(withRealms && {
      realms: withRealms.wanted,
      prune: { ...(typeof wish.prune === "object" && wish.prune), realms: withRealms.isPruned },
    }),
    users: Object.fromEntries(
      Object.entries(people).map(([id, user]) => [id, { ...user, ...withPasswords[id] }]),
    ),
    scope: { ...wish.scope, realms: { exclude: ["corp"] } },
  };
  return {
    seed,
    wish: version.startsWith("7") ? withoutWhatCameLater(whole) : whole,
    state: { ...state, realms: [...(state.realms ?? []), ...(withRealms?.live ?? [])] },
    rules,
    version,
  };
}

const realms = fc.record({ wanted: desiredRealms, live: liveRealms, isPruned: fc.boolean() });

/** The variable that a given password is read from. */
export const passwordVariable = "ROLECALL_SECRET_GIVEN";
export const givenPassword = "given in a variable";

const password: fc.Arbitrary<DesiredPassword> = fc
  .constantFrom<PasswordOrigin>(
    { kind: "given", from: { source: "env", name: passwordVariable } },
    { kind: "generated", length: 12, deliveries: [aDelivery()] },
  )
  .map((origin) => ({ origin, policy: "initial" }));

/** By user. */
type Passwords = Readonly<Record<string, { readonly password?: DesiredPassword }>>;

const passwords: fc.Arbitrary<Passwords> = fc
  .array(password, { minLength: 3, maxLength: 3 })
  .map((drawn): Passwords =>
    Object.fromEntries(
      ["a@pve", "b@pve", "new@pve"].map((id, index) => {
        const one = drawn[index];
        return [id, one === undefined ? {} : { password: one }];
      }),
    ),
  );

/** Entries at a pool in a pool (8.1), and jobs that fetch users (8.0), are refused, and nothing would be played. */
function withoutWhatCameLater({ realms: wanted = {}, ...wish }: TerseDesired): TerseDesired {
  return {
    ...wish,
    acl: (wish.acl ?? []).filter(([path]) => !/^\/pool\/[^/]+\//u.test(path)),
    realms: Object.fromEntries(Object.entries(wanted).filter(([, { sync }]) => sync === undefined)),
  };
}
