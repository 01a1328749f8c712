import { describe, expect, test, vi } from "vitest";

import type { Attachment } from "../protocol/items";
import { Api } from "./api";
import { ApiError } from "./errors";
import { PageTransport } from "./transport";
import { fileSender, type ByteRequest, type SendBytes, type Sending } from "./uploads";

const FILE = new File(["hello"], "a.txt", { type: "text/plain" });
const CREATED: Attachment = { type: "file", id: "att_1", name: "a.txt", mime_type: "text/plain" };

const sending = (): Sending => ({
  signal: new AbortController().signal,
  onProgress: vi.fn(),
  onCreated: vi.fn(),
});

const answering = (body: unknown, status = 200): typeof fetch =>
  vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));

function setup(answer: unknown, status = 200) {
  const send = answering(answer, status);
  const transport = new PageTransport("https://backend.test/chatkit", send);
  return { send, transport, api: new Api(transport) };
}

const stub = (text = ""): { sent: ByteRequest[]; sendBytes: SendBytes } => {
  const sent: ByteRequest[] = [];
  return {
    sent,
    sendBytes: (request, { onProgress }) => {
      sent.push(request);
      onProgress(0.5);
      return Promise.resolve(text);
    },
  };
};

const CUSTOM = { url: "/chatkit", domainKey: "x" };

describe("two phases", () => {
  const created = {
    ...CREATED,
    upload_descriptor: {
      url: "https://storage.test/up",
      method: "PUT",
      headers: { "X-Signed": "yes" },
    },
  };

  test("are the way without a strategy, and that of sessions", async () => {
    for (const config of [CUSTOM, { getClientSecret: () => Promise.resolve("s") }]) {
      const { transport, api } = setup(created);
      const { sent, sendBytes } = stub();
      await fileSender(config, transport, api, sendBytes)(FILE, sending());
      expect(sent).toHaveLength(1);
    }
  });

  test("register the file and send its bytes as the server says", async () => {
    const { send, transport, api } = setup(created);
    const { sent, sendBytes } = stub();
    const told = sending();
    const attachment = await fileSender(CUSTOM, transport, api, sendBytes)(FILE, told);
    const [, init] = vi.mocked(send).mock.calls[0] ?? [];
    expect(JSON.parse(init?.body as string)).toMatchObject({
      type: "attachments.create",
      params: { name: "a.txt", size: 5, mime_type: "text/plain" },
    });
    expect(sent).toEqual([
      {
        method: "PUT",
        url: "https://storage.test/up",
        headers: { "X-Signed": "yes", "Content-Type": "text/plain" },
        body: FILE,
        withCredentials: false,
      },
    ]);
    expect(attachment).toEqual(CREATED);
    expect(told.onCreated).toHaveBeenCalledWith("att_1");
    expect(told.onProgress).toHaveBeenCalledWith(0.5);
  });

  test("send cookies along where it is the server itself that takes the bytes", async () => {
    const upload_descriptor = { url: "/files/att_1", method: "POST", headers: {} };
    const { transport, api } = setup({ ...CREATED, upload_descriptor });
    const { sent, sendBytes } = stub();
    await fileSender(CUSTOM, transport, api, sendBytes)(FILE, sending());
    expect(sent[0]).toMatchObject({
      url: "https://backend.test/files/att_1",
      method: "POST",
      withCredentials: true,
    });
  });

  test("fail when the server refuses the file", async () => {
    const { transport, api } = setup({ error: { code: "no", message: "No." } }, 400);
    const { sent, sendBytes } = stub();
    const upload = fileSender(CUSTOM, transport, api, sendBytes)(FILE, sending());
    await expect(upload).rejects.toThrow(ApiError);
    expect(sent).toEqual([]);
  });
});

describe("direct upload", () => {
  const config = {
    ...CUSTOM,
    uploadStrategy: { type: "direct" as const, uploadUrl: "https://page.test/files" },
  };

  test("sends a form with the file and takes the answer for the attachment", async () => {
    const { send, transport, api } = setup(null);
    const { sent, sendBytes } = stub(JSON.stringify(CREATED));
    const told = sending();
    expect(await fileSender(config, transport, api, sendBytes)(FILE, told)).toEqual(CREATED);
    expect(sent[0]).toMatchObject({ method: "POST", url: "https://page.test/files" });
    expect((sent[0]?.body as FormData).get("file")).toMatchObject({ name: "a.txt", size: 5 });
    expect(told.onCreated).toHaveBeenCalledWith("att_1");
    expect(send).not.toHaveBeenCalled();
  });

  test("goes through the page's own fetch if it has one", async () => {
    const { send, transport, api } = setup(CREATED);
    const { sent, sendBytes } = stub();
    const own = { ...config, fetch: send };
    expect(await fileSender(own, transport, api, sendBytes)(FILE, sending())).toEqual(CREATED);
    expect(send).toHaveBeenCalledOnce();
    expect(sent).toEqual([]);
  });

  test("fails if the answer is no attachment", async () => {
    const { transport, api } = setup(null);
    const upload = fileSender(config, transport, api, stub("{}").sendBytes)(FILE, sending());
    await expect(upload).rejects.toThrow("not an attachment");
  });
});
