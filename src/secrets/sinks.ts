import type { Issued, SecretDelivery, SecretOwner } from "../model/delivery.ts";
import { ageSink } from "./age-sink.ts";
import { execSink } from "./exec-sink.ts";
import { fileSink } from "./file-sink.ts";
import { kubernetesSink } from "./kubernetes-sink.ts";
import type { Resolved } from "./resolved.ts";
import type { HeldSecret, SinkSurroundings } from "./sink.ts";

/** Proves, before a secret comes to be, that it can be delivered. Gives the words for where. */
export function proveSink(
  delivery: SecretDelivery,
  owner: SecretOwner,
  surroundings: SinkSurroundings,
): Promise<Resolved<string>> {
  const { sink } = delivery;
  switch (sink.kind) {
    case "file":
      return fileSink.prove(sink, delivery, owner, surroundings);
    case "age":
      return ageSink.prove(sink, delivery, owner, surroundings);
    case "exec":
      return execSink.prove(sink, delivery, owner, surroundings);
    case "kubernetesSecret":
      return kubernetesSink.prove(sink, delivery, owner, surroundings);
  }
}

/** Delivers a secret, whole or not at all. Gives the words for where. */
export function deliverToSink(
  delivery: SecretDelivery,
  issued: Issued,
  surroundings: SinkSurroundings,
): Promise<Resolved<string>> {
  const { sink } = delivery;
  switch (sink.kind) {
    case "file":
      return fileSink.deliver(sink, delivery, issued, surroundings);
    case "age":
      return ageSink.deliver(sink, delivery, issued, surroundings);
    case "exec":
      return execSink.deliver(sink, delivery, issued, surroundings);
    case "kubernetesSecret":
      return kubernetesSink.deliver(sink, delivery, issued, surroundings);
  }
}

/** What a sink holds for an owner, where it can be read. */
export function readBackFromSink(
  delivery: SecretDelivery,
  owner: SecretOwner,
  surroundings: SinkSurroundings,
): Promise<HeldSecret> {
  const { sink } = delivery;
  switch (sink.kind) {
    case "file":
      return fileSink.readBack(sink, delivery, owner, surroundings);
    case "age":
      return ageSink.readBack(sink, delivery, owner, surroundings);
    case "exec":
      return execSink.readBack(sink, delivery, owner, surroundings);
    case "kubernetesSecret":
      return kubernetesSink.readBack(sink, delivery, owner, surroundings);
  }
}
