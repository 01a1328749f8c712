import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { byGroup, Suggestions, type Suggestion } from "./suggestions";

const named = (title: string, group: string | null = null): Suggestion => ({
  key: title,
  title,
  description: null,
  icon: null,
  group,
  choose: () => null,
});

const DELAY = 100;
const changed = vi.fn();
const failed = vi.fn();
let suggestions: Suggestions;

beforeEach(() => {
  vi.useFakeTimers();
  suggestions = new Suggestions(changed, failed, DELAY);
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

const typed = (text: string): void => suggestions.follow(text, text.length);
const pause = (ms = DELAY): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const titles = (): string[] | undefined => suggestions.open?.list.map(({ title }) => title);

describe("a search", () => {
  test("is made once the user pauses, for what is there then", async () => {
    const search = vi.fn((query: string) => Promise.resolve([named(query)]));
    suggestions.sources = { "@": search };
    typed("@a");
    typed("@ad");
    await pause();
    expect(search.mock.calls).toEqual([["ad"]]);
    expect(titles()).toEqual(["ad"]);
  });

  test("that comes late does not take the place of a later one", async () => {
    const slow = { a: 500, ad: 10 };
    suggestions.sources = {
      "@": async (query) => {
        await new Promise((resolve) => setTimeout(resolve, slow[query as "a" | "ad"]));
        return [named(query)];
      },
    };
    typed("@a");
    await pause();
    typed("@ad");
    await pause(1000);
    expect(titles()).toEqual(["ad"]);
  });

  test("that fails leaves an empty list and tells the page", async () => {
    const error = new Error("no");
    suggestions.sources = { "@": () => Promise.reject(error) };
    typed("@a");
    await pause();
    expect(failed).toHaveBeenCalledWith(error);
    expect(suggestions.open).toMatchObject({ list: [], isLoading: false });
  });

  test("narrows what is shown until the answer is there", async () => {
    suggestions.sources = { "@": () => Promise.resolve([named("Ada"), named("Bob")]) };
    typed("@");
    await pause();
    typed("@b");
    expect(titles()).toEqual(["Bob"]);
    expect(suggestions.open?.isLoading).toBe(true);
  });

  test("without result behind a space closes the list: it was a sentence", async () => {
    suggestions.sources = { "@": () => Promise.resolve([]) };
    typed("@nobody");
    await pause();
    expect(titles()).toEqual([]);
    typed("@nobody is");
    await pause();
    expect(suggestions.open).toBeNull();
  });
});

describe("the list", () => {
  beforeEach(async () => {
    suggestions.sources = {
      "@": () => Promise.resolve([named("Ada"), named("Bob"), named("Cleo")]),
    };
    typed("@");
    await pause();
  });

  test("is gone through around its ends", () => {
    suggestions.move(-1);
    expect(suggestions.open?.active).toBe(2);
    suggestions.move(1);
    expect(suggestions.open?.active).toBe(0);
  });

  test("stays away where it was dismissed, until there is another sign", () => {
    suggestions.dismiss();
    typed("@a");
    expect(suggestions.open).toBeNull();
    typed("@a @");
    expect(suggestions.open?.trigger.from).toBe(3);
  });

  test("closes when the cursor leaves it", () => {
    suggestions.follow("@a", 0);
    expect(suggestions.open).toBeNull();
  });
});

test("a command's own list is narrowed by typing, and Escape leads back", async () => {
  suggestions.sources = { "/": () => Promise.resolve([named("Insert")]) };
  typed("/");
  await pause();
  suggestions.nest([named("One"), named("Two")], { sign: "/", from: 0, query: "" });
  expect(titles()).toEqual(["One", "Two"]);
  typed("/tw");
  expect(titles()).toEqual(["Two"]);
  suggestions.dismiss();
  await pause();
  expect(titles()).toEqual(["Insert"]);
});

test("members of a group are side by side", () => {
  const list = [named("a", "X"), named("b", "Y"), named("c", "X")];
  expect(byGroup(list).map(({ title }) => title)).toEqual(["a", "c", "b"]);
});
