/** `npx vitest bench`: each kind of text with half of its length and with all of it. */
import { bench, describe } from "vitest";

import { HOSTILE } from "./hostile";
import { lex } from "./lexer";

for (const [kind, textOf] of Object.entries(HOSTILE)) {
  describe(kind, () => {
    for (const length of [50_000, 100_000]) {
      const text = textOf(length);
      bench(`${length} characters`, () => void lex(text), { iterations: 2, time: 0 });
      bench(`${length} characters, growing`, () => void lex(text, undefined, true), {
        iterations: 2,
        time: 0,
      });
    }
  });
}
