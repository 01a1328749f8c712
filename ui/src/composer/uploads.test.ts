import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Draft } from "../conversation/draft";
import type { Sending } from "../network/uploads";
import type { Attachment } from "../protocol/items";
import { Uploads } from "./uploads";

/** One upload under way: the test says how it goes on. */
interface Begun {
  file: File;
  sending: Sending;
  arrive: (attachment: Attachment) => void;
  fail: (error: Error) => void;
}

const TEXT = new File(["hello"], "a.txt", { type: "text/plain" });
const IMAGE = new File(["…"], "a.png", { type: "image/png" });
const STORED: Attachment = { type: "file", id: "att_1", name: "a.txt", mime_type: "text/plain" };

let begun: Begun[];
let draft: Draft;
let uploads: Uploads;
const revoke = vi.fn<(url: string) => void>();
const discard = vi.fn(() => Promise.resolve());

beforeEach(() => {
  begun = [];
  draft = new Draft();
  uploads = new Uploads(draft, {
    send: (file, sending) =>
      new Promise((arrive, fail) => {
        begun.push({ file, sending, arrive, fail });
        sending.signal.addEventListener("abort", () => fail(sending.signal.reason as Error));
      }),
    discard,
    failed: (name, error) => `${name}: ${(error as Error).message}`,
  });
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:1");
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(revoke);
});
afterEach(() => {
  vi.restoreAllMocks();
  discard.mockClear();
  revoke.mockClear();
});

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const entry = () => {
  const [one] = draft.state.value.attachments;
  if (one === undefined) throw new Error("the draft has no file");
  return one;
};
const upload = (place = 0): Begun => {
  const one = begun[place];
  if (one === undefined) throw new Error(`upload ${place} was not begun`);
  return one;
};

test("a file is in the draft at once, and part of the message when it has arrived", async () => {
  uploads.add([TEXT]);
  expect(entry()).toMatchObject({ name: "a.txt", size: 5, progress: 0, attachment: null });
  upload().sending.onProgress(0.4);
  expect(entry().progress).toBe(0.4);
  expect(draft.input).toBeNull();
  upload().arrive(STORED);
  await settle();
  expect(entry()).toMatchObject({ attachment: STORED, progress: 1 });
  expect(draft.input?.attachments).toEqual(["att_1"]);
});

test("a failure is said in words, and the file can be sent again", async () => {
  uploads.add([TEXT]);
  upload().sending.onCreated("att_1");
  upload().fail(new Error("500"));
  await settle();
  expect(entry().error).toBe("a.txt: 500");
  uploads.retry(entry().key);
  expect(entry()).toMatchObject({ error: null, progress: 0 });
  expect(discard).toHaveBeenCalledWith("att_1"); // the server's record of the first try
  expect(upload(1).file).toBe(TEXT);
  upload(1).arrive(STORED);
  await settle();
  expect(entry().attachment).toEqual(STORED);
});

test("taking a file out stops its upload, and the server forgets its record", async () => {
  uploads.add([TEXT]);
  upload().sending.onCreated("att_1");
  uploads.remove(entry().key);
  await settle();
  expect(upload().sending.signal.aborted).toBe(true);
  expect(draft.state.value.attachments).toEqual([]);
  expect(discard.mock.calls).toEqual([["att_1"]]);
});

test("taking out a file that has arrived has the server delete it", async () => {
  uploads.add([TEXT]);
  upload().sending.onCreated("att_1");
  upload().arrive(STORED);
  await settle();
  uploads.remove(entry().key);
  expect(discard.mock.calls).toEqual([["att_1"]]);
});

test("what was sent stays on the server", async () => {
  uploads.add([TEXT]);
  upload().sending.onCreated("att_1");
  upload().arrive(STORED);
  await settle();
  draft.clear(false);
  uploads.tidy();
  expect(discard).not.toHaveBeenCalled();
});

test("a file that the page has put in is not the composer's to delete", () => {
  draft.set({ attachments: [STORED] });
  uploads.remove("att_1");
  expect(draft.state.value.attachments).toEqual([]);
  expect(discard).not.toHaveBeenCalled();
});

test("an image has a preview until it leaves the draft", () => {
  uploads.add([IMAGE]);
  expect(entry().previewUrl).toBe("blob:1");
  uploads.tidy();
  expect(revoke).not.toHaveBeenCalled();
  uploads.remove(entry().key);
  expect(revoke).toHaveBeenCalledWith("blob:1");
});

test("giving up ends what is under way, which the server forgets, and lets previews go", async () => {
  draft.set({ attachments: [{ ...STORED, id: "page" }] });
  uploads.add([IMAGE, TEXT]);
  upload(1).sending.onCreated("att_2");
  upload(0).arrive({
    type: "image",
    id: "att_1",
    name: "a.png",
    mime_type: "image/png",
    preview_url: "https://store.test/a.png",
  });
  await settle();
  uploads.stop();
  await settle();
  expect(upload(1).sending.signal.aborted).toBe(true);
  expect(discard.mock.calls).toEqual([["att_2"]]);
  expect(revoke).toHaveBeenCalledExactlyOnceWith("blob:1");
  expect(
    draft.state.value.attachments.map(({ attachment, previewUrl }) => [attachment?.id, previewUrl]),
  ).toEqual([
    ["page", null],
    ["att_1", "https://store.test/a.png"],
  ]);
});
