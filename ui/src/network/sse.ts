/** Server-sent events (WHATWG HTML, section 9.2.6), without names and retry times: ChatKit has none. */
import { Unreachable } from "./errors";
import { onNews } from "./news";

/** One message of a stream; `id` is the last id that was said. */
export interface Message {
  id: string | null;
  data: string;
}

/** Longest message, in characters. Past it the stream is not one of ours. */
export const MAX_MESSAGE_CHARS = 32 * 1024 * 1024;

/** Longest silence before a connection counts as dead. A server of ours sends heartbeats every 15 s. */
export const SILENCE_MS = 60_000;

/** The same when there is news: a laptop woke, say, and its connections may be gone. */
export const STALE_MS = 20_000;

/**
 * Yields the messages of a body as they come; ends with the body.
 *
 * @param hasHeartbeats Whether silence means that the connection is dead.
 *
 * Throws Unreachable if the connection breaks or is dead, and the reason of `signal`.
 */
export async function* messages(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  hasHeartbeats: boolean,
): AsyncGenerator<Message, void> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  const parser = new Parser();
  try {
    for (;;) {
      const { done, value } = await alive(broken(reader.read()), signal, hasHeartbeats);
      if (done) return;
      yield* parser.feed(value);
    }
  } finally {
    // Whoever stops reading closes the connection.
    await reader.cancel().catch(() => undefined);
  }
}

/** What is read, and Unreachable if it cannot be. */
async function broken<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw new Unreachable(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** What is read, while the reader wants it and the connection is not silent for too long. */
async function alive<T>(
  reading: Promise<T>,
  signal: AbortSignal,
  hasHeartbeats: boolean,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { signal: over.signal });
    if (!hasHeartbeats) return;
    const since = Date.now();
    const timer = setTimeout(() => reject(silent(since)), SILENCE_MS);
    over.signal.addEventListener("abort", () => clearTimeout(timer));
    onNews(() => {
      if (Date.now() - since > STALE_MS) reject(silent(since));
    }, over.signal);
  });
  try {
    return await Promise.race([reading, ended]);
  } finally {
    over.abort();
  }
}

function silent(since: number): Unreachable {
  return new Unreachable(`silent for ${Math.round((Date.now() - since) / 1000)} s`);
}

/** From text in any pieces to messages. */
export class Parser {
  #rest = "";
  #data: string[] = [];
  #id: string | null = null;

  /** The messages that `text` completes. Throws RangeError for one that does not end. */
  *feed(text: string): Generator<Message, void> {
    this.#rest += text;
    if (this.#rest.length > MAX_MESSAGE_CHARS) {
      throw new RangeError(`a message of more than ${MAX_MESSAGE_CHARS} characters`);
    }
    let from = 0;
    for (const match of this.#rest.matchAll(/\r\n|\n|\r(?!$)/g)) {
      const line = this.#rest.slice(from, match.index);
      from = match.index + match[0].length;
      const message = this.#take(line);
      if (message) yield message;
    }
    this.#rest = this.#rest.slice(from);
  }

  #take(line: string): Message | null {
    if (line === "") {
      if (this.#data.length === 0) return null;
      const message = { id: this.#id, data: this.#data.join("\n") };
      this.#data = [];
      return message;
    }
    const [field, value] = split(line);
    if (field === "data") this.#data.push(value);
    else if (field === "id") this.#id = value;
    return null;
  }
}

function split(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}
