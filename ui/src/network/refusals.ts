/** What a server says when it refuses a request. */
import type { ThreadStreamEvent } from "../protocol/events";
import { ApiError } from "./errors";
import { Parser } from "./sse";

interface Reason {
  code: string;
  message: string;
}

/** The error that an answer other than a success is. */
export async function refusalOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const { code, message } = envelope(text) ??
    notice(text) ?? {
      code: "unexpected_answer",
      message: `${response.url} answered ${response.status} ${response.statusText}`.trim(),
    };
  const after = Number(response.headers.get("retry-after"));
  return new ApiError(
    response.status,
    code,
    message,
    response.headers.get("x-request-id"),
    Number.isFinite(after) && after > 0 ? after : null,
  );
}

function envelope(text: string): Reason | null {
  const { error } = (parsed(text) ?? {}) as { error?: { code?: unknown; message?: unknown } };
  return typeof error?.code === "string" && typeof error.message === "string"
    ? { code: error.code, message: error.message }
    : null;
}

/** Who asked for events may be refused with one: a used-up limit is a notice. */
function notice(text: string): Reason | null {
  for (const { data } of new Parser().feed(text)) {
    const event = parsed(data) as ThreadStreamEvent | null;
    if (event?.type === "notice") return { code: "notice", message: event.message };
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
