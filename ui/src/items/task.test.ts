import { html } from "lit";
import { describe, expect, it } from "vitest";

import type { Task } from "../protocol/items";
import { en } from "../texts/en";
import { find, shown, stage } from "./staging";
import { titleOf } from "./task";
import "./task-item";

async function shownTask(task: Task): Promise<HTMLElement> {
  return stage().show(html`<chatkit-task .task=${task} .streaming=${false}></chatkit-task>`);
}

describe("titleOf", () => {
  it.each<[Task, string]>([
    [{ type: "custom", title: "Own" }, "Own"],
    [{ type: "web_search" }, "Searching the web"],
    [{ type: "web_search", title_query: "sky" }, "Searched for “sky”"],
    [{ type: "file" }, "Read files"],
    [{ type: "image" }, "Image"],
    [{ type: "thought", content: "So" }, ""],
  ])("of %j is %j", (task, words) => expect(titleOf(task, en)).toBe(words));
});

describe("<chatkit-task>", () => {
  it("says in words what its mark says", async () => {
    const task: Task = { type: "custom", title: "Step" };
    expect(shown(await shownTask({ ...task, status_indicator: "loading" }))).toBe("Working Step");
    expect(shown(await shownTask({ ...task, status_indicator: "complete" }))).toBe("Done Step");
  });

  it("shows queries, and links sites by their hosts", async () => {
    const element = await shownTask({
      type: "web_search",
      queries: ["blue sky"],
      sources: [{ type: "url", title: "On the sky", url: "https://www.example.test/sky" }],
    });
    const link = find(element, "a");
    expect(shown(element)).toContain("blue sky");
    expect(link?.textContent).toBe("example.test");
    expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow");
  });

  it("links no site whose address could run something", async () => {
    const element = await shownTask({
      type: "web_search",
      sources: [{ type: "url", title: "Trap", url: "javascript:alert(1)" }],
    });
    expect(find(element, "a")).toBeNull();
    expect(shown(element)).toContain("Trap");
  });

  it("shows nothing of a type that it does not know, and tells the page", async () => {
    const scene = stage();
    const item = { id: "t", thread_id: "thr", created_at: "2026-01-01T00:00:00Z", type: "task" };
    const task = { type: "dream", title: "Odd" };
    const element = await scene.show(
      html`<chatkit-task-item
        .item=${{ ...item, task }}
        .imageDomains=${null}
      ></chatkit-task-item>`,
    );
    expect(shown(element)).toBe("");
    expect(scene.told.map(({ name }) => name)).toEqual(["chatkit.log"]);
  });
});
