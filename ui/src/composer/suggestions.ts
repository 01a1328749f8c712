/** What the composer suggests for "@" and "/": asked for while the user types, chosen from a list. */
import { Latest } from "./latest";
import type { Tag } from "./content";
import { triggerAt, type Sign, type Trigger } from "./trigger";

/** One entry of the list. */
export interface Suggestion {
  key: string;
  title: string;
  description: string | null;
  icon: string | null;
  group: string | null;
  /** Do what it stands for; returns what that puts into the text, or in the list's place. */
  choose(): Outcome | Promise<Outcome>;
}

/** A tag in the place of what was typed, another list, or nothing but an effect. */
export type Outcome =
  { type: "tag"; tag: Tag } | { type: "menu"; suggestions: Suggestion[] } | null;

/** What is suggested for a query; it may reject, which is told to the page. */
export type Search = (query: string) => Promise<Suggestion[]>;
/** The search of each sign that has one: others are only text. */
export type Sources = Partial<Record<Sign, Search>>;

/** The list that is open. */
export interface Suggested {
  trigger: Trigger;
  list: readonly Suggestion[];
  /** Index of the one that Enter chooses. */
  active: number;
  isLoading: boolean;
}

/** The open list; its owner hears of each change and shows it. */
export class Suggestions {
  sources: Sources = {};
  #open: Suggested | null = null;
  /** Where a list was dismissed: it stays away until the sign is another. */
  #dismissed: string | null = null;
  /** Lists that commands led to, the last one on top; typing narrows it. */
  #menus: Suggestion[][] = [];
  readonly #search: Latest<Trigger, Suggestion[]>;

  constructor(
    private readonly changed: () => void,
    failed: (error: unknown) => void,
    delayMs?: number,
  ) {
    this.#search = new Latest(
      async ({ sign, query }) => (await this.sources[sign]?.(query)) ?? [],
      (list) => this.#found(list),
      (error) => {
        this.#found([]);
        failed(error);
      },
      delayMs,
    );
  }

  get open(): Suggested | null {
    return this.#open;
  }

  /** Follow the text: open, ask anew, or close. */
  follow(flatText: string, cursor: number | null): void {
    const trigger =
      cursor === null
        ? null
        : triggerAt(flatText, cursor, (sign) => this.sources[sign] !== undefined);
    if (trigger === null || placeOf(trigger) !== this.#dismissed) this.#dismissed = null;
    if (trigger === null) {
      this.close();
    } else if (this.#dismissed === null && !this.#isShown(trigger)) {
      this.#show(trigger);
    }
  }

  /** Go to another suggestion, around the ends. */
  move(steps: number): void {
    if (this.#open === null || this.#open.list.length === 0) return;
    const { length } = this.#open.list;
    this.activate((((this.#open.active + steps) % length) + length) % length);
  }

  activate(index: number): void {
    if (this.#open === null || this.#open.active === index) return;
    this.#put({ ...this.#open, active: index });
  }

  /** Put a command's list in the place of the open one. */
  nest(suggestions: Suggestion[], trigger: Trigger): void {
    this.#search.cancel();
    this.#menus.push(suggestions);
    this.#dismissed = null;
    this.#show({ ...trigger, query: "" });
  }

  /** The user wants no list here; from a command's list it goes back to the one before. */
  dismiss(): void {
    const open = this.#open;
    if (open === null) return;
    if (this.#menus.pop() !== undefined) {
      this.#show(open.trigger);
      return;
    }
    this.#dismissed = placeOf(open.trigger);
    this.close();
  }

  close(): void {
    this.#search.cancel();
    this.#menus = [];
    if (this.#open !== null) this.#put(null);
  }

  #isShown({ sign, from, query }: Trigger): boolean {
    const now = this.#open?.trigger;
    return now?.sign === sign && now.from === from && now.query === query;
  }

  #show(trigger: Trigger): void {
    const menu = this.#menus.at(-1);
    const isSameList = this.#open !== null && placeOf(this.#open.trigger) === placeOf(trigger);
    // Until the answer is there, what is shown is narrowed: Enter never takes what was not meant.
    const list = matching(menu ?? (isSameList ? (this.#open?.list ?? []) : []), trigger.query);
    this.#put({ trigger, list, active: 0, isLoading: menu === undefined });
    if (menu === undefined) this.#search.ask(trigger);
  }

  #found(list: Suggestion[]): void {
    if (this.#open === null) return;
    // A name that nobody has, and then a space: the user goes on writing.
    if (list.length === 0 && /\s/.test(this.#open.trigger.query)) {
      this.close();
      return;
    }
    this.#put({ ...this.#open, list: byGroup(list), active: 0, isLoading: false });
  }

  #put(open: Suggested | null): void {
    this.#open = open;
    this.changed();
  }
}

/** Those whose title has the query in it. */
export function matching(list: readonly Suggestion[], query: string): Suggestion[] {
  const sought = query.trim().toLocaleLowerCase();
  return list.filter(({ title }) => title.toLocaleLowerCase().includes(sought));
}

/** Members of a group side by side, groups in the order of their first member. */
export function byGroup(list: readonly Suggestion[]): Suggestion[] {
  const groups = new Map<string | null, Suggestion[]>();
  for (const one of list) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups.values()].flat();
}

function placeOf({ sign, from }: Trigger): string {
  return `${sign}${from}`;
}
