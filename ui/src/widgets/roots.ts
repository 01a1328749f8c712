/** What a widget consists of as a whole: a card, a list, or nothing but its components. */
import { html, nothing, type TemplateResult } from "lit";

import { styled } from "../styled";
import { align, borderStyle, boxStyle } from "./box-style";
import { pressed } from "./buttons";
import { color } from "./colors";
import { shown, type ActionConfig, type BoxProps, type Component, type Of } from "./components";
import { statusLine } from "./content";
import type { Frame } from "./frame";
import { flushEdges, submitted } from "./layout";
import { edges, units } from "./lengths";
import "./list-overflow";

const CARD_SIZES = ["sm", "md", "lg", "full"];
const CARD_PADDING = { padding: "16px" };

/** Another palette from here inwards, if the root wants one. */
function themed(theme: unknown, frame: Frame): { scheme: string | typeof nothing; frame: Frame } {
  return theme === "light" || theme === "dark"
    ? { scheme: theme, frame: frame.inScheme(theme) }
    : { scheme: nothing, frame };
}

/** `Basic`: nothing but its components. */
export function basic(component: Component, given: Frame): TemplateResult {
  const { theme, direction } = component as Of<"Basic">;
  const { scheme, frame } = themed(theme, given);
  const style = boxStyle(component as unknown as BoxProps, frame.scheme);
  return html`<div
    class="basic box ${direction === "row" ? "row" : "col"} spaced"
    data-color-scheme=${scheme}
    style=${styled({ ...style, ...flushEdges(style) })}
  >
    ${frame.children(component)}
  </div>`;
}

/** `Card`: a frame around its components, with buttons to confirm or cancel. */
export function card(component: Component, given: Frame): TemplateResult {
  const root = component as Of<"Card">;
  const { scheme, frame } = themed(root.theme, given);
  const padding = root.padding === undefined ? CARD_PADDING : edges("padding", root.padding);
  const style = {
    ...padding,
    ...flushEdges(padding),
    ...borderStyle(root.border, frame.scheme),
    background: color(root.background, frame.scheme, "surface"),
  };
  return html`<section
    class="root card"
    data-size=${CARD_SIZES.find((one) => one === root.size) ?? "md"}
    data-color-scheme=${scheme}
  >
    ${statusLine(root.status, frame)}
    <div class="frame">
      ${root.collapsed ? collapsed(root, frame, style) : body(root, frame, style)}
    </div>
  </section>`;
}

type Style = Readonly<Record<string, string | undefined>>;

/** A card that is done with: one line of it, and the rest if it is asked for. */
function collapsed(root: Of<"Card">, frame: Frame, style: object): TemplateResult {
  const { opened, texts, update } = frame.widget;
  const isOpen = opened.has(frame.path);
  return html`<button
      class="collapser"
      type="button"
      aria-expanded=${isOpen ? "true" : "false"}
      @click=${() => {
        if (isOpen) opened.delete(frame.path);
        else opened.add(frame.path);
        update();
      }}
    >
      <chatkit-icon name="check-circle"></chatkit-icon>
      <span dir="auto">${heading(root.children) || texts.done}</span>
      <span class="visually-hidden">${isOpen ? texts.showLess : texts.showMore}</span>
      <chatkit-icon class="turning" name="chevron-down"></chatkit-icon>
    </button>
    ${isOpen ? body({ ...root, confirm: undefined, cancel: undefined }, frame, style) : nothing}`;
}

/** The first words of a card. */
function heading(children: unknown): string {
  if (!Array.isArray(children)) return "";
  const first = (children as Partial<Of<"Title">>[]).find(
    (one) => (one.type as string) === "Title" || (one.type as string) === "Text",
  );
  return shown(first?.value);
}

function body(root: Of<"Card">, frame: Frame, style: object): TemplateResult {
  const { confirm } = root;
  const sendKey = `${frame.path}#confirm`;
  const isForm = root.asForm === true;
  const within = isForm ? frame.inForm(confirm?.action ?? null, sendKey) : frame;
  const content = html`<div class="content" style=${styled(style as Style)}>
      ${within.children(root)}
    </div>
    ${footer(root, within, sendKey)}`;
  return isForm
    ? html`<form
        novalidate
        @submit=${(event: Event) => {
          submitted(event, within);
        }}
      >
        ${content}
      </form>`
    : content;
}

function footer(
  { asForm, confirm, cancel }: Of<"Card">,
  frame: Frame,
  sendKey: string,
): TemplateResult | typeof nothing {
  if (!confirm && !cancel) return nothing;
  const { actions, isBusy } = frame.widget;
  const cancelKey = `${frame.path}#cancel`;
  const send = (action: ActionConfig | undefined, key: string): void =>
    frame.act(action, { auto: "container", key });
  return html`<div class="footer">
    ${
      cancel
        ? pressed(
            {
              label: shown(cancel.label),
              variant: "outline",
              disabled: isBusy,
              loading: actions.isLoading(cancelKey),
              onPress: () => send(cancel.action, cancelKey),
            },
            frame,
          )
        : nothing
    }
    ${
      confirm
        ? pressed(
            {
              label: shown(confirm.label),
              submit: asForm === true,
              tone: "primary",
              variant: "solid",
              disabled: isBusy,
              loading: actions.isLoading(sendKey),
              onPress: () => {
                if (asForm) frame.submit();
                else send(confirm.action, sendKey);
              },
            },
            frame,
          )
        : nothing
    }
  </div>`;
}

/** `ListView`: entries, of which the first are shown until more are asked for. */
export function listView(component: Component, given: Frame): TemplateResult {
  const root = component as Of<"ListView">;
  const { scheme, frame } = themed(root.theme, given);
  return html`<section class="root list-view" data-color-scheme=${scheme}>
    ${statusLine(root.status, frame)}
    <div class="frame">
      <chatkit-list-overflow .limit=${root.limit ?? null} .texts=${frame.widget.texts}>
        ${frame.children(component)}
      </chatkit-list-overflow>
    </div>
  </section>`;
}

/**
 * `ListViewItem`: an entry; with an action it is one button, and what is in it can be pressed
 * too.
 */
export function listViewItem(component: Component, frame: Frame): TemplateResult {
  const { onClickAction, gap, align: given } = component as Of<"ListViewItem">;
  const style = styled({ gap: units(gap), alignItems: align(given) });
  if (!onClickAction) {
    return html`<div class="item box row" role="listitem" style=${style}>
      ${frame.children(component)}
    </div>`;
  }
  const loading = frame.isLoading;
  return html`<div class="item pressable" role="listitem" aria-busy=${loading ? "true" : nothing}>
    <div class="box row" style=${style}>${frame.children(component)}</div>
    <button
      class="cover"
      type="button"
      aria-label=${words(component) || frame.widget.texts.more}
      aria-disabled=${loading ? "true" : nothing}
      ?disabled=${frame.widget.isBusy}
      @click=${() => frame.act(onClickAction, { auto: "self" })}
    ></button>
    ${
      loading
        ? html`<span class="spinner" role="img" aria-label=${frame.widget.texts.working}></span>`
        : nothing
    }
  </div>`;
}

const MAX_WORDS = 120;

/** What an entry says, for the button that covers it: a button cannot contain buttons. */
function words(component: unknown, depth = 0): string {
  if (typeof component !== "object" || component === null || depth > 10) return "";
  const { value, label, children } = component as Record<string, unknown>;
  const own = [shown(value), shown(label)];
  const within = Array.isArray(children) ? children.map((child) => words(child, depth + 1)) : [];
  return [...own, ...within].filter(Boolean).join(" ").slice(0, MAX_WORDS);
}
