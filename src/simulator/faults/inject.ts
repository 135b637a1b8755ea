// The one place where things go wrong: between the API and the line. A fault takes what the API would do, and does less,
// more, or says something else of it.

import { placeOf, plain } from "../admission.ts";
import type { Api } from "../api.ts";
import type { Host } from "../host.ts";
import type { Answer, RequestHead } from "../http/message.ts";
import type { Fault, FaultSchedule } from "./fault.ts";
import { followSchedule } from "./schedule.ts";
import { changeSomething } from "./second-writer.ts";

interface Injection {
  readonly host: Host;
  readonly schedule: FaultSchedule;
  /** The server is to be gone, at once. */
  readonly onCrash: () => void;
  /** Told of every fault that strikes. */
  readonly onFault?: (struck: Struck) => void;
}

export interface Struck {
  readonly fault: Fault;
  readonly method: string;
  readonly path: string;
}

type Serve = () => Answer;

/** The same API, with faults. Requests that the head alone is answered with are left alone. */
export function withFaults(api: Api, injection: Injection): Api {
  const upcoming = followSchedule(injection.schedule);
  let strikes = 0;
  return {
    begin: (head) => api.begin(head),
    finish: (head, body) => {
      const asked = askedBy(head);
      const serve = upcoming(asked).reduceRight<Serve>(
        (inner, fault) => () => {
          injection.onFault?.({ fault, ...asked });
          strikes += 1;
          return struck(fault, inner, { ...injection, strikes });
        },
        () => api.finish(head, body),
      );
      return serve();
    },
  };
}

function askedBy(head: RequestHead): Pick<Struck, "method" | "path"> {
  const place = placeOf(head);
  return { method: head.method, path: place.kind === "nowhere" ? "" : place.path };
}

function struck(fault: Fault, serve: Serve, { host, schedule, onCrash, strikes }: Striking): Answer {
  switch (fault.kind) {
    case "latency":
      return later(serve(), fault.ms);
    case "status":
      if (fault.happens) serve();
      return { ...plain(fault.status, reasons[fault.status] ?? "Internal Server Error"), closes: true };
    case "reset":
      return fault.happens ? { ...serve(), mishap: { kind: "reset" } } : torn;
    case "cut-body":
      return { ...serve(), mishap: { kind: "cut" } };
    case "slow-body":
      return { ...serve(), mishap: { kind: "slow", ms: fault.ms } };
    case "lock":
      return host.locks.during(fault.problem, serve);
    case "second-writer":
      changeSomething(host, `${schedule.seed} ${strikes}`);
      return serve();
    case "crash": {
      const answer = serve();
      onCrash();
      return { ...answer, mishap: { kind: "reset" } };
    }
  }
}

interface Striking extends Injection {
  readonly strikes: number;
}

const torn: Answer = { status: 500, reason: "", content: "", mishap: { kind: "reset" } };

function later(answer: Answer, ms: number): Answer {
  return { ...answer, takesMs: (answer.takesMs ?? 0) + ms };
}

/** 595 to 599 are the proxy's own, where the way to the daemon behind it breaks (596 recorded under load). */
const reasons: Readonly<Record<number, string>> = {
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  595: "Connection refused",
  596: "Broken pipe",
  599: "Too many redirections",
};
