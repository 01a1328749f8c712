import { expect, test, vi } from "vitest";

import type { Api } from "../network/api";
import { Dictation } from "./dictation";
import type { Record } from "./microphone";

function setup(
  record?: Record,
  answer: () => Promise<unknown> = () => Promise.resolve({ text: " Hi " }),
) {
  const recording = {
    level: () => 0,
    stop: vi.fn(() => Promise.resolve(new Blob(["speech"], { type: "audio/webm;codecs=opus" }))),
    cancel: vi.fn(),
  };
  const request = vi.fn(answer);
  const result = { heard: vi.fn(), failed: vi.fn() };
  const api = { request } as unknown as Pick<Api, "request">;
  const dictation = new Dictation(api, result, record ?? (() => Promise.resolve(recording)));
  return { dictation, recording, request, result };
}

test("what was said is written down by the server", async () => {
  const { dictation, request, result } = setup();
  await dictation.start();
  expect(dictation.state.value.step).toBe("recording");
  await dictation.stop();
  expect(request).toHaveBeenCalledWith(
    "input.transcribe",
    { audio_base64: btoa("speech"), mime_type: "audio/webm;codecs=opus" },
    expect.any(AbortSignal),
  );
  expect(result.heard).toHaveBeenCalledWith("Hi");
  expect(dictation.state.value.step).toBe("off");
});

test("a microphone that is refused is told as such", async () => {
  const error = new DOMException("denied", "NotAllowedError");
  const { dictation, result } = setup(() => Promise.reject(error));
  await dictation.start();
  expect(result.failed).toHaveBeenCalledWith("microphone", error);
  expect(dictation.state.value.step).toBe("off");
});

test("so is a server that does not write it down", async () => {
  const error = new Error("not supported");
  const { dictation, result } = setup(undefined, () => Promise.reject(error));
  await dictation.start();
  await dictation.stop();
  expect(result.failed).toHaveBeenCalledWith("transcription", error);
});

test("cancelling forgets what was said", async () => {
  const { dictation, recording, request, result } = setup();
  await dictation.start();
  dictation.cancel();
  expect(recording.cancel).toHaveBeenCalled();
  expect(request).not.toHaveBeenCalled();
  expect(result.heard).not.toHaveBeenCalled();
  expect(dictation.state.value.step).toBe("off");
});

test("cancelling while the microphone is asked for lets go of it", async () => {
  const { dictation, recording } = setup();
  const started = dictation.start();
  dictation.cancel();
  await started;
  expect(recording.cancel).toHaveBeenCalled();
  expect(dictation.state.value.step).toBe("off");
});

test("cancelling while it is written down drops the text", async () => {
  let answer: (value: unknown) => void = () => undefined;
  const { dictation, result } = setup(
    undefined,
    () => new Promise((resolve) => (answer = resolve)),
  );
  await dictation.start();
  const stopped = dictation.stop();
  await vi.waitFor(() => expect(dictation.state.value.step).toBe("transcribing"));
  dictation.cancel();
  answer({ text: "late" });
  await stopped;
  expect(result.heard).not.toHaveBeenCalled();
});
