import type { Issued, SecretDelivery, SecretOwner } from "../model/delivery.ts";
import { ageSink } from "./age-sink.ts";
import { execSink } from "./exec-sink.ts";
import { fileSink } from "./file-sink.ts";
import { kubernetesSink } from "./kubernetes-sink.ts";
import type { Resolved } from "./resolved.ts";
import type { HeldSecret, Sink, SinkSurroundings } from "./sink.ts";

/** The way of one delivery, with what its sink can do (sink.ts). */
interface Way {
  readonly prove: (owner: SecretOwner, surroundings: SinkSurroundings) => Promise<Resolved<string>>;
  readonly deliver: (issued: Issued, surroundings: SinkSurroundings) => Promise<Resolved<string>>;
  readonly readBack: (owner: SecretOwner, surroundings: SinkSurroundings) => Promise<HeldSecret>;
}

export function wayOf(delivery: SecretDelivery): Way {
  const { sink } = delivery;
  switch (sink.kind) {
    case "file":
      return wayTo(fileSink, sink, delivery);
    case "age":
      return wayTo(ageSink, sink, delivery);
    case "exec":
      return wayTo(execSink, sink, delivery);
    case "kubernetesSecret":
      return wayTo(kubernetesSink, sink, delivery);
  }
}

function wayTo<Settings>(sink: Sink<Settings>, settings: Settings, delivery: SecretDelivery): Way {
  return {
    prove: (owner, surroundings) => sink.prove(settings, delivery, owner, surroundings),
    deliver: (issued, surroundings) => sink.deliver(settings, delivery, issued, surroundings),
    readBack: (owner, surroundings) => sink.readBack(settings, delivery, owner, surroundings),
  };
}
