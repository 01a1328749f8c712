import { describe, expect, it, vi } from "vitest";

import { en } from "../texts";
import { staged, thread, type Stage } from "./stage";

const title = (stage: Stage): string => stage.find("chatkit-header h1").textContent.trim();
const within = (stage: Stage): HTMLElement[] => stage.findAll("chatkit-header button");
const names = (stage: Stage): (string | null)[] =>
  within(stage).map((button) => button.getAttribute("aria-label"));

const server = {
  "threads.get_by_id": () => thread("t1", "<b>Mountains</b>"),
  "items.list": () => ({ data: [], has_more: false }),
};

describe("the header", () => {
  it("has the page's title, or the thread's, or says that the chat is new", async () => {
    expect(title(await staged({ header: { title: { text: "Support" } } }))).toBe("Support");
    const stage = await staged({}, server);
    expect(title(stage)).toBe(en.newChat);
    await stage.element.setThreadId("t1");
    await stage.settled();
    expect(title(stage)).toBe("<b>Mountains</b>");
  });

  it("can be without a title, or not be there; the chat still has its heading", async () => {
    const bare = await staged({ header: { title: { enabled: false } }, frameTitle: "Help desk" });
    expect(bare.findAll("chatkit-header")).toHaveLength(1);
    expect(bare.find("h1").textContent).toBe("Help desk");
    const none = await staged({ header: { enabled: false } });
    expect(none.findAll("chatkit-header")).toHaveLength(0);
    expect(none.find("h1").textContent).toBe(en.chat);
  });

  it("has the page's buttons at both ends, with names", async () => {
    const left = vi.fn();
    const right = vi.fn();
    const stage = await staged({
      header: {
        leftAction: { icon: "sidebar-left", onClick: left },
        rightAction: { icon: "settings-cog", onClick: right },
      },
    });
    expect(names(stage)).toEqual([en.actionSidebar, en.showHistory, en.actionSettings]);
    within(stage).at(0)?.click();
    expect([left.mock.calls.length, right.mock.calls.length]).toEqual([1, 0]);
    within(stage).at(-1)?.click();
    expect(right).toHaveBeenCalledOnce();
  });

  it("begins a new chat once there is one", async () => {
    const stage = await staged({ history: { enabled: false } }, server);
    expect(names(stage)).toEqual([]);
    await stage.element.setThreadId("t1");
    await stage.settled();
    expect(names(stage)).toEqual([en.newChat]);
    within(stage).at(0)?.click();
    await stage.settled();
    expect(title(stage)).toBe(en.newChat);
    expect(stage.findAll("chatkit-start-screen")).toHaveLength(1);
  });

  it("opens the list of chats", async () => {
    const stage = await staged();
    const button = within(stage).at(0);
    expect(button?.getAttribute("aria-expanded")).toBe("false");
    button?.click();
    await stage.settled();
    expect(stage.findAll("chatkit-history")).toHaveLength(1);
    expect(button?.getAttribute("aria-expanded")).toBe("true");
  });
});
