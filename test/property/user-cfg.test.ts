import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { accessStateFrom } from "../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../src/usercfg/parse.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import { writeUserCfg } from "../../src/usercfg/write.ts";

const release = releaseOf("9.2.11")!;
const rewrite = (text: string): string => writeUserCfg(parseUserCfg(text, release));

/** Fields that a line may hold, right and wrong, so that lines often refer to each other. */
const field = fc.oneof(
  fc.constantFrom("", "0", "1", " ", "a@pve", "b@pve", "a@pve!tk", "@g", "g", "R1", "PVEAuditor", "VM.Audit"),
  fc.constantFrom(
    "/",
    "/vms/100",
    "vms//0/",
    "p",
    "p/q/r",
    "100,101",
    "local",
    "%20x%3A",
    "1e+20",
    "a@pve,@g",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const line = fc
  .tuple(fc.constantFrom("user", "token", "group", "role", "pool", "acl"), fc.array(field, { maxLength: 8 }))
  .map(([kind, fields]) => [kind, ...fields].join(":"));
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(line, { maxLength: 20 }).map((lines) => lines.join("\n")),
);

test("any text is a file", () => {
  fc.assert(
    fc.property(text, (anything) => {
      expect(() => accessStateFrom(parseUserCfg(anything, release), release)).not.toThrow();
    }),
  );
});

// The first write may hold what is not read again (blanks at the ends, an expiry beyond all numbers), a second none.
test("what was written twice stays as it is", () => {
  fc.assert(
    fc.property(text, (anything) => {
      const twice = rewrite(rewrite(anything));
      expect(rewrite(twice)).toBe(twice);
    }),
  );
});

test("the order of a kind's lines says nothing where no two are about the same thing", () => {
  const lines = [
    ["user:a@pve:1:0:", "user:b@pve:0:0:", "user:c@pve:1:5:"],
    ["token:a@pve!t1:0:1::", "token:b@pve!t1:0:0::"],
    ["group:g1:a@pve,b@pve::", "group:g2:c@pve:x:"],
    ["role:R1:VM.Audit:", "role:R2::"],
    ["pool:p/q::100::", "pool:r::101:local:"],
    ["acl:1:/:a@pve,@g1:R1,R2:", "acl:0:/vms:b@pve!t1:PVEAuditor:", "acl:1:/vms/100:@g2:NoAccess:"],
  ];
  const shuffled = fc.tuple(
    ...lines.map((section) => fc.shuffledSubarray(section, { minLength: section.length })),
  );
  fc.assert(
    fc.property(shuffled, (sections) => {
      expect(rewrite(sections.flat().join("\n"))).toBe(rewrite(lines.flat().join("\n")));
    }),
  );
});
