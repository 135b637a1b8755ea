// The demo: a small company's access, kept as its manifests say. Everything happens on loopback and in a temporary folder
// that is removed at the end; a step that does not go as told ends the demo with status 1.

import { openStage } from "./stage.mjs";

const stage = await openStage();
const { chapter, say, rolecall, behindItsBack, expectDelivered } = stage;

try {
  say(
    "A simulated Proxmox VE server plays a small company: some thirty users, a third of them from a directory, groups, roles,",
    `tokens. It serves the real API on ${stage.url}; its files lie in a temporary folder.`,
    "Beside it lies manifests/: what the company's access should be, as it would lie in Git.",
  );

  chapter(
    "Are the manifests right?",
    "No server is asked for this. Mistakes would be shown all at once, with their place.",
  );
  await rolecall(["validate"], 0);

  chapter(
    "What would change?",
    "Only a plan: the credential that it uses can't write. Look at dieter.alt@pve, who left in October (and what is lost",
    "with him), at the PVEAdmin that somebody gave to nils.berg@pve by hand, and at what stays, at the bottom, and why.",
    "(--detailed-exitcode: status 2 says that changes are pending.)",
  );
  await rolecall(["plan", "--detailed-exitcode"], 2);

  chapter(
    "Apply it",
    "A person would see the plan again and be asked; --yes is for pipelines. What became of each change:",
  );
  await rolecall(["apply", "--yes"], 0, { from: "office: " });
  expectDelivered("deploy.env");
  say(
    "The secret of the new token ci@pve!deploy went straight into delivered/deploy.env, readable by its owner only.",
  );

  chapter("And now?", "The same question again: the server is what the manifests say.");
  await rolecall(["plan", "--detailed-exitcode"], 0);

  chapter(
    "Meanwhile, behind its back",
    "Somebody with the root password is in a hurry: makes a user, makes it an administrator, widens a role, and disables",
    "the wrong account.",
  );
  await behindItsBack("POST", "/access/users", { userid: "mallory@pve", comment: "temporary" });
  await behindItsBack("PUT", "/access/acl", { path: "/", users: "mallory@pve", roles: "Administrator" });
  await behindItsBack("PUT", "/access/roles/VMOperator", { privs: "VM.Config.Disk", append: "1" });
  await behindItsBack("PUT", "/access/users/tom.reiter@pve", { enable: "0" });

  chapter("The plan that mends it", "Four hurried changes, four lines of drift.");
  await rolecall(["plan", "--detailed-exitcode"], 2);
  await rolecall(["apply", "--yes"], 0, { from: "office: " });
  await rolecall(["plan", "--detailed-exitcode"], 0);

  stage.end("All went as told.");
} catch (error) {
  stage.end(`This did not go as told: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await stage.close();
}
