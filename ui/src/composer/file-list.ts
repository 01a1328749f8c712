/** The files of the message. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { DraftAttachment } from "../conversation/draft";
import type { Texts } from "../texts";
import "./attachment-tile";
import type { ComposerEvents } from "./events";

/** What the list shows and does. */
export interface FileList {
  files: readonly DraftAttachment[];
  texts: Texts;
  /** Take a file out, by its key in the draft. */
  remove: (key: string) => void;
  /** Send a file again. */
  retry: (key: string) => void;
}

/** A tile for each file; nothing without files. */
export function fileList({
  files,
  texts,
  remove,
  retry,
}: FileList): TemplateResult | typeof nothing {
  if (files.length === 0) return nothing;
  return html`<ul class="files" aria-label=${texts.attachments}>
    ${repeat(
      files,
      ({ key }) => key,
      (file) =>
        html`<li>
          <chatkit-draft-attachment
            .file=${file}
            .texts=${texts}
            @chatkit-remove=${({ detail }: ComposerEvents["chatkit-remove"]) => remove(detail.key)}
            @chatkit-retry=${({ detail }: ComposerEvents["chatkit-retry"]) => retry(detail.key)}
          ></chatkit-draft-attachment>
        </li>`,
    )}
  </ul>`;
}
