/** A widget: a tree of components from the server, which is not trusted. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import type { Watched } from "../observable";
import { controls } from "../theme/controls";
import { schemes } from "../theme/schemes";
import { spinner } from "../theme/spinner";
import { ChatView } from "../views/chat-view";
import { Actions } from "./actions";
import { boxStyles } from "./boxes.styles";
import { buttonStyles } from "./buttons.styles";
import { choosingStyles } from "./choosing.styles";
import type { WidgetRoot } from "./components";
import { Fields, outlineOf, type Field, type Outline } from "./fields";
import { fieldStyles } from "./fields.styles";
import { Frame, type Widget } from "./frame";
import { frameStyles } from "./frames.styles";
import { Parts } from "./parts";
import { renderOf } from "./registry";
import { Resizing } from "./resizing";
import { sizeStyles } from "./sizes.styles";
import { wordStyles } from "./words.styles";

/** More components than a widget has that somebody looks at. */
const MAX_COMPONENTS = 3000;

/** The components of a root; `<chatkit-widget>` shows a thread's item, others a preview. */
export class WidgetRootView extends ChatView {
  static override properties = {
    root: { attribute: false },
    itemId: { attribute: false },
    busy: { attribute: false },
  };
  static override styles = [
    schemes,
    controls,
    spinner,
    frameStyles,
    boxStyles,
    wordStyles,
    buttonStyles,
    sizeStyles,
    fieldStyles,
    choosingStyles,
  ];
  declare root: WidgetRoot;
  /** The item that its actions are of; without one they go nowhere. */
  declare itemId: string | null;
  /** Its controls take nothing now. */
  declare busy: boolean;

  readonly #update = (): void => this.requestUpdate();
  readonly #fields = new Fields(this.#update);
  readonly #actions = new Actions(() => {
    const { chat, itemId, root } = this;
    return { chat, item: itemId === null ? null : { id: itemId, widget: root } };
  }, this.#update);
  readonly #parts = new Parts((type) => {
    this.#log("widget.part_missing", type);
    this.#update();
  });
  readonly #opened = new Set<string>();
  readonly #logged = new Set<string>();
  #outline: Outline = { fields: [], labelled: new Set() };
  #focused: HTMLElement | null = null;

  constructor() {
    super();
    this.itemId = null;
    this.busy = false;
    this.addController(new Resizing(this));
  }

  override watched({ conversation }: Chat): readonly Watched[] {
    return [imageDomains(conversation)];
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("root")) this.#outline = outlineOf(this.root);
    // What becomes inert loses the focus; it gets it back.
    if (this.#actions.holdsAll) this.#focused ??= this.#active;
  }

  override render(): TemplateResult {
    const { holdsAll, failed } = this.#actions;
    const scheme = this.options.theme.colorScheme ?? "light";
    return html`<div
        class="widget"
        ?inert=${holdsAll}
        aria-busy=${holdsAll || this.busy ? "true" : nothing}
      >
        ${new Frame(this.#widget(), scheme).render(this.root)}
      </div>
      <div role="status">
        ${
          failed
            ? html`<p class="failure">
                <chatkit-icon name="circle-alert"></chatkit-icon>${this.texts.failedRequest}
              </p>`
            : nothing
        }
      </div>`;
  }

  protected override updated(): void {
    if (this.#actions.holdsAll || this.#focused === null) return;
    const focused = this.#focused;
    this.#focused = null;
    if (focused.isConnected && this.#active === null) focused.focus({ preventScroll: true });
  }

  get #active(): HTMLElement | null {
    const { activeElement } = this.shadowRoot ?? {};
    return activeElement instanceof HTMLElement ? activeElement : null;
  }

  #widget(): Widget {
    const { texts, chat } = this;
    return {
      texts,
      language: texts.language,
      imageDomains: chat.conversation.thread.value.allowedImageDomains,
      outline: this.#outline,
      fields: this.#fields,
      actions: this.#actions,
      parts: this.#parts,
      isBusy: this.busy,
      opened: this.#opened,
      render: renderOf,
      room: { left: MAX_COMPONENTS },
      log: this.#log,
      update: this.#update,
      focusField: this.#focus,
    };
  }

  readonly #log = (name: string, type: string): void => {
    const one = `${name} ${type}`;
    if (this.#logged.has(one)) return;
    this.#logged.add(one);
    this.chat.emit("chatkit.log", { name, data: { type, itemId: this.itemId } });
  };

  readonly #focus = ({ id }: Field): void => {
    void this.updateComplete.then(() => this.shadowRoot?.getElementById(id)?.focus());
  };
}

/** Tells when a thread's image domains change, and not of each word that comes in. */
function imageDomains({ thread }: Chat["conversation"]): Watched {
  return {
    subscribe(listener) {
      let last = JSON.stringify(thread.value.allowedImageDomains);
      return thread.subscribe(({ allowedImageDomains }) => {
        const next = JSON.stringify(allowedImageDomains);
        if (next === last) return;
        last = next;
        listener(allowedImageDomains);
      });
    },
  };
}

customElements.define("chatkit-widget-root", WidgetRootView);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-widget-root": WidgetRootView;
  }
}
