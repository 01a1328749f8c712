import { describe, expect, it } from "vitest";

import type { Thread } from "../protocol/items";
import { en, loadTexts } from "../texts";
import { byDay } from "./history-days";

const NOW = new Date(2025, 5, 12, 9, 0); // a Thursday

const at = (id: string, date: Date | string): Thread => ({
  id,
  title: id,
  created_at: typeof date === "string" ? date : date.toISOString(),
  status: { type: "active" },
  items: { data: [], has_more: false },
});

const titles = (threads: Thread[], texts = en): [string, string[]][] =>
  byDay(threads, texts, NOW).map(({ title, threads: ones }) => [title, ones.map(({ id }) => id)]);

describe("chats by day", () => {
  it("are of today, yesterday, days of the week, and months", () => {
    expect(
      titles([
        at("a", new Date(2025, 5, 12, 8)),
        at("b", new Date(2025, 5, 12, 0, 1)),
        at("c", new Date(2025, 5, 11, 23, 59)),
        at("d", new Date(2025, 5, 9, 12)),
        at("e", new Date(2025, 5, 1, 12)),
        at("f", new Date(2024, 11, 31, 12)),
      ]),
    ).toEqual([
      ["Today", ["a", "b"]],
      ["Yesterday", ["c"]],
      ["Monday", ["d"]],
      ["June 2025", ["e"]],
      ["December 2024", ["f"]],
    ]);
  });

  it("are of today if the server's clock is ahead", () => {
    expect(titles([at("a", new Date(2025, 5, 13, 1))])).toEqual([["Today", ["a"]]]);
  });

  it("are earlier if nobody knows when", () => {
    expect(titles([at("a", "once upon a time")])).toEqual([["Earlier", ["a"]]]);
  });

  it("have the names of their language", async () => {
    const texts = await loadTexts("fr");
    expect(titles([at("a", new Date(2025, 5, 9, 12))], texts)).toEqual([["Lundi", ["a"]]]);
  });
});
