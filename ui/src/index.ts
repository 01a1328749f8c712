/** Makes `<openai-chatkit>` known to the page. */
import { ChatKitElement } from "./openai-chatkit";

const NAME = "openai-chatkit";

ChatKitElement.home = import.meta.url;

if (customElements.get(NAME) === undefined) {
  customElements.define(NAME, ChatKitElement);
} else {
  console.warn(`<${NAME}> is defined already; this copy of it, ${import.meta.url}, does nothing.`);
}

export { ChatKitElement };
