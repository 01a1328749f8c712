/** How a tag is shown within the text: as everywhere else, and edited as a whole. */
import { entityOfTag } from "../items/entity";
import type { Tag } from "./content";

/** A tag's element. One that is interactive is a button, with the page's preview. */
export function tagElement(tag: Tag): HTMLElement {
  const chip = document.createElement("chatkit-entity");
  chip.entity = entityOfTag(tag);
  chip.contentEditable = "false";
  return chip;
}
