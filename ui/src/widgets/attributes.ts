/** Many attributes of one element, set together. */
import { noChange } from "lit";
import { Directive, directive, type DirectiveResult, type ElementPart } from "lit/directive.js";

/** By name. True is an attribute without a value; false and undefined take one away. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

class Attributed extends Directive {
  #set: Attributes = {};

  override render(_attributes: Attributes): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart, [attributes]: [Attributes]): typeof noChange {
    for (const name of Object.keys({ ...this.#set, ...attributes })) {
      const value = attributes[name];
      if (value === this.#set[name]) continue;
      if (value === undefined || value === false) element.removeAttribute(name);
      else element.setAttribute(name, value === true ? "" : String(value));
    }
    this.#set = attributes;
    return noChange;
  }
}

/** For `<input ${attributes({ … })} />`. Names are ours; a server's texts are values only. */
export const attributes: (attributes: Attributes) => DirectiveResult = directive(Attributed);
