/** What a message says, from the page's words for it to the protocol's. */
import type { OpenAIChatKit } from "@openai/chatkit";

import type { UserContent } from "../protocol/items";

/** Parts of a message as the page gives them: a tag may come without data. */
export type GivenContent = NonNullable<Parameters<OpenAIChatKit["setComposerValue"]>[0]["content"]>;

/** The parts as a request has them: each tag with its data, and with none if it has none. */
export function contentOf(given: string | GivenContent): UserContent[] {
  if (typeof given === "string") return [{ type: "input_text", text: given }];
  return given.map((part) =>
    part.type === "input_tag" ? { ...part, data: part.data ?? {} } : part,
  );
}
