// The one door of age. Loaded when a sink needs it.

import type { Issued, SecretDelivery } from "../model/delivery.ts";
import { Secret } from "../model/secret.ts";
import type { AgeSinkSettings } from "../model/target.ts";
import { deliveryText } from "./delivery-text.ts";
import { resolved, unresolved, type Resolved } from "./resolved.ts";
import type { Sink } from "./sink.ts";
import { proveSinkFile, writeSinkFile, type NewText, type SinkFile } from "./sink-folder.ts";

const header = "-----BEGIN AGE ENCRYPTED FILE-----";
const standIn = new Secret("00000000-0000-0000-0000-000000000000");

/** Files below a folder that only the holders of the recipients' keys can read. */
export const ageSink: Sink<AgeSinkSettings> = {
  prove: async (sink, delivery, owner) => {
    const text = await encrypted(sink, delivery, { ...owner, secret: standIn });
    return text.ok
      ? await proveSinkFile(placeOf(sink, delivery), replacing(sink, delivery, text.value))
      : text;
  },
  deliver: async (sink, delivery, issued) => {
    const text = await encrypted(sink, delivery, issued);
    return text.ok
      ? await writeSinkFile(placeOf(sink, delivery), replacing(sink, delivery, text.value))
      : text;
  },
  readBack: ({ name }) =>
    Promise.resolve({
      kind: "unknown",
      message: `sink ${name} encrypts with age: only the holders of the keys can tell what it holds`,
    }),
};

function placeOf({ name, dir }: AgeSinkSettings, { as }: SecretDelivery): SinkFile {
  return { sink: name, dir, as, mode: 0o600, owner: undefined };
}

/** Encrypted to every recipient, armoured: a text that can be attached, mailed and committed. */
async function encrypted(
  { name, recipients }: AgeSinkSettings,
  delivery: SecretDelivery,
  issued: Issued,
): Promise<Resolved<Secret>> {
  const { armor, Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      // The library's words add nothing, and what stands there by mistake may be a secret key.
      return unresolved(
        "sink-recipient-invalid",
        `sink ${name}: a recipient is no public key of age (age1…)`,
      );
    }
  }
  const bytes = await encrypter.encrypt(deliveryText(delivery, issued).reveal());
  return resolved(new Secret(armor.encode(bytes)));
}

/** Replaces what was encrypted before, and nothing else. */
function replacing({ name, dir }: AgeSinkSettings, { as }: SecretDelivery, text: Secret): NewText {
  return (existing) => {
    if (existing === undefined || existing.trim() === "" || existing.startsWith(header))
      return resolved(text);
    const message = `sink ${name}: ${as} below ${dir} holds something that was not encrypted with age, so it is left as it is: name another file, or move this one away`;
    return unresolved("sink-occupied", message);
  };
}
