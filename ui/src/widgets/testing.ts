/** For tests: a widget in a page, with a chat whose server is not there. */
import { ContextProvider } from "@lit/context";
import { vi, type Mock } from "vitest";

import { Chat, chatContext } from "../chat";
import { read } from "../options";
import type { Action } from "../protocol/requests";
import type { WidgetRoot } from "./components";
import { WidgetRootView } from "./widget-root";

// happy-dom has no popovers; what is tested here does not depend on where they are shown.
Object.assign(HTMLElement.prototype, {
  showPopover: () => undefined,
  hidePopover: () => undefined,
});

type Sends = Mock<(action: Action, itemId?: string) => Promise<void>>;

/** A widget that is shown, and what it does. */
export interface Mounted {
  readonly element: WidgetRootView;
  readonly tree: ShadowRoot;
  readonly chat: Chat;
  /** What the server is sent, with a stream as its answer and without one. */
  readonly act: Sends;
  readonly actAtOnce: Sends;
  readonly onAction: Mock<(action: Action, item: unknown) => Promise<void>>;
  /** Events of the element, by name. */
  readonly emitted: (name: string) => unknown[];
  find: (selector: string) => HTMLElement;
  all: (selector: string) => HTMLElement[];
  /** Show another tree, or the same one again. */
  show: (root: unknown) => Promise<void>;
  /** Let everything happen that is due. */
  settled: () => Promise<void>;
}

/** Show a widget. Its root may be anything: servers err. */
export async function mounted(root: unknown, itemId: string | null = "item"): Promise<Mounted> {
  const events: [string, unknown][] = [];
  const onAction: Mounted["onAction"] = vi.fn(() => Promise.resolve());
  const options = read({ api: { url: "/chatkit", domainKey: "local" }, widgets: { onAction } });
  const chat = new Chat(options, (name, detail) => events.push([name, detail]), location.href);
  chat.conversation.thread.update((thread) => ({ ...thread, id: "thread" }));
  const act: Sends = vi.fn(() => Promise.resolve());
  const actAtOnce: Sends = vi.fn(() => Promise.resolve());
  Object.assign(chat.conversation, { act, actAtOnce });

  const page = document.createElement("div");
  document.body.replaceChildren(page);
  new ContextProvider(page, { context: chatContext, initialValue: chat });
  const element = new WidgetRootView();
  element.root = root as WidgetRoot;
  element.itemId = itemId;
  page.append(element);
  const settled = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve));
    await element.updateComplete;
  };
  await settled();
  const tree = element.shadowRoot;
  if (tree === null) throw new Error("the widget rendered nothing");
  const all = (selector: string): HTMLElement[] => [
    ...tree.querySelectorAll<HTMLElement>(selector),
  ];
  return {
    element,
    tree,
    chat,
    act,
    actAtOnce,
    onAction,
    emitted: (name) => events.filter(([one]) => one === name).map(([, detail]) => detail),
    all,
    find: (selector) => {
      const [found] = all(selector);
      if (found === undefined) throw new Error(`no ${selector} in ${tree.innerHTML}`);
      return found;
    },
    show: async (next) => {
      element.root = next as WidgetRoot;
      await settled();
    },
    settled,
  };
}

/** A card with these components in it. */
export function card(...children: unknown[]): object {
  return { type: "Card", children };
}

/** Write into a field as a user does. */
export function enter(field: HTMLElement, value: string): void {
  (field as HTMLInputElement).value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
