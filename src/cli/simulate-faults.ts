// `--fault WHAT[@WHICH]` of `rolecall simulate`, as a rule of a schedule.

import { InvalidArgumentError } from "commander";
import {
  faultStatuses,
  type Fault,
  type FaultRule,
  type Requests,
  type Which,
} from "../simulator/faults/fault.ts";

/** More would only be slower to read. */
const mostRules = 32;
const longestMs = 600_000;

/** Of the words for a fault that have no number in them. */
const plainFaults: Readonly<Record<string, Fault>> = {
  "reset-before": { kind: "reset", happens: false },
  "reset-after": { kind: "reset", happens: true },
  "cut-body": { kind: "cut-body" },
  "lock-timeout": { kind: "lock", problem: "held" },
  "no-quorum": { kind: "lock", problem: "no-quorum" },
  "second-writer": { kind: "second-writer" },
  crash: { kind: "crash" },
};

const timedFaults: Readonly<Record<string, (ms: number) => Fault>> = {
  latency: (ms) => ({ kind: "latency", ms }),
  "slow-body": (ms) => ({ kind: "slow-body", ms }),
};

/** What befalls writes only, unless told otherwise. */
const ofWrites: ReadonlySet<Fault["kind"]> = new Set(["lock", "second-writer", "crash"]);

export function addFault(text: string, before: readonly FaultRule[]): readonly FaultRule[] {
  if (before.length >= mostRules) throw new InvalidArgumentError(`at most ${mostRules} faults`);
  const [what = "", ...rest] = text.split("@");
  const fault = parseFault(what);
  const which = parseRequests(rest.join("@"), ofWrites.has(fault.kind) ? "writes" : "all");
  return [...before, { fault, ...which }];
}

function parseFault(text: string): Fault {
  const plain = Object.hasOwn(plainFaults, text) ? plainFaults[text] : undefined;
  if (plain !== undefined) return plain;
  const [, name = "", amount = "", unit = ""] = /^([a-z-]+)=([0-9]{1,7})(ms|s)$/u.exec(text) ?? [];
  const timed = Object.hasOwn(timedFaults, name) ? timedFaults[name] : undefined;
  const ms = Number(amount) * (unit === "s" ? 1000 : 1);
  if (timed !== undefined && ms <= longestMs) return timed(ms);
  const [, digits, after] = /^([0-9]{3})(-after)?$/u.exec(text) ?? [];
  const status = faultStatuses.find((one) => String(one) === digits);
  if (status !== undefined) return { kind: "status", status, happens: after !== undefined };
  const known = [...Object.keys(timedFaults).map((one) => `${one}=200ms`), ...Object.keys(plainFaults)];
  throw new InvalidArgumentError(
    `not a fault: one of ${known.join(", ")}, ${faultStatuses.join(", ")} (or 596-after); at most 600s`,
  );
}

function parseRequests(text: string, otherwise: Requests): Pick<FaultRule, "requests" | "which"> {
  const [, named, , which] = /^(reads|writes|all)?((?:^|:)(.+))?$/u.exec(text) ?? ["", undefined, "", text];
  // Proof: the pattern lets nothing else through.
  const requests = (named ?? otherwise) as Requests;
  return { requests, which: parseWhich(which) };
}

function parseWhich(text: string | undefined): Which {
  if (text === undefined) return { kind: "every" };
  const percent = /^([0-9]{1,3})%$/u.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return { kind: "chance", percent: Number(percent) };
  const [, first, last = first] = /^([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?$/u.exec(text) ?? [];
  if (first !== undefined && Number(last) >= Number(first))
    return { kind: "numbers", first: Number(first), last: Number(last) };
  throw new InvalidArgumentError(
    "not a choice of requests: reads, writes or all, then numbers or a chance, as writes:3, reads:2-4, all:10%",
  );
}

export function parseSeed(text: string): number {
  if (!/^[0-9]{1,9}$/u.test(text)) throw new InvalidArgumentError("a whole number, as 42");
  return Number(text);
}
