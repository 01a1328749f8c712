/** Which element shows which kind of item. What no element shows is not visible. */
import { html, nothing, type TemplateResult } from "lit";

import type { ThreadItem } from "../protocol/items";
import "../widgets/widget";
import "./assistant-message";
import "./client-tool-call";
import "./generated-image";
import "./structured-input";
import "./task-item";
import "./user-message";
import "./workflow";

/** How an item is shown. */
export interface Showing {
  /** It is not finished. */
  open: boolean;
  /** Whose images are shown; null is what the thread says if it names no sites. */
  imageDomains: readonly string[] | null;
}

const KNOWN: ReadonlySet<string> = new Set<ThreadItem["type"]>([
  "user_message",
  "assistant_message",
  "client_tool_call",
  "widget",
  "generated_image",
  "structured_input",
  "workflow",
  "task",
  "end_of_turn",
]);

/** Whether this page knows an item's type: a server may be newer than it. */
export function isKnown({ type }: ThreadItem): boolean {
  return KNOWN.has(type);
}

/** The element of an item. */
export function itemTemplate(
  item: ThreadItem,
  { open, imageDomains }: Showing,
): TemplateResult | typeof nothing {
  switch (item.type) {
    case "user_message":
      return html`<chatkit-user-message .item=${item}></chatkit-user-message>`;
    case "assistant_message":
      return html`<chatkit-assistant-message
        .item=${item}
        .open=${open}
        .imageDomains=${imageDomains}
      ></chatkit-assistant-message>`;
    case "widget":
      return html`<chatkit-widget .item=${item} .busy=${open}></chatkit-widget>`;
    case "workflow":
      return html`<chatkit-workflow
        .item=${item}
        .open=${open}
        .imageDomains=${imageDomains}
      ></chatkit-workflow>`;
    case "task":
      return html`<chatkit-task-item
        .item=${item}
        .open=${open}
        .imageDomains=${imageDomains}
      ></chatkit-task-item>`;
    case "generated_image":
      return html`<chatkit-generated-image
        .item=${item}
        .open=${open}
        .imageDomains=${imageDomains}
      ></chatkit-generated-image>`;
    case "structured_input":
      return html`<chatkit-structured-input .item=${item}></chatkit-structured-input>`;
    case "client_tool_call":
      return item.status === "pending"
        ? html`<chatkit-client-tool-call .item=${item}></chatkit-client-tool-call>`
        : nothing;
    default:
      return nothing;
  }
}
