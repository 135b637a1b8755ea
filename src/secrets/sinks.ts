import type { Issued, SecretDelivery } from "../model/delivery.ts";
import { deliverToFile, proveFileSink } from "./file-sink.ts";
import { unresolved, type Resolved } from "./resolved.ts";

/** Proves, before a secret comes to be, that it can be delivered. Gives the words for where. */
export async function proveSink(delivery: SecretDelivery): Promise<Resolved<string>> {
  const { sink } = delivery;
  switch (sink.kind) {
    case "file":
      return proveFileSink(sink, delivery);
    case "age":
    case "exec":
    case "kubernetesSecret":
      return unresolved("sink-unwritable", `sink ${sink.name}: ${sink.kind} is not supported yet`);
  }
}

/** Delivers a secret: whole or not at all. Gives the words for where. */
export async function deliverToSink(delivery: SecretDelivery, issued: Issued): Promise<Resolved<string>> {
  const { sink } = delivery;
  switch (sink.kind) {
    case "file":
      return deliverToFile(sink, delivery, issued);
    case "age":
    case "exec":
    case "kubernetesSecret":
      return unresolved("sink-unwritable", `sink ${sink.name}: ${sink.kind} is not supported yet`);
  }
}
