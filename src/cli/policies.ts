// Policies without a server: the state that manifests alone lead to, on a server of one release as it comes.

import { products } from "../desired/products.ts";
import { judgeOffline } from "../guard/policy/judge-policies.ts";
import type { DesiredState } from "../model/desired.ts";
import { stateOffline, type Fresh } from "../plan/offline.ts";
import type { Finding } from "../plan/plan.ts";
import { Bug } from "../support/bug.ts";
import { accessStateFrom } from "../usercfg/access-state.ts";
import { parseUserCfg } from "../usercfg/parse.ts";
import { releaseNamed } from "./release.ts";

/** The release decides what the built-in roles hold. */
export function freshServer(version: string): Fresh {
  const release = releaseNamed(version);
  const state = accessStateFrom(parseUserCfg("", release), release);
  return { state, version, privileges: release.privileges };
}

/** What of the manifests breaks a policy, for one target. */
export function judgeAlone(desired: DesiredState, fresh: Fresh, nowSeconds: number): readonly Finding[] {
  if (desired.policies.length === 0) return [];
  const product = products[desired.target.product];
  if (product === undefined) throw new Bug(`no product ${desired.target.product}`);
  const state = stateOffline(desired, fresh, product);
  return judgeOffline(desired, state, { nowSeconds, superuser: product.superuser });
}
