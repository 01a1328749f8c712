/** What the user has chosen and written in a form, until it is sent (pure). */
import type { Question, StructuredAnswer } from "../protocol/items";

/** One question's answer in the making. */
export interface Given {
  choices: readonly string[];
  /** Whether the answer of the user's own words counts. */
  other: boolean;
  text: string;
  skipped: boolean;
}

/** Before anything has been chosen or written. */
export const NOTHING: Given = { choices: [], other: false, text: "", skipped: false };

/** What is given after a choice was pressed. */
export function chosen(question: Question, given: Given, value: string): Given {
  if (!takesSeveral(question)) return { ...given, choices: [value], other: false };
  const choices = given.choices.includes(value)
    ? given.choices.filter((one) => one !== value)
    : [...given.choices, value];
  return { ...given, choices };
}

/** What is given after "another answer" was chosen, or left again. */
export function chosenOther(question: Question, given: Given, other: boolean): Given {
  return { ...given, other, choices: other && !takesSeveral(question) ? [] : given.choices };
}

/** The answer as a request says it; null as long as there is none. */
export function answerOf(question: Question, given: Given): StructuredAnswer | null {
  if (given.skipped) return { values: [], skipped: true };
  const text = given.text.trim();
  const own = text !== "" && (question.type === "freeform" || given.other) ? [text] : [];
  if (question.type === "freeform") return own.length > 0 ? { values: own } : null;
  // in the order of the form, however they were pressed
  const choices = question.options
    .map(({ value }) => value)
    .filter((value) => given.choices.includes(value));
  const isHalf = given.other && own.length === 0;
  const values = [...choices, ...own];
  return values.length > 0 && !isHalf ? { values } : null;
}

/** Whether more than one answer may be chosen. */
export function takesSeveral(question: Question): boolean {
  return question.type === "multiple_choice" && (question.multiple ?? false);
}
