/** What goes wrong between this page and its server. */

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

  /** Whether the same request may succeed a little later. */
  get isPassing(): boolean {
    return this.status >= 500 || this.status === 408 || this.status === 425;
  }
}

/** The network is away, or the server cannot be reached. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}
