import { describe, expect, it } from "vitest";

import type { Question } from "../protocol/items";
import { answerOf, chosen, chosenOther, NOTHING } from "./answers";

const options = [{ value: "Red" }, { value: "Green" }];
const one: Question = { id: "q1", question: "Which?", type: "multiple_choice", options };
const many: Question = { ...one, multiple: true };
const free: Question = { id: "q3", question: "Why?", type: "freeform" };

describe("a question with one answer", () => {
  it("has none before one is chosen", () => expect(answerOf(one, NOTHING)).toBeNull());

  it("has the choice that was pressed last", () => {
    const given = chosen(one, chosen(one, NOTHING, "Red"), "Green");
    expect(answerOf(one, given)).toEqual({ values: ["Green"] });
  });

  it("has the user's own words instead of a choice", () => {
    const given = { ...chosenOther(one, chosen(one, NOTHING, "Red"), true), text: " Blue " };
    expect(answerOf(one, given)).toEqual({ values: ["Blue"] });
  });

  it("has none if another answer was chosen and not written", () => {
    expect(answerOf(one, chosenOther(one, NOTHING, true))).toBeNull();
  });

  it("forgets the own words when a choice is pressed again", () => {
    const given = { ...chosenOther(one, NOTHING, true), text: "Blue" };
    expect(answerOf(one, chosen(one, given, "Red"))).toEqual({ values: ["Red"] });
  });
});

describe("a question with several answers", () => {
  it("has all that were pressed, in the form's order", () => {
    const given = chosen(many, chosen(many, NOTHING, "Green"), "Red");
    expect(answerOf(many, given)).toEqual({ values: ["Red", "Green"] });
  });

  it("lets go of one that is pressed twice", () => {
    const given = chosen(many, chosen(many, NOTHING, "Red"), "Red");
    expect(answerOf(many, given)).toBeNull();
  });

  it("takes own words besides", () => {
    const given = { ...chosenOther(many, chosen(many, NOTHING, "Red"), true), text: "Blue" };
    expect(answerOf(many, given)).toEqual({ values: ["Red", "Blue"] });
  });
});

describe("a question in free form", () => {
  it("takes no blank answer", () => expect(answerOf(free, { ...NOTHING, text: " " })).toBeNull());

  it("takes what is written", () => {
    expect(answerOf(free, { ...NOTHING, text: "So" })).toEqual({ values: ["So"] });
  });
});

it("a skipped question is answered with nothing", () => {
  expect(answerOf(free, { ...NOTHING, text: "So", skipped: true })).toEqual({
    values: [],
    skipped: true,
  });
});
