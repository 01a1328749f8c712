/** Speech from the microphone. */

/** Speech that is being recorded. */
export interface Recording {
  /** How loud it is now, 0 to 1. */
  level(): number;
  /** End it; returns what was said. */
  stop(): Promise<Blob>;
  /** End it and forget what was said. */
  cancel(): void;
}

/**
 * Begins to record. Throws what `getUserMedia` throws, NotAllowedError if the user refuses, and what
 * the browser's recorder throws; the microphone is off then.
 */
export type Record = () => Promise<Recording>;

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

/** Records with the browser's own means, in the first of TYPES that it has. */
export const fromMicrophone: Record = async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  try {
    return recordingOf(stream);
  } catch (error) {
    // Else the microphone would stay on with nobody to end it.
    release(stream);
    throw error;
  }
};

function recordingOf(stream: MediaStream): Recording {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, mimeType === undefined ? {} : { mimeType });
  const meter = meterOf(stream);
  const chunks: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
  const stopped = new Promise<Blob>((resolve) => {
    recorder.addEventListener("stop", () => {
      release(stream);
      meter.close();
      resolve(new Blob(chunks, { type: recorder.mimeType }));
    });
  });
  recorder.start();
  const end = (): void => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  return {
    level: meter.level,
    stop: () => {
      end();
      return stopped;
    },
    cancel: end,
  };
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function meterOf(stream: MediaStream): { level: () => number; close: () => void } {
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 512;
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      // Speech is at about 0.1 of full scale.
      return Math.min(1, Math.sqrt(power) * 6);
    },
    close: () => void audio.close(),
  };
}
