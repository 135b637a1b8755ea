// What is most likely not meant: warnings, one a kind, on the state that the plan leads to.

import type { FindingCode } from "../model/finding-code.ts";
import type { Finding } from "../plan/plan.ts";
import type { Evidence } from "./evidence.ts";
import { entriesOnMissingPools, hiddenEntries } from "./lint-entries.ts";
import {
  tokensOfAdministrators,
  tokensOfDisabled,
  tokensWithoutEntries,
  unbackedEntries,
} from "./lint-tokens.ts";
import { wordNames } from "./wording.ts";

interface Rule {
  readonly code: FindingCode;
  readonly find: (evidence: Evidence) => readonly string[];
  /** Before the names. */
  readonly says: string;
}

const rules: readonly Rule[] = [
  {
    code: "token-without-acl",
    find: tokensWithoutEntries,
    says: "separated tokens without an ACL entry may do nothing",
  },
  {
    code: "token-entry-unbacked",
    find: unbackedEntries,
    says: "entries of separated tokens whose owner holds nothing of the role there, so that they give nothing",
  },
  {
    code: "token-of-administrator",
    find: tokensOfAdministrators,
    says: "tokens without privilege separation that may do all that an administrator may",
  },
  {
    code: "token-of-disabled-user",
    find: tokensOfDisabled,
    says: "tokens of disabled users, which work again with the user",
  },
  {
    code: "entry-hidden",
    find: hiddenEntries,
    says: "entries that a deeper one of the same subject replaces there, which gives nothing more",
  },
  {
    code: "pool-unknown",
    find: entriesOnMissingPools,
    says: "entries on pools that do not exist",
  },
];

export function findLint(evidence: Evidence): readonly Finding[] {
  return rules.flatMap(({ code, find, says }) => {
    const names = [...find(evidence)].sort();
    if (names.length === 0) return [];
    return [
      {
        severity: "warning",
        code,
        message: `${says}: ${wordNames(names)}`,
        changes: [],
        count: names.length,
      },
    ];
  });
}
