/** How a tag is shown within the text. */
import type { Tag } from "./content";

export function tagElement({ text, interactive }: Tag): HTMLElement {
  const element = document.createElement("span");
  element.className = "tag";
  element.textContent = text;
  if (interactive) element.dataset["interactive"] = "";
  return element;
}
