// Everything that the simulated server can be asked.

import { aclEndpoints } from "./acl.ts";
import type { Endpoint } from "./endpoint.ts";
import { groupEndpoints } from "./groups.ts";
import { indexEndpoints } from "./indexes.ts";
import { loginEndpoints } from "./logins.ts";
import { permissionEndpoints } from "./permissions.ts";
import { poolWrites } from "./pool-writes.ts";
import { poolReads } from "./pools.ts";
import type { Profile } from "../profile.ts";
import { realmSyncs } from "./realm-sync.ts";
import { realmWrites } from "./realm-writes.ts";
import { realmReads } from "./realms.ts";
import { roleEndpoints } from "./roles.ts";
import { secondFactorEndpoints } from "./second-factors.ts";
import { syncJobEndpoints } from "./sync-jobs.ts";
import { taskEndpoints } from "./tasks.ts";
import { tokenEndpoints } from "./tokens.ts";
import { userWrites } from "./user-writes.ts";
import { userReads } from "./users.ts";

export function endpointsOf(profile: Profile): readonly Endpoint[] {
  return [
    ...indexEndpoints,
    ...loginEndpoints(profile),
    ...userReads,
    ...userWrites(profile),
    ...secondFactorEndpoints,
    ...tokenEndpoints(profile),
    ...groupEndpoints,
    ...roleEndpoints(profile),
    ...aclEndpoints,
    ...permissionEndpoints,
    ...realmReads,
    ...realmWrites(profile),
    ...realmSyncs,
    ...syncJobEndpoints(profile),
    ...taskEndpoints,
    ...poolReads(profile),
    ...poolWrites(profile),
  ];
}
