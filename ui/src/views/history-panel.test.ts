import { describe, expect, it, vi } from "vitest";

import type { Thread } from "../protocol/items";
import { en } from "../texts";
import { focused } from "./focus";
import { staged, thread, type Answers, type Stage } from "./stage";

const page = (data: Thread[], after?: string): object => ({
  data,
  has_more: after !== undefined,
  after,
});

const SERVER: Answers = {
  "threads.list": ({ after }) =>
    after === undefined
      ? page([thread("t1", "Mountains"), thread("t2", null, 1)], "t2")
      : page([thread("t3", "<i>Sea</i>", 400)]),
  "threads.get_by_id": ({ thread_id }) => thread(String(thread_id), "Mountains"),
  "threads.update": ({ thread_id, title }) => thread(String(thread_id), String(title)),
  "threads.delete": () => ({}),
  "items.list": () => page([]),
};

async function listed(
  answers: Answers = {},
  options: Parameters<typeof staged>[0] = {},
): Promise<Stage> {
  const stage = await staged(options, { ...SERVER, ...answers });
  await stage.element.showHistory();
  await stage.settled();
  return stage;
}

const titles = (stage: Stage): string[] =>
  stage.findAll("chatkit-history-entry .title").map((one) => one.textContent.trim());

const press = (element: HTMLElement, key: string, shiftKey = false): boolean =>
  element.dispatchEvent(
    new KeyboardEvent("keydown", {
      key,
      shiftKey,
      bubbles: true,
      composed: true,
      cancelable: true,
    }),
  );

async function click(stage: Stage, selector: string, place = 0): Promise<void> {
  stage.findAll(selector).at(place)?.click();
  await stage.settled();
}

describe("the list of chats", () => {
  it("shows titles as text, by day, page after page", async () => {
    const stage = await listed();
    expect(titles(stage)).toEqual(["Mountains", en.untitled]);
    await click(stage, ".end .quiet");
    await vi.waitFor(() => expect(titles(stage)).toEqual(["Mountains", en.untitled, "<i>Sea</i>"]));
    expect(stage.findAll(".end .quiet")).toHaveLength(0);
    expect(stage.findAll("h3")).toHaveLength(3);
  });

  it("tells the page when it opens and closes, once", async () => {
    const stage = await listed();
    await stage.element.showHistory();
    await stage.element.hideHistory();
    await stage.element.hideHistory();
    expect(stage.seen.filter((name) => name.startsWith("history"))).toEqual([
      "history.open",
      "history.close",
    ]);
  });

  it("says that there is nothing", async () => {
    const stage = await listed({ "threads.list": () => page([]) });
    expect(stage.find(".state").textContent.trim()).toBe(en.noChats);
  });

  it("says that it could not be loaded, and tries again", async () => {
    let broken = true;
    const stage = await listed({
      "threads.list": () => (broken ? new Error("no") : page([thread("t1", "Mountains")])),
    });
    expect(stage.find("[role=alert].state").textContent).toContain(en.failedChats);
    expect(stage.seen).toContain("error");
    broken = false;
    stage.find(".state button").focus();
    await click(stage, ".state button");
    expect(titles(stage)).toEqual(["Mountains"]);
    expect(focused()).toBe(stage.find("[role=dialog]"));
  });

  it("opens a chat and closes", async () => {
    const stage = await listed();
    await click(stage, "chatkit-history-entry .title");
    expect(stage.findAll("chatkit-history")).toHaveLength(0);
    expect(stage.asked).toContainEqual({ type: "threads.get_by_id", params: { thread_id: "t1" } });
    await stage.element.showHistory();
    await stage.settled();
    expect(stage.find("[aria-current=true]").textContent.trim()).toBe("Mountains");
  });

  it("leaves the open chat as it is", async () => {
    const stage = await listed();
    await stage.element.setThreadId("t1");
    const before = stage.seen.filter((name) => name === "thread.change").length;
    await click(stage, "chatkit-history-entry .title");
    expect(stage.seen.filter((name) => name === "thread.change")).toHaveLength(before);
  });

  it("is not there without history", async () => {
    const stage = await listed({}, { history: { enabled: false } });
    expect(stage.findAll("chatkit-history")).toHaveLength(0);
    expect(stage.asked).toEqual([]);
  });

  it("closes when the page takes history away", async () => {
    const stage = await listed();
    const api = { url: "/chatkit", domainKey: "k" };
    stage.element.setOptions({ api, locale: "en", history: { enabled: false } });
    await stage.settled();
    expect(stage.findAll("chatkit-history")).toHaveLength(0);
    expect(stage.seen.at(-1)).toBe("history.close");
  });

  it("offers what the page allows", async () => {
    const stage = await listed({}, { history: { showDelete: false, showRename: false } });
    expect(stage.findAll("chatkit-history-entry .icon")).toHaveLength(0);
  });
});

describe("renaming", () => {
  async function renamed(stage: Stage, title: string): Promise<void> {
    await click(stage, "#rename");
    (stage.find("chatkit-history input") as HTMLInputElement).value = title;
    stage
      .find("chatkit-history form")
      .dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    await stage.settled();
  }

  it("gives the chat its title, in the list and above the chat", async () => {
    const stage = await listed();
    await stage.element.setThreadId("t1");
    await renamed(stage, "  Alps ");
    expect(stage.asked).toContainEqual({
      type: "threads.update",
      params: { thread_id: "t1", title: "Alps" },
    });
    expect(titles(stage)[0]).toBe("Alps");
    expect(stage.find("chatkit-header h1").textContent).toBe("Alps");
  });

  it("asks nothing for an empty title, or the same one", async () => {
    const stage = await listed();
    await renamed(stage, "   ");
    await renamed(stage, "Mountains");
    expect(stage.asked.filter(({ type }) => type === "threads.update")).toEqual([]);
    expect(titles(stage)[0]).toBe("Mountains");
  });

  it("stays where it is if the server refuses", async () => {
    const stage = await listed({ "threads.update": () => new Error("no") });
    await renamed(stage, "Alps");
    expect(stage.find("chatkit-history form [role=alert]").textContent).toContain(en.failedRequest);
    expect((stage.find("chatkit-history input") as HTMLInputElement).value).toBe("Alps");
    expect(stage.seen).toContain("error");
  });

  it("is given up with Escape; the list stays", async () => {
    const stage = await listed();
    await click(stage, "#rename");
    expect(focused()?.localName).toBe("input");
    press(stage.find("chatkit-history input"), "Escape");
    await stage.settled();
    expect(stage.findAll("chatkit-history input")).toHaveLength(0);
    expect(stage.findAll("chatkit-history")).toHaveLength(1);
    expect(focused()?.id).toBe("rename");
  });
});

describe("deleting", () => {
  it("asks first, and not with the focus on yes", async () => {
    const stage = await listed();
    await click(stage, "#delete");
    expect(stage.find("[role=alertdialog]").textContent).toContain("Mountains");
    expect(focused()?.textContent.trim()).toBe(en.cancel);
    await click(stage, ".cancel");
    expect(stage.asked.filter(({ type }) => type === "threads.delete")).toEqual([]);
    expect(focused()?.id).toBe("delete");
  });

  it("removes the chat, and the next one has the focus", async () => {
    const stage = await listed();
    await click(stage, "#delete");
    await click(stage, ".danger");
    expect(stage.asked).toContainEqual({ type: "threads.delete", params: { thread_id: "t1" } });
    expect(titles(stage)).toEqual([en.untitled]);
    expect(focused()?.textContent.trim()).toBe(en.untitled);
  });

  it("of the open chat begins a new one", async () => {
    const stage = await listed();
    await stage.element.setThreadId("t1");
    await click(stage, "#delete");
    await click(stage, ".danger");
    expect(stage.findAll("chatkit-start-screen")).toHaveLength(1);
  });

  it("keeps the chat if the server refuses", async () => {
    const stage = await listed({ "threads.delete": () => new Error("no") });
    await click(stage, "#delete");
    await click(stage, ".danger");
    expect(stage.find(".question [role=alert]").textContent).toContain(en.failedRequest);
    await click(stage, ".cancel");
    expect(titles(stage)).toContain("Mountains");
  });
});

describe("the focus", () => {
  it("goes to the list, and back when it closes", async () => {
    const stage = await staged({}, SERVER);
    const opener = stage.find("chatkit-header button");
    opener.focus();
    opener.click();
    await stage.settled();
    expect(focused()).toBe(stage.find("[role=dialog]"));
    press(stage.find("[role=dialog]"), "Escape");
    await stage.settled();
    expect(stage.findAll("chatkit-history")).toHaveLength(0);
    expect(focused()).toBe(opener);
  });

  it("stays within the list; the chat behind it is inert", async () => {
    const stage = await listed();
    const all = stage.findAll("chatkit-history button");
    const [first, last] = [all.at(0), all.at(-1)];
    last?.focus();
    press(last ?? document.body, "Tab");
    expect(focused()).toBe(first);
    press(first ?? document.body, "Tab", true);
    expect(focused()).toBe(last);
    expect(stage.find(".foot").inert).toBe(true);
  });
});
