/** How suggestions are shown: a list in groups, whose field keeps the focus. */
import { html, nothing, type TemplateResult } from "lit";

import type { Texts } from "../texts";
import type { Suggested, Suggestion } from "./suggestions";

/** What the pointer does in the list. */
export interface ListActions {
  activate: (index: number) => void;
  choose: (suggestion: Suggestion) => void;
}

/** The id of a suggestion's element, by which the field names the active one. */
export function optionId(index: number): string {
  return `option-${index}`;
}

/** The open list; while there is nothing in it, whether that may change. */
export function suggestionList(
  open: Suggested,
  texts: Texts,
  actions: ListActions,
): TemplateResult {
  const { list, trigger, isLoading } = open;
  const label = trigger.sign === "@" ? texts.mention : texts.commands;
  if (list.length === 0) {
    // An empty listbox would be an error of its own; the status says the same.
    return html`<div class="menu suggestions">
      <div id="suggestions" role="listbox" aria-label=${label} aria-busy=${isLoading}></div>
      <div class="none" aria-hidden="true">${isLoading ? "…" : texts.noMatches}</div>
    </div>`;
  }
  return html`<div
    class="menu suggestions"
    id="suggestions"
    role="listbox"
    aria-label=${label}
    aria-busy=${isLoading}
    @mousedown=${keepFocus}
  >
    ${runsOf(list).map(({ group, from, members }) => {
      const options = members.map((one, place) => option(open, one, from + place, actions));
      return group === null
        ? options
        : html`<div role="group" aria-label=${group}>
            <div class="group" aria-hidden="true">${group}</div>
            ${options}
          </div>`;
    })}
  </div>`;
}

function option(
  open: Suggested,
  suggestion: Suggestion,
  index: number,
  { activate, choose }: ListActions,
): TemplateResult {
  const { title, description, icon } = suggestion;
  return html`<div
    role="option"
    id=${optionId(index)}
    aria-selected=${index === open.active}
    @pointermove=${() => activate(index)}
    @click=${() => choose(suggestion)}
  >
    ${icon === null ? nothing : html`<chatkit-icon name=${icon}></chatkit-icon>`}
    <span class="words">
      <span class="title">${title}</span>
      ${description === null ? nothing : html`<span class="description">${description}</span>`}
    </span>
  </div>`;
}

interface Run {
  group: string | null;
  from: number;
  members: Suggestion[];
}

function runsOf(list: readonly Suggestion[]): Run[] {
  const runs: Run[] = [];
  for (const [from, one] of list.entries()) {
    const last = runs.at(-1);
    if (last?.group === one.group) last.members.push(one);
    else runs.push({ group: one.group, from, members: [one] });
  }
  return runs;
}

function keepFocus(event: Event): void {
  event.preventDefault();
}
