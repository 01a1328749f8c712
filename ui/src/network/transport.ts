/** How requests reach the server: with the page's own `fetch`, or with a session's secret. */
import type { ChatKitOptions } from "@openai/chatkit";

import { Unreachable } from "./errors";
import { inTime } from "./in-time";
import { refusalOf } from "./refusals";

export interface Transport {
  /** Where ChatKit requests go; routes of runs are below it. */
  readonly url: string;

  /**
   * Send a request and return an answer that is a success.
   *
   * Throws ApiError for any other, Unreachable if there is none, and whatever reason `signal` has.
   */
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** A session's secret, as the page gets it from its server. */
type GetClientSecret = (current: string | null) => Promise<string>;

/**
 * The transport that the options name.
 *
 * @param api What the options say now: others of the same server may bring other functions, and each
 *   request is made with the newest. A session's secret stays until the server refuses it.
 * @param home The address of the script: its server's.
 */
export function transportOf(api: () => ChatKitOptions["api"], home: string): Transport {
  const first = api();
  if ("getClientSecret" in first) {
    return new SessionTransport(new URL("../chatkit", home).href, (current) => {
      const newest = api();
      return ("getClientSecret" in newest ? newest : first).getClientSecret(current);
    });
  }
  return new PageTransport(new URL(first.url, document.baseURI).href, (...request) => {
    const newest = api();
    const send = ("fetch" in newest && newest.fetch) || globalThis.fetch;
    return send(...request);
  });
}

/** Requests of the page itself; its cookies go along. */
export class PageTransport implements Transport {
  constructor(
    readonly url: string,
    private readonly send: typeof fetch = (...request) => globalThis.fetch(...request),
  ) {}

  async fetch(url: string, init: RequestInit): Promise<Response> {
    return require(await reached(this.send(url, { credentials: "include", ...init }), init));
  }
}

/** Longest wait for the page to say a secret: it asks its own server. */
export const SECRET_MS = 15_000;

/** Requests with a session's secret; a secret that is refused is renewed once for each request. */
export class SessionTransport implements Transport {
  #secret: string | null = null;
  #asking: Promise<string> | null = null;

  constructor(
    readonly url: string,
    private readonly getClientSecret: GetClientSecret,
    private readonly send: typeof fetch = (...request) => globalThis.fetch(...request),
  ) {}

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const secret = this.#secret ?? (await this.#renewed(null));
    const answer = await this.#sent(url, init, secret);
    if (answer.status !== 401) return require(answer);
    await answer.body?.cancel();
    return require(await this.#sent(url, init, await this.#renewed(secret)));
  }

  #sent(url: string, init: RequestInit, secret: string): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Bearer ${secret}`);
    return reached(this.send(url, { ...init, headers }), init);
  }

  /** A secret other than `refused`; requests that need one at the same time share the asking. */
  async #renewed(refused: string | null): Promise<string> {
    if (this.#secret !== refused && this.#secret !== null) return this.#secret;
    this.#asking ??= this.#said(refused).finally(() => (this.#asking = null));
    this.#secret = await this.#asking;
    return this.#secret;
  }

  /** The page's next secret. A page that cannot say one is as good as a server that is away. */
  async #said(refused: string | null): Promise<string> {
    try {
      return await inTime(SECRET_MS, null, async () => this.getClientSecret(refused));
    } catch (cause) {
      throw new Unreachable(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }
}

async function reached(answer: Promise<Response>, { signal }: RequestInit): Promise<Response> {
  try {
    return await answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw new Unreachable(error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

async function require(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw await refusalOf(answer);
}
