import { expect, test } from "@jest/globals";
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import fc from "fast-check";
import { parseAgeRecipient } from "../../../src/desired/age-recipient.ts";

test.each([
  ["X25519", generateX25519Identity],
  ["hybrid", generateHybridIdentity],
])("age's own %s key is taken, and with one letter wrong it is not", async (_, generate) => {
  const recipient = await identityToRecipient(await generate());
  expect(parseAgeRecipient(recipient)).toEqual({ ok: true, value: recipient });
  fc.assert(
    fc.property(
      fc.nat(recipient.length - 6),
      fc.constantFrom(..."qpzry9x8gf2tvdw0s3jn54khce6mua7l".split("")),
      (at, letter) => {
        const index = 5 + at;
        fc.pre(index < recipient.length && recipient[index] !== letter);
        const wrong = recipient.slice(0, index) + letter + recipient.slice(index + 1);
        expect(parseAgeRecipient(wrong).ok).toBe(false);
      },
    ),
  );
});

test.each([
  ["", "begins with"],
  ["joe", "age1"],
  ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", "SSH"],
  ["age1", "too short"],
  ["age1yubikey1q2w7u3vpya839jxxuq8g0sedh3d740d4xvn639sqhr95ejj8vu3hyfumptt", "plugin"],
  ["AGE1NUHRF9Q57D6C54T5EMC9TH6YEG0GAVXAX8XMLW6XMFH6YU372S7SLEXJ8H", "age1"],
])("%s is none", (text) => expect(parseAgeRecipient(text).ok).toBe(false));
