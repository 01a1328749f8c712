import { describe, expect, test } from "vitest";

import { card, mounted } from "./testing";

const text = (value: string, more = {}) => ({ type: "Text", value, ...more });
const styleOf = (element: HTMLElement, name: string) => element.style.getPropertyValue(name);

describe("texts", () => {
  test("Text has its looks", async () => {
    const page = await mounted(
      card(
        text("x", {
          size: "lg",
          weight: "semibold",
          color: "secondary",
          textAlign: "end",
          italic: true,
          lineThrough: true,
          width: 80,
          minLines: 2,
          maxLines: 3,
        }),
        text("y", { truncate: true }),
      ),
    );
    const [one, two] = page.all(".text");
    expect(one?.className).toBe("text clamp");
    expect(one?.style.cssText).toMatch(/font-weight: 600/);
    expect(one?.querySelector("del")?.textContent).toBe("x");
    expect(one && styleOf(one, "--w-lines")).toBe("3");
    expect(one && styleOf(one, "inline-size")).toBe("80px");
    expect(two?.className).toBe("text truncate");
  });

  test("Title is a heading, Caption is smaller", async () => {
    const page = await mounted(
      card({ type: "Title", value: "T", size: "3xl" }, { type: "Caption", value: "C", size: "lg" }),
    );
    expect(page.find("h2").textContent.trim()).toBe("T");
    expect(page.find("h2").style.fontSize).toContain("2.25");
    expect(page.find(".caption").textContent.trim()).toBe("C");
  });

  test("Markdown is rendered by its own element, with the thread's image domains", async () => {
    const page = await mounted(
      card({ type: "Markdown", id: "m", value: "**x**", streaming: true }),
    );
    const [markdown] = page.tree.querySelectorAll("chatkit-markdown");
    expect([markdown?.text, markdown?.streaming, markdown?.imageDomains]).toEqual([
      "**x**",
      true,
      null,
    ]);
    page.chat.conversation.thread.update((one) => ({ ...one, allowedImageDomains: ["a.test"] }));
    await page.settled();
    expect(markdown?.imageDomains).toEqual(["a.test"]);
  });

  test("text that streams in goes on in the same element", async () => {
    const page = await mounted(card(text("Hel", { id: "t", streaming: true })));
    const before = page.find(".text");
    await page.show(card(text("Hello", { id: "t" })));
    expect(page.find(".text")).toBe(before);
    expect(before.textContent.trim()).toBe("Hello");
  });
});
