/** One thing that is done in a thread, a request or a look at the server, and what becomes of it. */
import { asError } from "../errors";

/** What went wrong, other than in a stream's own `error` event. */
export interface Failure {
  error: Error;
  /** Does again what failed; null where there is nothing to do again, or it is done elsewhere. */
  remedy: (() => void) | null;
  /** What was being done: looking at the thread, or something of the user's. */
  during: "load" | "request";
}

/** How a job ended. */
export interface Outcome {
  /** The server has taken the request, whatever became of its answer. */
  isTaken: boolean;
  /** Null also where only the answer was stopped or left. */
  error: Error | null;
}

/** One job in its turn: what it has come to so far, and what ends it. */
export class Job {
  isTaken = false;
  remedy: Failure["remedy"] = null;
  during: Failure["during"] = "request";

  /**
   * @param left Aborted when the thread is left.
   * @param stopped Aborted when the user stops it.
   */
  constructor(
    readonly left: AbortSignal,
    readonly stopped: AbortSignal,
  ) {}

  /** Whether an error says no more than that the job was left or stopped. */
  isEnd(error: unknown): boolean {
    return [this.left, this.stopped].some(({ aborted, reason }) => aborted && error === reason);
  }

  outcome(error: unknown = null): Outcome {
    const isFine = error === null || (this.isTaken && this.isEnd(error));
    return { isTaken: this.isTaken, error: isFine ? null : asError(error) };
  }
}
