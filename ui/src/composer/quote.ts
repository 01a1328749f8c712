/** What the message answers to. */
import { html, nothing, type TemplateResult } from "lit";

import "../icons/icon";
import { iconButton } from "../icons/icon-button";
import type { Texts } from "../texts";

/** The quote, with a button that takes it out; nothing without one. */
export function quoteTemplate(
  quote: string | null,
  texts: Texts,
  remove: () => void,
): TemplateResult | typeof nothing {
  if (quote === null) return nothing;
  return html`<div class="quote" role="group" aria-label=${texts.quoted}>
    <chatkit-icon name="lucide:text-quote"></chatkit-icon>
    <blockquote>${quote}</blockquote>
    ${iconButton({ icon: "lucide:x", name: texts.removeQuote, press: remove })}
  </div>`;
}
