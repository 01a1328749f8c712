/** Styles of one element, set by the CSSOM: the page's content security policy lets no `style`
 * attribute pass, and Lit's own `styleMap` writes one when it renders first. */
import { noChange } from "lit";
import { Directive, directive, type AttributePart, type DirectiveResult } from "lit/directive.js";

import { kebab } from "./kebab";

/** By CSS name in camel case, or `--custom-name`. Undefined takes a property away. */
export type Styles = Readonly<Record<string, string | undefined>>;

class Styled extends Directive {
  #set: Styles = {};

  override render(_styles: Styles): typeof noChange {
    return noChange;
  }

  override update({ element }: AttributePart, [styles]: [Styles]): typeof noChange {
    const { style } = element;
    for (const name of Object.keys(this.#set)) {
      if (styles[name] === undefined) style.removeProperty(propertyOf(name));
    }
    for (const [name, value] of Object.entries(styles)) {
      // Setting even the same value anew makes the browser lay the page out again.
      if (value !== undefined && value !== this.#set[name])
        style.setProperty(propertyOf(name), value);
    }
    this.#set = styles;
    return noChange;
  }
}

/** For `style=${styled({ … })}`. */
export const styled: (styles: Styles) => DirectiveResult = directive(Styled);

function propertyOf(name: string): string {
  return name.startsWith("--") ? name : kebab(name);
}
