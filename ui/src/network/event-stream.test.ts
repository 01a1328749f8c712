import { describe, expect, it } from "vitest";

import { ApiError } from "./errors";
import { EventStream } from "./event-stream";
import { collected, framed, Wire } from "./testing";

const EVENT = { type: "progress_update", text: "Looking" } as const;
const { signal } = new AbortController();

function streamOf(...ids: (string | null)[]): EventStream {
  const { body } = new Response(ids.map((id) => framed(EVENT, id)).join(""));
  if (body === null) throw new Error("no body");
  return new EventStream("run_1", body);
}

describe("a stream", () => {
  it("says where it tells the answer anew: at the first of some events of number 0", async () => {
    const anew = async (stream: EventStream): Promise<boolean[]> =>
      (await collected(stream.read(signal))).map(({ isAnew }) => isAnew);
    expect(await anew(streamOf("r:0", "r:0", "r:7", "r:8"))).toEqual([true, false, false, false]);
    expect(await anew(streamOf("r:7", "r:0", "r:0", "r:9"))).toEqual([false, true, false, false]);
    expect(await anew(streamOf("r:10"))).toEqual([false]);
    expect(await anew(streamOf(null))).toEqual([false]);
  });

  it("throws for what is no event: asking again would not help", async () => {
    const { body } = new Response("data: {half\n\n");
    if (body === null) throw new Error("no body");
    const failure = await collected(new EventStream("run_1", body).read(signal)).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ code: "unexpected_answer" });
  });

  it("can be closed unread", async () => {
    const wire = new Wire();
    await new EventStream("run_1", wire.body).close();
    expect(wire.cancelled).toBe(true);
  });
});
