/** The draft's files on their way to the server: begun, followed, tried again, given up. */
import { withServersPreview, type Draft, type DraftAttachment } from "../conversation/draft";
import { newId } from "../ids";
import { mimeTypeOf, type SendFile } from "../network/uploads";

/** What the uploads need of the chat. */
export interface UploadActions {
  send: SendFile;
  /** Have the server forget a file. */
  discard(attachmentId: string): Promise<void>;
  /** In words what to show when a file could not be sent. */
  failed(name: string, error: unknown): string;
}

/** A file that this page sends or has sent. */
interface Upload {
  file: File;
  /** What the file is to the server, as soon as it has a record. */
  id: string | null;
  aborting: AbortController;
}

/** Files of one draft. What leaves the draft is no longer sent; its preview is let go. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();
  readonly #previews = new Map<string, string>();

  constructor(
    private readonly draft: Draft,
    private readonly actions: UploadActions,
  ) {}

  /** Put files into the draft and begin to send them. */
  add(files: readonly File[]): void {
    const added = files.map((file) => ({ file, attachment: this.#entry(file) }));
    this.draft.put({
      attachments: [
        ...this.draft.state.value.attachments,
        ...added.map(({ attachment }) => attachment),
      ],
    });
    for (const { file, attachment } of added) void this.#send(attachment.key, file);
  }

  /** Send a file again that could not be sent. */
  retry(key: string): void {
    const upload = this.#uploads.get(key);
    if (upload === undefined) return;
    this.#forget(upload.id);
    this.draft.putAttachment(key, { error: null, progress: 0 });
    void this.#send(key, upload.file);
  }

  /** Take a file out of the draft; the server forgets what it has of it. */
  remove(key: string): void {
    const { attachments } = this.draft.state.value;
    const upload = this.#uploads.get(key);
    this.draft.put({ attachments: attachments.filter((one) => one.key !== key) });
    if (upload !== undefined && !this.#isUnderWay(key, attachments)) this.#forget(upload.id);
    this.tidy();
  }

  /** Give up what is no longer in the draft: it was sent, or something else was put in. */
  tidy(): void {
    const present = new Set(this.draft.state.value.attachments.map(({ key }) => key));
    for (const [key, upload] of this.#uploads) {
      if (present.has(key)) continue;
      upload.aborting.abort(new DOMException("taken out", "AbortError"));
      this.#uploads.delete(key);
    }
    for (const [key, url] of this.#previews) {
      if (present.has(key)) continue;
      URL.revokeObjectURL(url);
      this.#previews.delete(key);
    }
  }

  /**
   * Give everything up: the chat goes, or the element does. What has arrived stays in the draft, with
   * the server's preview in the place of this page's; what has not is taken out.
   */
  stop(): void {
    const { attachments } = this.draft.state.value;
    const own = attachments.filter(({ key }) => this.#uploads.has(key) || this.#previews.has(key));
    if (own.length === 0) return;
    const arrived = attachments.filter((one) => !own.includes(one) || one.attachment !== null);
    this.draft.put({ attachments: [] });
    this.tidy();
    this.draft.put({ attachments: arrived.map(withServersPreview) });
  }

  #entry(file: File): DraftAttachment {
    const key = newId();
    const previewUrl = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
    if (previewUrl !== null) this.#previews.set(key, previewUrl);
    return {
      key,
      name: file.name,
      mimeType: mimeTypeOf(file),
      size: file.size,
      previewUrl,
      progress: 0,
      attachment: null,
      error: null,
    };
  }

  async #send(key: string, file: File): Promise<void> {
    const upload: Upload = { file, id: null, aborting: new AbortController() };
    const { signal } = upload.aborting;
    this.#uploads.set(key, upload);
    try {
      const attachment = await this.actions.send(file, {
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) this.draft.putAttachment(key, { progress });
        },
        onCreated: (id) => (upload.id = id),
      });
      signal.throwIfAborted();
      this.draft.putAttachment(key, { attachment, progress: 1 });
    } catch (error) {
      if (signal.aborted) this.#forget(upload.id);
      else this.draft.putAttachment(key, { error: this.actions.failed(file.name, error) });
    }
  }

  #isUnderWay(key: string, attachments: readonly DraftAttachment[]): boolean {
    return attachments.some((one) => one.key === key && !one.attachment && one.error === null);
  }

  #forget(id: string | null): void {
    // A file that stays on the server does no harm to the user.
    if (id !== null) void this.actions.discard(id).catch(() => undefined);
  }
}
