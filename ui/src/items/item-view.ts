/** What the elements of items have in common: of an item, they show what this page knows. */
import type { PropertyDeclarations } from "lit";

import type { ThreadItem } from "../protocol/items";
import { knownOf } from "../protocol/known";
import { ChatView } from "../views/chat-view";

/** An element of an item. It tells the page, once, of what it leaves out. */
export abstract class ItemView<T extends ThreadItem> extends ChatView {
  static override properties: PropertyDeclarations = { item: { attribute: false } };
  declare item: T;

  /** The item without what is of unknown types; there is one whenever the view renders. */
  declare protected known: T;
  #looked: T | null = null;
  readonly #told = new Set<string>();

  override willUpdate(): void {
    if (this.#looked === this.item) return;
    this.#looked = this.item;
    const { item, unknown } = knownOf(this.item);
    this.known = item as T; // of the same type: only lists in it are shorter
    for (const { within, type } of unknown) this.#tell(within, type);
  }

  #tell(within: string, type: string): void {
    const { id } = this.item;
    const what = JSON.stringify([id, within, type]);
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.chat.emit("chatkit.log", { name: "item.unknown_part", data: { id, within, type } });
  }
}
