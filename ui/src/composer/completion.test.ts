import { describe, expect, it, vi } from "vitest";

import { Completion } from "./completion";
import { text, type Content } from "./content";
import type { Outcome, Suggestion } from "./suggestions";

const ADA = { type: "input_tag", id: "ada", text: "Ada", data: {}, interactive: false } as const;

/** A text in which "/" has been typed, with one command that takes as long as the test says. */
async function typed() {
  let finish: (outcome: Outcome) => void = () => undefined;
  const choose = vi.fn(() => new Promise<Outcome>((resolve) => (finish = resolve)));
  const command: Suggestion = {
    key: "slow",
    title: "Slow",
    description: null,
    icon: null,
    group: null,
    choose,
  };
  const content: Content = [text("/")];
  const replace = vi.fn();
  const completion = new Completion({
    content: () => content,
    replace,
    changed: () => undefined,
    failed: () => undefined,
  });
  completion.suggestions.sources = { "/": () => Promise.resolve([command]) };
  completion.suggestions.follow("/", 1);
  await vi.waitFor(() => expect(completion.suggestions.open?.list).toHaveLength(1));
  const press = (key: string): boolean => completion.takes(new KeyboardEvent("keydown", { key }));
  const end = async (): Promise<void> => {
    finish({ type: "tag", tag: ADA });
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { press, choose, replace, end };
}

describe("a command that takes its time", () => {
  it("is done once, however often it is chosen", async () => {
    const { press, choose, replace, end } = await typed();
    press("Enter");
    press("Enter");
    await end();
    expect(choose).toHaveBeenCalledOnce();
    expect(replace).toHaveBeenCalledExactlyOnceWith([ADA, text(" ")], { from: 0, to: 1 });
  });

  it("puts nothing into the text once its list is dismissed", async () => {
    const { press, replace, end } = await typed();
    press("Enter");
    press("Escape");
    await end();
    expect(replace).not.toHaveBeenCalled();
  });
});
