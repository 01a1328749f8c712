/** For tests: a chat on a page, and a server that answers as it is told. */
import type { ChatKitOptions } from "@openai/chatkit";
import { vi } from "vitest";

import { ChatKitElement } from "../index";
import type { Thread } from "../protocol/items";

type Asked = { type: string; params: Record<string, unknown> };

/** What the server says to each request; an Error is a refusal, a Response is as it is. */
export type Answers = Record<string, (params: Record<string, unknown>) => unknown>;

export interface Stage {
  element: ChatKitElement;
  /** What the server was asked. */
  asked: Asked[];
  /** Names of the events that the page saw. */
  seen: string[];
  /** The first element that `findAll` finds; throws if there is none. */
  find(selector: string): HTMLElement;
  /** All that match, in whichever shadow roots they are; `a b` is any b anywhere within an a. */
  findAll(selector: string): HTMLElement[];
  /** Until everything that is on its way has been shown. */
  settled(): Promise<void>;
}

const EVENTS = ["history.open", "history.close", "thread.change", "error", "ready"];

/** Show a chat. Its server knows no threads unless `answers` say so. */
export async function staged(
  options: Omit<Partial<ChatKitOptions>, "api"> = {},
  answers: Answers = {},
): Promise<Stage> {
  document.body.replaceChildren();
  vi.stubGlobal("IntersectionObserver", Unseeing);
  const element = new ChatKitElement();
  const asked: Asked[] = [];
  const seen: string[] = [];
  for (const name of EVENTS) element.addEventListener(`chatkit.${name}`, () => seen.push(name));
  const fetch = server(asked, answers);
  document.body.append(element);
  element.setOptions({ locale: "en", ...options, api: { url: "/chatkit", domainKey: "k", fetch } });
  const findAll = (selector: string): HTMLElement[] =>
    selector
      .split(" ")
      .reduce<ParentNode[]>(
        (roots, part) => roots.flatMap((root) => within(root, part)),
        [element.renderRoot],
      ) as HTMLElement[];
  const stage: Stage = {
    element,
    asked,
    seen,
    findAll,
    find(selector) {
      const [found] = findAll(selector);
      if (found === undefined) throw new Error(`nothing is ${selector}`);
      return found;
    },
    async settled() {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setTimeout(done));
    },
  };
  await stage.settled();
  return stage;
}

/** A thread of the server; `age` in days. */
export function thread(id: string, title: string | null, age = 0): Thread {
  const created_at = new Date(Date.now() - age * 24 * 60 * 60 * 1000).toISOString();
  return {
    id,
    title,
    created_at,
    status: { type: "active" },
    items: { data: [], has_more: false },
  };
}

function server(asked: Asked[], answers: Answers): typeof fetch {
  const usual: Answers = { "threads.list": () => ({ data: [], has_more: false }), ...answers };
  return (_url, init) => {
    if (typeof init?.body !== "string") return Promise.resolve(new Response(null, { status: 404 }));
    const { type, params } = JSON.parse(init.body) as Asked;
    asked.push({ type, params });
    const answer = usual[type]?.(params) ?? new Error("refused");
    if (answer instanceof Response) return Promise.resolve(answer);
    return Promise.resolve(
      answer instanceof Error
        ? Response.json({ error: { code: "refused", message: answer.message } }, { status: 400 })
        : Response.json(answer),
    );
  };
}

function within(root: ParentNode, selector: string): HTMLElement[] {
  const shadow = root instanceof HTMLElement ? root.shadowRoot : null;
  return [...(shadow?.children ?? []), ...root.children].flatMap((child) => [
    ...(child instanceof HTMLElement && child.matches(selector) ? [child] : []),
    ...within(child, selector),
  ]);
}

/** Here nothing has a size, so nothing comes into sight. */
class Unseeing {
  observe(): void {
    // see above
  }
  disconnect(): void {
    // see above
  }
}
