/** Bytes of files on their way to the server. `fetch` tells no progress, so it is XMLHttpRequest. */
import type { ChatKitOptions } from "@openai/chatkit";

import type { Attachment } from "../protocol/items";
import type { Api } from "./api";
import { ApiError, Unreachable } from "./errors";
import { refusalOf } from "./refusals";
import type { Transport } from "./transport";

export interface ByteRequest {
  method: "POST" | "PUT";
  url: string;
  headers: Record<string, string>;
  body: Blob | FormData;
  /** Whether cookies of another origin go along. */
  withCredentials: boolean;
}

/** What is told while a file is sent. */
export interface Sending {
  signal: AbortSignal;
  /** Called with the part that is sent, 0 to 1. */
  onProgress: (part: number) => void;
  /** Called with the attachment's id as soon as the server has a record of it. */
  onCreated: (id: string) => void;
}

/**
 * Sends bytes and returns the answer's text.
 *
 * Throws ApiError for an answer that is no success, Unreachable if there is none, and the
 * signal's reason.
 */
export type SendBytes = (
  request: ByteRequest,
  sending: Pick<Sending, "signal" | "onProgress">,
) => Promise<string>;

/** Sends one file and returns the attachment that it became. */
export type SendFile = (file: File, sending: Sending) => Promise<Attachment>;

/** The way of sending files that the options name; two phases if they name none. */
export function fileSender(
  config: ChatKitOptions["api"],
  transport: Transport,
  api: Api,
  sendBytes: SendBytes = sentByXhr,
): SendFile {
  const strategy = "url" in config ? config.uploadStrategy : undefined;
  if (strategy?.type !== "direct") return inTwoPhases(transport, api, sendBytes);
  const url = new URL(strategy.uploadUrl, document.baseURI).href;
  const hasOwnFetch = "url" in config && config.fetch !== undefined;
  return hasOwnFetch ? byFetch(url, transport) : direct(url, sendBytes);
}

/** Register the file, then send its bytes where the server says. */
function inTwoPhases(transport: Transport, api: Api, sendBytes: SendBytes): SendFile {
  return async (file, sending) => {
    const params = { name: file.name, size: file.size, mime_type: mimeTypeOf(file) };
    const created = await api.request("attachments.create", params, sending.signal);
    sending.onCreated(created.id);
    const { upload_descriptor: descriptor, ...attachment } = created;
    if (!descriptor) return attachment;
    const request = {
      method: descriptor.method,
      url: new URL(descriptor.url, transport.url).href,
      headers: { ...descriptor.headers },
      body: file,
      // A signed address of a storage service answers with `*`, which forbids cookies.
      withCredentials: isSameOrigin(descriptor.url, transport.url),
    };
    if (!hasContentType(request.headers)) request.headers["Content-Type"] = params.mime_type;
    await sendBytes(request, sending);
    return attachment;
  };
}

/** One request with the file; the answer is the attachment. */
function direct(url: string, sendBytes: SendBytes): SendFile {
  return async (file, sending) => {
    const request = {
      method: "POST",
      url,
      headers: {},
      body: formOf(file),
      withCredentials: true,
    } as const;
    return attachmentIn(await sendBytes(request, sending), sending);
  };
}

/** The same through the page's own `fetch`, which may add what its server asks for. */
function byFetch(url: string, transport: Transport): SendFile {
  return async (file, sending) => {
    const init = { method: "POST", body: formOf(file), signal: sending.signal };
    const answer = await transport.fetch(url, init);
    return attachmentIn(await answer.text(), sending);
  };
}

function formOf(file: File): FormData {
  const form = new FormData();
  form.append("file", file, file.name);
  return form;
}

function attachmentIn(answer: string, { onCreated }: Sending): Attachment {
  const attachment = JSON.parse(answer) as Partial<Attachment> | null;
  if (typeof attachment?.id !== "string") {
    throw new ApiError(200, "unexpected_answer", "The upload's answer is not an attachment.");
  }
  onCreated(attachment.id);
  return attachment as Attachment;
}

export function mimeTypeOf(file: File): string {
  return file.type === "" ? "application/octet-stream" : file.type;
}

function isSameOrigin(url: string, other: string): boolean {
  return new URL(url, other).origin === new URL(other).origin;
}

function hasContentType(headers: Record<string, string>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
}

export const sentByXhr: SendBytes = (request, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    const abort = (): void => xhr.abort();
    xhr.open(request.method, request.url);
    xhr.withCredentials = request.withCredentials;
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total);
    });
    xhr.addEventListener("load", () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(xhr.responseText);
      else void refusalOf(responseOf(xhr)).then(reject);
    });
    xhr.addEventListener("error", () => reject(new Unreachable("the upload broke off")));
    xhr.addEventListener("abort", () => reject(signal.reason as Error));
    xhr.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    signal.addEventListener("abort", abort);
    xhr.send(request.body);
  });

function responseOf(xhr: XMLHttpRequest): Response {
  return new Response(xhr.responseText, { status: xhr.status, statusText: xhr.statusText });
}
