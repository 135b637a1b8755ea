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
