// The door to the audit log: a file that lines are added to and nothing else.

import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { AuditLine, AuditLog } from "../apply/audit.ts";
import { wordApprovals, type Approvals } from "../guard/approve.ts";
import { errorCode } from "../support/error-code.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";

export interface OpenAuditLog extends AuditLog {
  close(): Promise<void>;
}

/** Where it can't be opened the command ends before it has asked anybody anything. */
export async function openAuditLog(path: string, approvals: Approvals): Promise<OpenAuditLog> {
  const file = await openFile(path);
  let problem: string | undefined;
  return {
    run: randomUUID(),
    approvals: wordApprovals(approvals),
    append: async (line) => {
      if (problem !== undefined) return;
      try {
        await appendLine(file, line);
      } catch (error) {
        problem = `the audit log ${path} could not be written (${errorCode(error)})`;
      }
    },
    problem: () => problem,
    close: () => file.close(),
  };
}

async function openFile(path: string): Promise<FileHandle> {
  // Non-blocking, because opening a pipe would otherwise wait for whoever reads from it.
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: FileHandle | undefined;
  try {
    file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    const { size } = await regularFile(file);
    await endTornLine(file, size);
    return file;
  } catch (error) {
    await file?.close();
    throw new Failure(
      `--audit-log: ${path} can't be written (${reasonOf(error)}), so nothing is applied`,
      exitStatus.error,
      "name a file that this user may write; a symbolic link is not followed",
      { cause: error },
    );
  }
}

async function regularFile(file: FileHandle): Promise<{ readonly size: number }> {
  const status = await file.stat();
  if (!status.isFile()) throw new Error("it is not a regular file");
  return status;
}

/** What a full disk or a killed process cut off stays what it is; the next line begins on a line of its own. */
async function endTornLine(file: FileHandle, size: number): Promise<void> {
  if (size === 0) return;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  if (last.toString() !== "\n") await file.write("\n");
}

/** One call a line, so that lines of two processes can't run into one another. */
async function appendLine(file: FileHandle, line: AuditLine): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten < bytes.length) throw Object.assign(new Error("a line was cut"), { code: "ENOSPC" });
  await file.datasync();
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (/^E[A-Z]/u.test(code)) return code;
  return error instanceof Error ? error.message : code;
}
