import { releaseOf, type Release } from "../usercfg/release.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";

/** The newest one that the tables are of. */
export const newestVersion = "9.2.11";

/** What `--server-version` names. */
export function releaseNamed(version: string): Release {
  const release = releaseOf(version);
  if (release !== undefined) return release;
  throw new Failure(
    `--server-version ${version} is no release of Proxmox VE 7, 8 or 9`,
    exitStatus.error,
    "as 9.2.11 or 8.4.5",
  );
}

/** `--server-version` says what a copy is of, and no more. */
export function refuseVersionOfServer({
  from,
  serverVersion,
}: {
  readonly from?: string;
  readonly serverVersion?: string;
}): void {
  if (from !== undefined || serverVersion === undefined) return;
  throw new Failure(
    "--server-version goes with --from",
    exitStatus.error,
    "a server tells its release itself",
  );
}
