import { expect, test } from "@jest/globals";
import { nodesOf } from "../../../src/access/nodes.ts";

test.each([
  ["/", ["/"]],
  ["/vms/100", ["/vms/100", "/vms", "/"]],
  ["/vms/100/", ["/vms/100", "/vms", "/"]],
  ["//vms//100", ["/vms/100", "/vms", "/vms", "/", "/"]],
  ["vms/100", ["/vms/100", "/vms"]],
  ["", []],
  ["///", []],
])("the nodes of %j, nearest first", (path, nodes) => {
  expect(nodesOf(path)).toEqual(nodes);
});
