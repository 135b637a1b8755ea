import { expect, test } from "@jest/globals";
import { isNameable, isSecretField, isSecretPlace } from "../../../src/manifest/mask.ts";

test.each([
  ["password", true],
  ["pasword", true],
  ["passwd", true],
  ["secret", true],
  ["clientSecret", true],
  ["planCredentials", true],
  ["apiKey", true],
  ["keys", true],
  ["kubernetesSecret", false],
  ["comment", false],
  ["groups", false],
  ["privileges", false],
  ["expire", false],
])("%s: %s", (field, isSecret) => expect(isSecretField(field)).toBe(isSecret));

test.each([
  ["/spec/password", true],
  ["/spec/password/from", true],
  ["/spec/credentials/token", true],
  ["/spec/credentials/token/secret", true],
  ["/spec/credentials/token/id", false],
  ["/spec/password/from/file", false],
  ["/spec/groups/0", false],
  ["/spec/password/generate", true],
  ["/spec/password/generate/sinks/0/as", false],
  ["/spec/sinks/k8s/kubernetesSecret/name", false],
  ["/spec/credentials/token/secret/exec/args/0", true],
  ["/spec/options/tfa/key", true],
  ["/spec/options/tfa/id", false],
  ["/spec/options/key", false],
  ["", false],
])("%s: %s", (pointer, isSecret) => expect(isSecretPlace(pointer)).toBe(isSecret));

test.each([
  ["from", true],
  ["frm", true],
  ["polcy", true],
  ["correct-horse-battery", false],
])("the field %s may be named: %s", (field, may) => expect(isNameable(field)).toBe(may));
