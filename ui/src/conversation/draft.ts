/** What the user is about to send. */
import type { OpenAIChatKit } from "@openai/chatkit";

import { newId } from "../ids";
import { Observable } from "../observable";
import type { Attachment, UserContent, UserMessageItem } from "../protocol/items";
import type { UserMessageInput } from "../protocol/requests";
import { contentOf } from "./message-content";

/** A file in the composer: on its way to the server, there, or refused. */
export interface DraftAttachment {
  /** Of this page; the server's id is the attachment's. */
  key: string;
  name: string;
  mimeType: string;
  size: number;
  /** What is shown of an image before the server has it. */
  previewUrl: string | null;
  /** Part that is sent, 0 to 1. */
  progress: number;
  attachment: Attachment | null;
  error: string | null;
}

export interface DraftState {
  content: readonly UserContent[];
  attachments: readonly DraftAttachment[];
  quote: string | null;
  toolId: string | null;
  modelId: string | null;
}

export const EMPTY: DraftState = {
  content: [],
  attachments: [],
  quote: null,
  toolId: null,
  modelId: null,
};

type ComposerValue = Parameters<OpenAIChatKit["setComposerValue"]>[0];

/** The draft of the next message: the composer shows and edits it, the page may set it. */
export class Draft {
  readonly state = new Observable<DraftState>(EMPTY);

  /** Put in what the page says; what it does not mention stays. */
  set(value: ComposerValue): void {
    const { text, content, reply, attachments, selectedToolId, selectedModelId } = value;
    this.put({
      ...(content !== undefined && { content: contentOf(content) }),
      ...(content === undefined && text !== undefined && { content: contentOf(text) }),
      ...(reply !== undefined && { quote: reply }),
      ...(attachments !== undefined && { attachments: attachments.map(uploaded) }),
      ...(selectedToolId !== undefined && { toolId: selectedToolId }),
      ...(selectedModelId !== undefined && { modelId: selectedModelId }),
    });
  }

  put(part: Partial<DraftState>): void {
    this.state.update((state) => ({ ...state, ...part }));
  }

  /** Change what is known of a file; one that is no longer there stays away. */
  putAttachment(key: string, part: Partial<DraftAttachment>): void {
    this.put({
      attachments: this.state.value.attachments.map((one) =>
        one.key === key ? { ...one, ...part } : one,
      ),
    });
  }

  /** What is in the draft as a request says it; null if there is nothing to send yet. */
  get input(): UserMessageInput | null {
    return inputOf(this.state.value);
  }

  /**
   * Put a draft back that could not be sent, before what has been written since.
   *
   * Previews of this page's own files are gone by then; the server has the files.
   */
  giveBack(before: DraftState): void {
    const since = this.state.value;
    const gap: UserContent[] =
      before.content.length > 0 && since.content.length > 0
        ? [{ type: "input_text", text: "\n" }]
        : [];
    this.state.value = {
      content: [...before.content, ...gap, ...since.content],
      attachments: [...before.attachments.map(withServersPreview), ...since.attachments],
      quote: since.quote ?? before.quote,
      toolId: since.toolId ?? before.toolId,
      modelId: since.modelId ?? before.modelId,
    };
  }

  /** After sending: everything goes but the model, and the tool unless it is to stay. */
  clear(keepTool: boolean): void {
    const { modelId, toolId } = this.state.value;
    this.state.value = { ...EMPTY, modelId, toolId: keepTool ? toolId : null };
  }
}

/** A draft as a request says it; null if it has neither text nor files, or files under way. */
export function inputOf(draft: DraftState): UserMessageInput | null {
  const content = draft.content.filter((part) => part.type === "input_tag" || part.text !== "");
  const blank = content.every((part) => part.type === "input_text" && part.text.trim() === "");
  const ids = draft.attachments.flatMap(({ attachment }) => attachment?.id ?? []);
  if (ids.length < draft.attachments.length || (blank && ids.length === 0)) return null;
  return {
    content,
    attachments: ids,
    quoted_text: draft.quote,
    inference_options: {
      tool_choice: draft.toolId === null ? null : { id: draft.toolId },
      model: draft.modelId,
    },
  };
}

/** The message as it is shown until the server has stored it. */
export function shownAs(input: UserMessageInput, attachments: Attachment[]): UserMessageItem {
  return {
    type: "user_message",
    id: `sent-${newId()}`,
    thread_id: "",
    created_at: new Date().toISOString(),
    content: input.content,
    attachments,
    quoted_text: input.quoted_text,
    inference_options: input.inference_options,
  };
}

/** A file without the preview that this page made of it: the server's, if it has one. */
export function withServersPreview(one: DraftAttachment): DraftAttachment {
  const { attachment } = one;
  return { ...one, previewUrl: attachment?.type === "image" ? attachment.preview_url : null };
}

function uploaded(attachment: Attachment): DraftAttachment {
  return {
    key: attachment.id,
    name: attachment.name,
    mimeType: attachment.mime_type,
    size: 0,
    previewUrl: attachment.type === "image" ? attachment.preview_url : null,
    progress: 1,
    attachment,
    error: null,
  };
}
