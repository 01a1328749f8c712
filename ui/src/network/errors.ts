/** What goes wrong between this page and its server. */

/** Statuses after which the same request may succeed a little later, below those of gateways. */
const PASSING = [408, 425, 429];

/** The server refused a request, or what answered is not a ChatKit server. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  /**
   * @param status HTTP status.
   * @param code The envelope's `code`; `unexpected_answer` without one.
   * @param requestId For the server's operator to find it in the log.
   * @param retryAfterS Seconds after which the server says that another try is worth it.
   */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }
}

/** The network is away, or the server cannot be reached. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Whether the same request may succeed a little later; a server's own mistake (500) stays one. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status > 501 || PASSING.includes(error.status);
  return error instanceof Unreachable;
}
