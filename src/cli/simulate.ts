// `rolecall simulate`: a stand-in for a real server, for tests, demos and plans against a copy of one's user.cfg.

import { Command } from "commander";
import { randomBytes } from "node:crypto";
import { statSync, readFileSync } from "node:fs";
import type { Struck } from "../simulator/faults/inject.ts";
import { startSimulator, type Simulator, type SimulatorOptions } from "../simulator/server.ts";
import { aborted } from "../support/aborted.ts";
import { systemClock } from "../support/clock.ts";
import { errorCode } from "../support/error-code.ts";
import { printable } from "../support/printable.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { listenHints } from "./listen.ts";
import type { CommandContext, Process } from "./process.ts";
import { addSimulatorOptions, type SimulatorFlags } from "./simulate-options.ts";

const examples = `
Examples:
  $ rolecall simulate --root-password secret
  $ rolecall simulate --listen 127.0.0.1:0 --state ./copy-of-etc-pve --root-password secret
  $ rolecall simulate --tls-cert cert.pem --tls-key key.pem --unix-account alice=secret
  $ rolecall simulate --fault latency=300ms@reads --fault 596-after@writes:2 --fault crash@writes:5
  $ rolecall simulate --fault reset-before@10% --fault lock-timeout@writes:1-2 --fault-seed 42
  $ curl -d username=root@pam -d password=secret http://127.0.0.1:8006/api2/json/access/ticket`;

export function simulateCommand(context: CommandContext): Command {
  return addSimulatorOptions(new Command("simulate"))
    .description(
      "Plays the access API of a Proxmox server, from memory or from a folder, until it is stopped.",
    )
    .addHelpText("after", examples)
    .action(async (flags: SimulatorFlags) => {
      await simulate(flags, context);
      context.finish(exitStatus.ok);
    });
}

async function simulate(flags: SimulatorFlags, { process, signal }: CommandContext): Promise<void> {
  if ((flags.tlsCert === undefined) !== (flags.tlsKey === undefined))
    throw new Failure("--tls-cert and --tls-key go together", exitStatus.error);
  if (flags.state !== undefined && statSync(flags.state, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Failure(
      `--state: there is no folder ${flags.state}`,
      exitStatus.error,
      "create it; it may be empty",
    );
  warnWhenOpen(flags.listen.host, process);
  const simulator = await start(flags, process);
  process.stdout.write(`listening on ${simulator.url}\n`);
  const isCrash = await Promise.race([aborted(signal).then(() => false), simulator.crashed]);
  if (isCrash) process.stderr.write("the simulator crashed, as it was told to\n");
  await simulator.close();
}

/** What the system says of addresses, files and certificates is for the user to mend. */
async function start(flags: SimulatorFlags, process: Process): Promise<Simulator> {
  try {
    return await startSimulator(optionsFrom(flags, process));
  } catch (error) {
    const code = errorCode(error);
    if (!/^E[A-Z]/u.test(code)) throw error;
    throw new Failure(
      `the simulator cannot start: ${wordsOf(error) ?? code}`,
      exitStatus.error,
      listenHints[code],
    );
  }
}

/** By its shape, since an error may come from another realm. */
function wordsOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("message" in error)) return undefined;
  return String(error.message);
}

function optionsFrom(flags: SimulatorFlags, process: Process): SimulatorOptions {
  const { listen, state, tlsCert, tlsKey } = flags;
  return {
    clock: systemClock,
    rootPassword: flags.rootPassword ?? inventPassword(process),
    host: listen.host,
    port: listen.port,
    ...(state !== undefined && { state: { folder: state } }),
    serverVersion: flags.serverVersion,
    unixAccounts: flags.unixAccount,
    directories: flags.directory,
    guests: flags.guests,
    storages: flags.storages,
    ...(tlsCert !== undefined &&
      tlsKey !== undefined && {
        tls: { certificate: readFileSync(tlsCert, "utf8"), key: readFileSync(tlsKey, "utf8") },
      }),
    delays401: flags.delay401,
    ...(flags.fault.length > 0 && {
      faults: { seed: flags.faultSeed, rules: flags.fault },
      onFault: (struck) => void process.stderr.write(wordStruck(struck)),
    }),
  };
}

/** Whether the server did what it was asked all the same, or how much of what. */
function wordDetail(value: unknown): string {
  return typeof value === "boolean" ? (value ? "(done)" : "(not done)") : String(value);
}

function wordStruck({ fault: { kind, ...more }, method, path }: Struck): string {
  const details = Object.values(more).map((value) => ` ${wordDetail(value)}`);
  return `fault: ${kind}${details.join("")} at ${method} ${printable(path)}\n`;
}

function inventPassword(process: Process): string {
  const password = randomBytes(12).toString("base64url");
  process.stderr.write(`hint: root@pam logs in with ${password} (choose one with --root-password)\n`);
  return password;
}

function warnWhenOpen(host: string, process: Process): void {
  if (host === "localhost" || host === "::1" || host.startsWith("127.")) return;
  process.stderr.write(
    `warning: ${host} is not loopback: others can reach this simulator, and it keeps no secrets\n`,
  );
}
