import { describe, expect, it } from "vitest";

import type { ItemUpdate, ThreadStreamEvent } from "../protocol/events";
import type { AssistantMessageItem, ThreadItem, UserMessageItem } from "../protocol/items";
import { fold, NO_THREAD, type ThreadState } from "./fold";

const of = { thread_id: "thr", created_at: "2026-01-01T00:00:00Z" };
const ANSWER: AssistantMessageItem = { ...of, type: "assistant_message", id: "a", content: [] };
const QUESTION: UserMessageItem = {
  ...of,
  type: "user_message",
  id: "u",
  content: [{ type: "input_text", text: "Why?" }],
  attachments: [],
  quoted_text: null,
  inference_options: { tool_choice: null, model: null },
};

const added = (item: ThreadItem): ThreadStreamEvent => ({ type: "thread.item.added", item });
const done = (item: ThreadItem): ThreadStreamEvent => ({ type: "thread.item.done", item });
const updated = (update: ItemUpdate, item_id = "a"): ThreadStreamEvent => ({
  type: "thread.item.updated",
  item_id,
  update,
});
const delta = (text: string, content_index = 0): ThreadStreamEvent =>
  updated({ type: "assistant_message.content_part.text_delta", content_index, delta: text });

/** The state after events, numbered from 1. */
function after(...events: ThreadStreamEvent[]): ThreadState {
  return events.reduce(
    (state, event, index) => fold(state, { event, id: `run_1:${index + 1}`, isAnew: false }),
    NO_THREAD,
  );
}

function textOf(state: ThreadState): string[] {
  return state.items.flatMap((item) =>
    item.type === "assistant_message" ? item.content.map((part) => part.text) : [],
  );
}

describe("an answer", () => {
  it("grows by its deltas and is open until it is done", () => {
    const state = after(done(QUESTION), added(ANSWER), delta("Be"), delta("cause"));
    expect(textOf(state)).toEqual(["Because"]);
    expect([...state.open]).toEqual(["a"]);
    const content = [{ type: "output_text" as const, text: "Because.", annotations: [] }];
    const ended = fold(state, {
      event: done({ ...ANSWER, content }),
      id: "run_1:9",
      isAnew: false,
    });
    expect(textOf(ended)).toEqual(["Because."]);
    expect(ended.open.size).toBe(0);
  });

  it("has a part for each content index, also one that was not announced", () => {
    expect(textOf(after(added(ANSWER), delta("second", 1)))).toEqual(["", "second"]);
    const state = after(added(ANSWER));
    expect(fold(state, { event: delta("x", -1), id: null, isAnew: false }).items).toEqual(
      state.items,
    );
  });

  it("has annotations where they belong, told twice or not", () => {
    const annotation = {
      type: "annotation",
      source: { type: "file", filename: "a.pdf", title: "A" },
    };
    const update = {
      type: "assistant_message.content_part.annotation_added",
      content_index: 0,
      annotation_index: 0,
      annotation,
    } as ItemUpdate;
    const [item] = after(added(ANSWER), delta("A"), updated(update), updated(update)).items;
    expect(item).toMatchObject({ content: [{ text: "A", annotations: [annotation] }] });
  });

  it("is not changed by updates of other items or of other kinds", () => {
    const state = after(added(ANSWER), delta("A"));
    const others = [
      updated(
        { type: "assistant_message.content_part.text_delta", content_index: 0, delta: "B" },
        "x",
      ),
      updated({ type: "workflow.task.added", task_index: 0, task: { type: "custom" } }),
      { type: "of.a.later.protocol" } as unknown as ThreadStreamEvent,
    ];
    for (const event of others)
      expect(fold(state, { event, id: null, isAnew: false })).toMatchObject(state);
  });

  it("that is told anew replaces what was shown of it, and nothing else", () => {
    const before = after(done(QUESTION), added(ANSWER), delta("Half an ans"));
    const own = { ...before, answer: { ...before.answer, items: ["a"], runId: "run_1" } };
    const retold = (event: ThreadStreamEvent, isAnew: boolean) => ({
      event,
      id: "run_1:0",
      isAnew,
    });
    const first = fold(own, retold(added({ ...ANSWER, id: "b" }), true));
    expect(first.items.map(({ id }) => id)).toEqual(["u", "b"]);
    expect(first.answer.runId).toBe("run_1");
    const second = fold(first, retold(added({ ...ANSWER, id: "c" }), false));
    expect(second.items.map(({ id }) => id)).toEqual(["u", "b", "c"]);
  });

  it("whose telling broke off and begins again has its notices and effects once", () => {
    const notice = { type: "notice", level: "info", message: "Slow today." } as const;
    const effect = { type: "client_effect", name: "confetti" } as const;
    const telling = [notice, effect].map((event, place) => ({
      event,
      id: "run_1:0",
      isAnew: place === 0,
    }));
    const state = [...telling, ...telling].reduce(fold, NO_THREAD);
    expect(state.answer.notices).toEqual([notice]);
    expect(state.answer.effects).toBe(1);
  });
});

describe("items", () => {
  it("are put in the place of the one with their id, else at the end", () => {
    const state = after(done(QUESTION), added(ANSWER), {
      type: "thread.item.replaced",
      item: { ...QUESTION, quoted_text: "said before" },
    });
    expect(state.items.map(({ id }) => id)).toEqual(["u", "a"]);
    expect(state.items[0]).toMatchObject({ quoted_text: "said before" });
  });

  it("are removed, open ones too", () => {
    const state = after(added(ANSWER), { type: "thread.item.removed", item_id: "a" });
    expect(state.items).toEqual([]);
    expect(state.open.size).toBe(0);
  });

  it("are the same objects as long as nothing changes them", () => {
    const before = after(done(QUESTION), added(ANSWER));
    const state = fold(before, { event: delta("A"), id: null, isAnew: false });
    expect(state.items[0]).toBe(before.items[0]);
    expect(before.items[1]).toMatchObject({ content: [] });
  });
});

describe("what goes on", () => {
  it("is shown until the answer has something of its own to show", () => {
    const progress = { type: "progress_update", text: "Looking" } as const;
    expect(after(progress).answer.progress).toEqual(progress);
    expect(after(progress, done(QUESTION)).answer.progress).toEqual(progress);
    expect(after(progress, done(ANSWER)).answer.progress).toBeNull();
  });

  it("is over with an error; notices add up", () => {
    const error = { type: "error", code: "custom", allow_retry: true } as const;
    const notice = { type: "notice", level: "info", message: "Slow today." } as const;
    const { answer } = after({ type: "progress_update", text: "Looking" }, notice, notice, error);
    expect(answer).toMatchObject({ error, progress: null, notices: [notice, notice] });
  });

  it("can be stopped unless the server says otherwise", () => {
    expect(after().answer.allowCancel).toBe(true);
    const options = { type: "stream_options", stream_options: { allow_cancel: false } } as const;
    expect(after(options).answer.allowCancel).toBe(false);
  });

  it("names and locks the thread", () => {
    const thread = {
      id: "thr",
      title: "Why",
      created_at: of.created_at,
      status: { type: "locked", reason: "paid up" },
      metadata: {},
      items: { data: [], has_more: false, after: null },
    } as const;
    const state = after({ type: "thread.updated", thread } as unknown as ThreadStreamEvent);
    expect(state).toMatchObject({ id: "thr", title: "Why", status: { type: "locked" } });
  });
});
