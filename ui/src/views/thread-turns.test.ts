import { describe, expect, it } from "vitest";

import type { AssistantMessageItem, UserMessageItem } from "../protocol/items";
import { turnsOf } from "./thread-turns";

const base = { thread_id: "thr", created_at: "2026-01-01T00:00:00Z" };

function asked(id: string): UserMessageItem {
  return {
    ...base,
    id,
    type: "user_message",
    content: [{ type: "input_text", text: id }],
    attachments: [],
    inference_options: {},
  };
}

function said(id: string): AssistantMessageItem {
  return { ...base, id, type: "assistant_message", content: [] };
}

const [u1, a1, u2, a2] = [asked("u1"), said("a1"), asked("u2"), said("a2")];

describe("turnsOf", () => {
  it("begins a turn with each message of the user", () => {
    const turns = turnsOf([u1, a1, u2, a2], null, []);
    expect(turns.map(({ user, items }) => [user?.id, items.map(({ id }) => id)])).toEqual([
      ["u1", ["a1"]],
      ["u2", ["a2"]],
    ]);
  });

  it("keeps the turns that did not change", () => {
    const before = turnsOf([u1, a1, u2, a2], null, []);
    const after = turnsOf([u1, a1, u2, { ...a2 }], null, before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });

  it("shows the message on its way as the last turn", () => {
    const turns = turnsOf([u1, a1], asked("sent-1"), []);
    expect(turns.at(-1)).toMatchObject({ key: "sent-1", isSent: true });
  });

  it("keeps the key of a message that was on its way when the server has stored it", () => {
    const before = turnsOf([u1, a1], asked("sent-1"), []);
    const stored = turnsOf([u1, a1, u2], null, before);
    expect(stored.at(-1)).toMatchObject({ key: "sent-1", user: u2, isSent: false });
    const later = turnsOf([u1, a1, u2, a2], null, stored);
    expect(later.at(-1)?.key).toBe("sent-1");
  });

  it("does not give that key to an older turn if the message was refused", () => {
    const before = turnsOf([u1, a1], asked("sent-1"), []);
    expect(turnsOf([u1, a1], null, before).map(({ key }) => key)).toEqual(["u1"]);
  });

  it("keeps the key of a turn whose message comes with an older page", () => {
    const before = turnsOf([a1, u2, a2], null, []);
    const after = turnsOf([u1, a1, u2, a2], null, before);
    expect(after.map(({ key }) => key)).toEqual(["a1", "u2"]);
    expect(after[1]).toBe(before[1]);
  });
});
