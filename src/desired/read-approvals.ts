import type { ManifestOf } from "../manifest/manifest.ts";
import { unapprovable } from "../model/finding-code.ts";
import type { ApprovedFinding } from "../model/target.ts";
import { quoted } from "../support/printable.ts";
import { refuse, type Reading } from "./reading.ts";

const annotation = "rolecall.dev/approve";

/** `rolecall.dev/approve: CODE=DIGEST`, several with commas or blanks between; what is no such thing is reported. */
export function readApprovals(reading: Reading<ManifestOf<"Target">>): readonly ApprovedFinding[] {
  const text = reading.manifest.document.metadata.annotations?.[annotation];
  if (text === undefined) return [];
  const words = text.split(/[\s,]+/u).filter((word) => word !== "");
  if (words.length === 0) refuseApproval(reading, `${annotation} approves nothing`);
  return words.flatMap((word) => {
    const [, code, digest] = /^([a-z]+(?:-[a-z]+)*)=([0-9a-f]{32})$/u.exec(word) ?? [];
    if (code === undefined || digest === undefined) {
      refuseApproval(reading, `${quoted(word)} in ${annotation} is not CODE=DIGEST`);
      return [];
    }
    const said = unapprovable(code);
    if (said) refuseApproval(reading, `${code} in ${annotation} ${said.problem}`, said.hint);
    return said ? [] : [{ code, digest }];
  });
}

function refuseApproval(
  reading: Reading<ManifestOf<"Target">>,
  message: string,
  hint = "the plan shows it with each error, as max-deletes= and 32 hexadecimal digits",
): void {
  const pointer = `/metadata/annotations/${annotation.replace("/", "~1")}`;
  refuse(reading, pointer, { code: "invalid-value", message, hint });
}
