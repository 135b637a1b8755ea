import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Lays a file system of one page over a folder; gives what takes it away again. */
export function mountTinyDisk(folder: string): () => void {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", folder], { stdio: "ignore" });
  return () => void execFileSync("umount", [folder], { stdio: "ignore" });
}

/** Only root may mount, and in containers often not even that one. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-mount-"));
  try {
    mountTinyDisk(folder)();
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}
