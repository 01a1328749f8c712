import { expect, test } from "vitest";

import { text } from "./content";
import { EditHistory, type Moment } from "./edit-history";

const moment = (value: string): Moment => ({ content: [text(value)], cursor: value.length });

test("undoes and redoes edits one by one", () => {
  const history = new EditHistory(moment(""));
  history.add(moment("a"), false);
  history.add(moment("ab"), false);
  expect(history.undo()).toEqual(moment("a"));
  expect(history.undo()).toEqual(moment(""));
  expect(history.undo()).toBeNull();
  expect(history.redo()).toEqual(moment("a"));
  expect(history.redo()).toEqual(moment("ab"));
  expect(history.redo()).toBeNull();
});

test("undoes what was typed without a pause in one step", () => {
  let now = 0;
  const history = new EditHistory(moment(""), () => now);
  history.add(moment("a"), true);
  now += 100;
  history.add(moment("ab"), true);
  now += 5000;
  history.add(moment("abc"), true);
  expect(history.undo()).toEqual(moment("ab"));
  expect(history.undo()).toEqual(moment(""));
});

test("an edit after undoing leaves nothing to redo", () => {
  const history = new EditHistory(moment(""));
  history.add(moment("a"), false);
  history.undo();
  history.add(moment("b"), false);
  expect(history.redo()).toBeNull();
  expect(history.undo()).toEqual(moment(""));
});
