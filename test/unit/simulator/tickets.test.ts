import { describe, expect, test } from "@jest/globals";
import { isSame, openTicketOffice } from "../../../src/simulator/tickets.ts";
import { aClock } from "../../support/wound-clock.ts";

const hour = 3_600_000;

describe("tickets", () => {
  test("name their user, whatever is in the name", () => {
    const clock = aClock();
    const office = openTicketOffice(() => clock.now());
    for (const user of ["joe@pve", "a@b@pve", "user!tok@pve", "a,b;c@pve"])
      expect(office.userOf(office.issue(user).ticket)).toBe(user);
  });

  test("hold two hours", () => {
    const clock = aClock();
    const office = openTicketOffice(() => clock.now());
    const { ticket, csrfToken } = office.issue("joe@pve");
    clock.wind(2 * hour - 1000);
    expect(office.userOf(ticket)).toBe("joe@pve");
    expect(office.ownsCsrfToken("joe@pve", csrfToken)).toBe(true);
    clock.wind(1000);
    expect(office.userOf(ticket)).toBeUndefined();
    expect(office.ownsCsrfToken("joe@pve", csrfToken)).toBe(false);
  });

  test("of another office, another user or another time are none", () => {
    const clock = aClock();
    const office = openTicketOffice(() => clock.now());
    const { ticket, csrfToken } = office.issue("joe@pve");
    expect(openTicketOffice(() => clock.now()).userOf(ticket)).toBeUndefined();
    expect(office.userOf(ticket.replace("joe", "root"))).toBeUndefined();
    expect(office.userOf(`${ticket}x`)).toBeUndefined();
    expect(office.ownsCsrfToken("root@pam", csrfToken)).toBe(false);
    expect(office.userOf(csrfToken)).toBeUndefined();
  });

  test.each(["", "garbage", "PVE:root@pam:00000000::AAAA", "00000000:AAAA", "PVE:::", "::"])(
    "garbage is none: %j",
    (text) => {
      const office = openTicketOffice(() => 0);
      expect(office.userOf(text)).toBeUndefined();
      expect(office.ownsCsrfToken("root@pam", text)).toBe(false);
    },
  );

  test("texts are the same only if they are", () => {
    expect(isSame("abc", "abc")).toBe(true);
    expect(isSame("abc", "abd")).toBe(false);
    expect(isSame("abc", "ab")).toBe(false);
  });
});
