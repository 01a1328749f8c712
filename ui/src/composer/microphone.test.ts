import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { fromMicrophone } from "./microphone";

/** Speech that the test says; it stops when it is told. */
class Recorder extends EventTarget {
  static isTypeSupported = (type: string): boolean => type === "audio/mp4";
  state: RecordingState = "inactive";
  readonly mimeType: string;

  constructor(_stream: MediaStream, { mimeType = "" }: MediaRecorderOptions) {
    super();
    this.mimeType = mimeType;
  }
  start(): void {
    this.state = "recording";
  }
  stop(): void {
    this.state = "inactive";
    this.dispatchEvent(Object.assign(new Event("dataavailable"), { data: new Blob(["speech"]) }));
    this.dispatchEvent(new Event("stop"));
  }
}

const close = vi.fn(() => Promise.resolve());
/** Everything at a tenth of full scale. */
class Audio {
  readonly close = close;
  createAnalyser(): unknown {
    return { getFloatTimeDomainData: (samples: Float32Array) => samples.fill(0.1) };
  }
  createMediaStreamSource(): unknown {
    return { connect: () => undefined };
  }
}

/** A class of the browser that cannot be made. */
function unsupported(): never {
  throw new Error("not supported");
}
unsupported.isTypeSupported = (): boolean => false;

const track = { stop: vi.fn() };
beforeEach(() => {
  vi.clearAllMocks();
  const stream = { getTracks: () => [track] };
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => Promise.resolve(stream) } });
  vi.stubGlobal("MediaRecorder", Recorder);
  vi.stubGlobal("AudioContext", Audio);
});
afterEach(() => vi.unstubAllGlobals());

describe("a recording", () => {
  test("is what was said, in a type that the browser has, and lets go of the microphone", async () => {
    const recording = await fromMicrophone();
    expect(track.stop).not.toHaveBeenCalled();
    const audio = await recording.stop();
    expect(audio.type).toBe("audio/mp4");
    expect(await audio.text()).toBe("speech");
    expect(track.stop).toHaveBeenCalledOnce();
    expect(close).toHaveBeenCalledOnce();
  });

  test("tells how loud it is", async () => {
    expect((await fromMicrophone()).level()).toBeCloseTo(0.6);
  });

  test("that is cancelled lets go of the microphone, once", async () => {
    const recording = await fromMicrophone();
    recording.cancel();
    recording.cancel();
    expect(track.stop).toHaveBeenCalledOnce();
  });

  test.each(["MediaRecorder", "AudioContext"])(
    "that does not begin, because %s throws, leaves the microphone off",
    async (name) => {
      vi.stubGlobal(name, unsupported);
      await expect(fromMicrophone()).rejects.toThrow("not supported");
      expect(track.stop).toHaveBeenCalledOnce();
    },
  );
});
