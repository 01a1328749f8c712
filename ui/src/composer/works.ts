/** What one chat's composer works with: files on their way to the server, and speech. */
import type { Chat } from "../chat";
import { fileSender } from "../network/uploads";
import { Dictation } from "./dictation";
import { Uploads } from "./uploads";

/** What comes of the work, for the composer to show. */
export interface WorkResult {
  /** Something was said. */
  heard(words: string): void;
  /** Something failed: why, in words. */
  failed(words: string): void;
}

/** Uploads and dictation of one chat, until `stop`. What fails is told to the page as well. */
export class Works {
  readonly uploads: Uploads;
  readonly dictation: Dictation;

  constructor(
    readonly chat: Chat,
    result: WorkResult,
  ) {
    this.uploads = new Uploads(chat.draft, {
      send: (file, sending) =>
        fileSender(chat.options.value.api, chat.transport, chat.api)(file, sending),
      discard: async (id) => {
        await chat.api.request("attachments.delete", { attachment_id: id });
      },
      failed: (name, error) => {
        chat.report(error);
        return chat.texts.value.uploadFailed(name);
      },
    });
    this.dictation = new Dictation(chat.api, {
      heard: (words) => result.heard(words),
      failed: (why, error) => {
        chat.report(error);
        const { microphoneRefused, transcriptionFailed } = chat.texts.value;
        result.failed(why === "microphone" ? microphoneRefused : transcriptionFailed);
      },
    });
  }

  /** Nobody speaks or waits for files any more. */
  stop(): void {
    this.dictation.cancel();
    this.uploads.stop();
  }
}
