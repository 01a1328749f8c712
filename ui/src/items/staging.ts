/** A place for elements to be tested in: a chat whose server answers as the test says. */
import type { ChatKitEvents, ChatKitOptions } from "@openai/chatkit";
import { ContextProvider } from "@lit/context";
import { LitElement, render, type TemplateResult } from "lit";

import { Chat, chatContext } from "../chat";
import { read } from "../options";

/** A request as the server gets it. */
export interface Asked {
  type: string;
  params: Record<string, unknown>;
}

/** A chat with elements of it. */
export interface Stage {
  chat: Chat;
  /** What the element has told the page. */
  told: { name: keyof ChatKitEvents; detail: unknown }[];
  /** What the server was asked. */
  asked: Asked[];
  /** Show elements; returns the first when it and what is in it has rendered. */
  show: (template: TemplateResult) => Promise<HTMLElement>;
}

class StagingGround extends LitElement {
  readonly provider = new ContextProvider(this, { context: chatContext });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
customElements.define("chatkit-staging-ground", StagingGround);

/** @param answer The server's answer to a request; an empty object unless it says another. */
export function stage(
  options: Partial<ChatKitOptions> = {},
  answer: (asked: Asked) => Response = () => Response.json({}),
): Stage {
  const told: Stage["told"] = [];
  const asked: Asked[] = [];
  const fetched = (_url: unknown, init?: RequestInit): Promise<Response> => {
    const request = JSON.parse((init?.body ?? "{}") as string) as Asked;
    asked.push(request);
    return Promise.resolve(answer(request));
  };
  const api = {
    url: "https://chat.test/chatkit",
    domainKey: "test",
    fetch: fetched as typeof fetch,
  };
  const chat = new Chat(
    read({ api, ...options }),
    (name, detail) => told.push({ name, detail }),
    "https://chat.test/chatkit.js",
  );
  const ground = new StagingGround();
  ground.provider.setValue(chat);
  document.body.replaceChildren(ground);
  return {
    chat,
    told,
    asked,
    show: async (template) => {
      render(template, ground);
      await settled();
      return ground.firstElementChild as HTMLElement;
    },
  };
}

/** Wait until everything has rendered that was about to. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve));
}

/** The first element within `root`, its shadow roots included, that a selector finds. */
export function find(root: Element | ShadowRoot, selector: string): HTMLElement | null {
  return all(root, selector)[0] ?? null;
}

/** All elements within `root`, its shadow roots included, that a selector finds. */
export function all(root: Element | ShadowRoot, selector: string): HTMLElement[] {
  const scope = root instanceof Element ? (root.shadowRoot ?? root) : root;
  return [...scope.querySelectorAll<HTMLElement>("*")].flatMap((element) => [
    ...(element.matches(selector) ? [element] : []),
    ...(element.shadowRoot === null ? [] : all(element, selector)),
  ]);
}

/** The text that an element shows, its shadow roots included, blanks drawn together. */
export function shown(root: Element): string {
  const words = (node: Node): string => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
    if (!(node instanceof Element) || node.localName === "style") return "";
    if (node instanceof HTMLSlotElement) return node.assignedNodes().map(words).join(" ");
    return [...(node.shadowRoot ?? node).childNodes].map(words).join(" ");
  };
  return words(root).replace(/\s+/g, " ").trim();
}
