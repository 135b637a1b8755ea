import { describe, expect, test } from "@jest/globals";
import { pve } from "../../../src/model/pve.ts";
import type { RequestShape, Write } from "../../../src/plan/plan.ts";
import { requestFor } from "../../../src/plan/requests.ts";
import {
  aGroup,
  aGroupId,
  aRole,
  aRoleId,
  aSubject,
  aToken,
  aTokenId,
  aUser,
  aUserId,
} from "../../support/builders.ts";
import { aDelivery } from "../../support/desired-builders.ts";

const hour = { secondsAhead: 3600 };
const path = pve.normalizeAclPath("/vms/100");
const everyField = { expire: 7, firstName: "Jö", lastName: "Doe", email: "j@x.org", comment: "a, b" };

describe("the request that does a write", () => {
  test.each<[string, Write, RequestShape]>([
    [
      "a bare user, nothing but its id and that it may log in",
      { kind: "create-user", user: aUser(), groups: [] },
      { method: "POST", path: "/access/users", parameters: { userid: "joe@pve", enable: "1" } },
    ],
    [
      "a full user, its password by name only",
      {
        kind: "create-user",
        user: aUser("joe@pve", { ...everyField, enabled: false }),
        groups: [aGroupId("a"), aGroupId("b")],
        password: { kind: "given", from: { source: "env", name: "P" } },
      },
      {
        method: "POST",
        path: "/access/users",
        parameters: {
          userid: "joe@pve",
          enable: "0",
          expire: "7",
          firstname: "Jö",
          lastname: "Doe",
          email: "j@x.org",
          comment: "a, b",
          groups: "a,b",
          password: { secret: "env P" },
        },
      },
    ],
    [
      "an update sends what changes, and an empty text to clear",
      { kind: "update-user", id: aUserId("joe@pve"), set: { comment: "", expire: 0 } },
      { method: "PUT", path: "/access/users/joe%40pve", parameters: { expire: "0", comment: "" } },
    ],
    [
      "no groups at all is an empty list, not a missing one",
      { kind: "update-user", id: aUserId("joe@pve"), set: {}, groups: [] },
      { method: "PUT", path: "/access/users/joe%40pve", parameters: { groups: "" } },
    ],
    [
      "ids are encoded",
      { kind: "delete-user", id: aUserId("a%b#?ö&@pve") },
      { method: "DELETE", path: "/access/users/a%25b%23%3F%C3%B6%26%40pve", parameters: {} },
    ],
    [
      "a group",
      { kind: "create-group", group: aGroup("ops", [], "day") },
      { method: "POST", path: "/access/groups", parameters: { groupid: "ops", comment: "day" } },
    ],
    [
      "a group without its comment",
      { kind: "update-group", id: aGroupId("ops"), comment: "" },
      { method: "PUT", path: "/access/groups/ops", parameters: { comment: "" } },
    ],
    [
      "a group that goes",
      { kind: "delete-group", id: aGroupId("ops") },
      { method: "DELETE", path: "/access/groups/ops", parameters: {} },
    ],
    [
      "a role",
      { kind: "create-role", role: aRole("R", ["VM.Console", "VM.Audit"]) },
      { method: "POST", path: "/access/roles", parameters: { roleid: "R", privs: "VM.Audit,VM.Console" } },
    ],
    [
      "a role that is emptied",
      { kind: "update-role", role: aRole("R", []) },
      { method: "PUT", path: "/access/roles/R", parameters: { privs: "" } },
    ],
    [
      "a role that goes",
      { kind: "delete-role", id: aRoleId("R") },
      { method: "DELETE", path: "/access/roles/R", parameters: {} },
    ],
    [
      "a grant says its flag either way",
      {
        kind: "grant",
        path,
        subjects: [
          aSubject("user:joe@pve"),
          aSubject("group:a"),
          aSubject("token:x@pve!tok"),
          aSubject("group:b"),
        ],
        roles: [aRoleId("R"), aRoleId("S")],
        propagate: false,
      },
      {
        method: "PUT",
        path: "/access/acl",
        parameters: {
          path: "/vms/100",
          roles: "R,S",
          users: "joe@pve",
          groups: "a,b",
          tokens: "x@pve!tok",
          propagate: "0",
        },
      },
    ],
    [
      "a revoke",
      { kind: "revoke", path, subjects: [aSubject("group:a")], roles: [aRoleId("R")] },
      {
        method: "PUT",
        path: "/access/acl",
        parameters: { path: "/vms/100", roles: "R", groups: "a", delete: "1" },
      },
    ],
    [
      "a token lives an hour, whatever is declared",
      {
        kind: "create-token",
        token: aToken("x@pve!tok", { comment: "CI", expire: 9, privilegeSeparation: false }),
        deliveries: [aDelivery()],
      },
      {
        method: "POST",
        path: "/access/users/x%40pve/token/tok",
        parameters: { comment: "CI", privsep: "0", expire: hour },
      },
    ],
    [
      "a new secret likewise",
      { kind: "reissue-token", id: aTokenId("x@pve!tok"), deliveries: [aDelivery()] },
      {
        method: "PUT",
        path: "/access/users/x%40pve/token/tok",
        parameters: { regenerate: "1", expire: hour },
      },
    ],
    [
      "a token is updated",
      {
        kind: "update-token",
        id: aTokenId("x@pve!tok"),
        set: { expire: 0, comment: "", privilegeSeparation: true },
      },
      {
        method: "PUT",
        path: "/access/users/x%40pve/token/tok",
        parameters: { privsep: "1", expire: "0", comment: "" },
      },
    ],
    [
      "a token of a user with ! in its name",
      { kind: "delete-token", id: aTokenId("a!b@pve!tok") },
      { method: "DELETE", path: "/access/users/a!b%40pve/token/tok", parameters: {} },
    ],
  ])("%s", (_, write, request) => {
    expect(requestFor(write)).toEqual(request);
  });
});
