import { describe, expect, test } from "vitest";

import {
  dateOf,
  daysLater,
  firstDayOf,
  formatted,
  isWithin,
  monthsLater,
  today,
  weeksOf,
} from "./calendar";

describe("dates", () => {
  test("are taken from ISO dates and times as written, whatever the zone", () => {
    expect(dateOf("2030-01-02")).toBe("2030-01-02");
    expect(dateOf("2030-01-02T23:59:00-11:00")).toBe("2030-01-02");
    for (const none of ["2030-13-01", "tomorrow", "2030-01-02x", "", null, 7]) {
      expect(dateOf(none)).toBeNull();
    }
  });

  test("go across months, years and leap days", () => {
    expect(daysLater("2028-02-28", 1)).toBe("2028-02-29");
    expect(daysLater("2030-01-01", -1)).toBe("2029-12-31");
    expect(monthsLater("2030-01-31", 1)).toBe("2030-02-28");
    expect(monthsLater("2030-01-15", -12)).toBe("2029-01-15");
  });

  test("fill the weeks of a month", () => {
    const weeks = weeksOf("2030-02-10", 1);
    expect(weeks[0]).toEqual([
      "2030-01-28",
      "2030-01-29",
      "2030-01-30",
      "2030-01-31",
      "2030-02-01",
      "2030-02-02",
      "2030-02-03",
    ]);
    expect(weeks.at(-1)?.includes("2030-02-28")).toBe(true);
    expect(weeks).toHaveLength(5);
  });

  test("have bounds that belong to them", () => {
    expect(isWithin("2030-01-02", "2030-01-02", "2030-01-02")).toBe(true);
    expect(isWithin("2030-01-01", "2030-01-02", null)).toBe(false);
    expect(isWithin("2030-01-03", null, "2030-01-02")).toBe(false);
  });

  test("are written in the language, and weeks begin as there", () => {
    expect(formatted("2030-01-02", "de", { dateStyle: "long" })).toBe("2. Januar 2030");
    expect([0, 1, 6]).toContain(firstDayOf("en-US"));
    expect(firstDayOf("not a language")).toBe(1);
    expect(today(new Date(2030, 0, 2))).toBe("2030-01-02");
  });
});
