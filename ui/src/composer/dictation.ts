/** Text that the user speaks: recorded here, written down by the server. */
import type { Api } from "../network/api";
import { Observable } from "../observable";
import { fromMicrophone, type Record, type Recording } from "./microphone";

/** How far it is. */
export type DictationState =
  | { step: "off" }
  | { step: "asking" }
  | { step: "recording"; recording: Recording }
  | { step: "transcribing" };

/** Why there is no text: the microphone is not to be had, or the server did not write it down. */
export type DictationFailure = "microphone" | "transcription";

/** What comes of it. */
export interface DictationResult {
  /** Called with what was said, unless nothing was. */
  heard(words: string): void;
  failed(why: DictationFailure, error: unknown): void;
}

/** One speech at a time, from the first press until it is written down or cancelled. */
export class Dictation {
  readonly state = new Observable<DictationState>({ step: "off" });
  #work = new AbortController();

  constructor(
    private readonly api: Pick<Api, "request">,
    private readonly result: DictationResult,
    private readonly record: Record = fromMicrophone,
  ) {}

  async start(): Promise<void> {
    if (this.state.value.step !== "off") return;
    const { signal } = (this.#work = new AbortController());
    this.state.value = { step: "asking" };
    try {
      const recording = await this.record();
      if (signal.aborted) recording.cancel();
      else this.state.value = { step: "recording", recording };
    } catch (error) {
      this.#fail(signal, "microphone", error);
    }
  }

  /** End the recording and have it written down. */
  async stop(): Promise<void> {
    const { value } = this.state;
    if (value.step !== "recording") return;
    const { signal } = this.#work;
    this.state.value = { step: "transcribing" };
    try {
      const audio = await value.recording.stop();
      const params = { audio_base64: await base64Of(audio), mime_type: audio.type };
      signal.throwIfAborted();
      const { text } = await this.api.request("input.transcribe", params, signal);
      signal.throwIfAborted();
      this.state.value = { step: "off" };
      if (text.trim() !== "") this.result.heard(text.trim());
    } catch (error) {
      this.#fail(signal, "transcription", error);
    }
  }

  /** Forget what was said. */
  cancel(): void {
    const { value } = this.state;
    if (value.step === "off") return;
    this.#work.abort(new DOMException("cancelled", "AbortError"));
    if (value.step === "recording") value.recording.cancel();
    this.state.value = { step: "off" };
  }

  #fail(signal: AbortSignal, why: DictationFailure, error: unknown): void {
    if (signal.aborted) return;
    this.state.value = { step: "off" };
    this.result.failed(why, error);
  }
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const CHUNK = 0x8000; // as many arguments as every engine takes
  let binary = "";
  for (let from = 0; from < bytes.length; from += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(from, from + CHUNK));
  }
  return btoa(binary);
}
