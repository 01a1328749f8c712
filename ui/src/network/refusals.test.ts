import { describe, expect, test } from "vitest";

import { isPassing } from "./errors";
import { refusalOf } from "./refusals";

describe("a refusal", () => {
  test("has the code and the words of the server's envelope", async () => {
    const body = { error: { code: "thread_busy", message: "An answer is being written." } };
    const headers = { "Retry-After": "3", "X-Request-Id": "abc" };

    const error = await refusalOf(new Response(JSON.stringify(body), { status: 409, headers }));

    expect(error).toMatchObject({
      status: 409,
      code: "thread_busy",
      message: "An answer is being written.",
      requestId: "abc",
      retryAfterS: 3,
    });
  });

  test("has the words of the notice that a stream of events is", async () => {
    const event = { type: "notice", level: "warning", title: "Limit", message: "Wait a minute." };

    const error = await refusalOf(
      new Response(`data: ${JSON.stringify(event)}\n\n`, { status: 429 }),
    );

    expect(error).toMatchObject({ status: 429, code: "notice", message: "Wait a minute." });
  });

  test.each(["", "null", "<h1>Bad gateway</h1>", '{"error": "no"}', "data: 7\n\n"])(
    "of a server that is none of ours says what it answered: %j",
    async (body) => {
      const error = await refusalOf(new Response(body, { status: 502, statusText: "Bad Gateway" }));

      expect(error.code).toBe("unexpected_answer");
      expect(error.message).toContain("answered 502 Bad Gateway");
      expect(isPassing(error)).toBe(true);
    },
  );
});
