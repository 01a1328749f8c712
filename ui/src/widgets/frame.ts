/** What a component is given besides its own properties: where it is, and the widget around it. */
import { nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Texts } from "../texts";
import type { Actions, Loading } from "./actions";
import {
  isComponent,
  namedChildrenOf,
  type ActionConfig,
  type Component,
  type Scheme,
} from "./components";
import type { Parts } from "./parts";
import { MAX_DEPTH, type Field, type Fields, type FieldValue, type Outline } from "./fields";

/** How a type of component looks. */
export type Render = (component: Component, frame: Frame) => unknown;

/** The widget, for all of its components. */
export interface Widget {
  readonly texts: Texts;
  /** BCP 47 tag for dates. */
  readonly language: string | undefined;
  readonly imageDomains: readonly string[] | null;
  readonly outline: Outline;
  readonly fields: Fields;
  readonly actions: Actions;
  readonly parts: Parts;
  /** Whether its controls take nothing now. */
  readonly isBusy: boolean;
  /** Cards that the user has opened, by path. */
  readonly opened: Set<string>;
  readonly render: (type: string) => Render | null;
  /** How many more components are shown. */
  readonly room: { left: number };
  /** Say once that something cannot be shown. */
  readonly log: (name: string, type: string) => void;
  readonly update: () => void;
  /** Show where a form is wrong. */
  readonly focusField: (field: Field) => void;
}

/** A form, for what is in it. */
export interface Form {
  readonly path: string;
  /** Key of what shows that it is being sent. */
  readonly key: string;
  readonly action: ActionConfig | null;
}

/** How an action is sent. */
export interface Sent {
  readonly auto: Loading;
  readonly newest?: boolean;
  /** A control outside of all forms sends what it holds itself. */
  readonly own?: Field;
  /** Shows that the action is under way, if not the component itself. */
  readonly key?: string;
}

/**
 * The place of one component: its path, the form and the scheme that it is in.
 *
 * A frame is made anew whenever the widget renders; what must last is in `Widget`, by path.
 */
export class Frame {
  constructor(
    readonly widget: Widget,
    readonly scheme: Scheme,
    readonly path = "",
    readonly form: Form | null = null,
    readonly depth = 0,
  ) {}

  /** The components in one, or those of them that are picked. */
  children(parent: Component, pick: (child: Component) => boolean = () => true): unknown {
    const all = namedChildrenOf(parent).filter(([, child]) => pick(child));
    const children = all.slice(0, this.widget.room.left);
    if (children.length < all.length) this.widget.log("widget.too_large", parent.type);
    return repeat(
      children,
      ([name]) => name,
      ([name, child]) => this.#at(name).render(child),
    );
  }

  /** One component; nothing for what cannot be shown. */
  render(component: unknown): unknown {
    if (!isComponent(component)) return nothing;
    const { type } = component;
    const render = this.widget.render(type);
    if (render === null) {
      this.widget.log("widget.unknown_component", type);
      return nothing;
    }
    this.widget.room.left -= 1;
    if (this.depth > MAX_DEPTH || this.widget.room.left < 0) {
      this.widget.log("widget.too_large", type);
      return nothing;
    }
    try {
      return render(component, this);
    } catch {
      // A property of a wrong type spoils its component, not the chat.
      this.widget.log("widget.invalid_component", type);
      return nothing;
    }
  }

  /** The same place within a form. */
  inForm(action: ActionConfig | null, key = this.path): Frame {
    const form = { path: this.path, key, action };
    return new Frame(this.widget, this.scheme, this.path, form, this.depth);
  }

  inScheme(scheme: Scheme): Frame {
    return new Frame(this.widget, scheme, this.path, this.form, this.depth);
  }

  /** Whether this component's action is under way. */
  get isLoading(): boolean {
    return this.widget.actions.isLoading(this.path);
  }

  /** Send an action with the values of the form around it. */
  act(action: ActionConfig | null | undefined, { auto, newest, own, key }: Sent): void {
    if (!action || this.widget.isBusy) return;
    const { actions } = this.widget;
    void actions.run(action, { key: key ?? this.path, auto, newest, values: this.#values(own) });
  }

  /** Send the form around, if all in it is right; `fallback` is for a form without an action. */
  submit(fallback: ActionConfig | null = null): void {
    const { form } = this;
    if (form === null) {
      this.act(fallback, { auto: "self" });
      return;
    }
    const wrong = this.widget.fields.check(this.#fields());
    if (wrong !== null) this.widget.focusField(wrong);
    else this.act(form.action ?? fallback, { auto: "container", key: form.key });
  }

  #at(name: string): Frame {
    return new Frame(this.widget, this.scheme, `${this.path}/${name}`, this.form, this.depth + 1);
  }

  #fields(): Field[] {
    const path = this.form?.path ?? null;
    return this.widget.outline.fields.filter(({ form }) => form === path);
  }

  #values(own: Field | undefined): ReadonlyMap<string, FieldValue> {
    const fields = this.form === null ? [] : this.#fields();
    return this.widget.fields.values(own === undefined || fields.includes(own) ? fields : [own]);
  }
}
