/** Answers of a server, for the tests of what asks one. */
import type { ThreadStreamEvent } from "../protocol/events";

const encoder = new TextEncoder();

/** A body that the test writes, ends and breaks. */
export class Wire {
  readonly body: ReadableStream<Uint8Array>;
  /** Whether the page has closed the connection. */
  cancelled = false;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  constructor() {
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.cancelled = true;
      },
    });
  }

  write(text: string): void {
    this.#controller.enqueue(encoder.encode(text));
  }

  end(): void {
    this.#controller.close();
  }

  cut(): void {
    this.#controller.error(new TypeError("network error"));
  }

  /** Close with the signal of the request, as `fetch` does. */
  closeWith(signal: AbortSignal): void {
    signal.addEventListener("abort", () => {
      this.cancelled = true;
      this.#controller.error(signal.reason);
    });
  }
}

/** An event on the wire, with the number that a run gave it. */
export function framed(event: ThreadStreamEvent, id: string | null = null): string {
  return `${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(event)}\n\n`;
}

/** The answer to a request for events; `runId` null: of a server that does not name runs. */
export function streaming(body: BodyInit, runId: string | null = "run_1"): Response {
  return new Response(body, {
    headers: { "Content-Type": "text/event-stream", ...(runId && { "ChatKit-Run": runId }) },
  });
}

/** The envelope of an error. */
export function refused(status: number, code = "refused"): Response {
  return Response.json({ error: { code, message: `It was ${code}.` } }, { status });
}

/** All that an iterator yields. Throws what it throws. */
export async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}
