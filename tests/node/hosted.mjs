// Uses the hosted API with the official client: node hosted.mjs BASE_URL API_KEY
// Prints what it saw as one JSON object; the Python test judges it.
import OpenAI from "openai";

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const { sessions, threads } = client.beta.chatkit;

const ids = async (list) => {
  const found = [];
  for await (const one of list) found.push(one.id);
  return found;
};

const status = async (call) => {
  try {
    await call;
    return 200;
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    return error.status;
  }
};

const chat = async (secret, body) => {
  const response = await fetch(new URL("/chatkit", baseURL), {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${secret}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
};

const message = (text) => ({
  type: "threads.create",
  params: {
    input: { content: [{ type: "input_text", text }], attachments: [], inference_options: {} },
  },
});

const session = await sessions.create({
  user: "node",
  workflow: { id: "wf_node", state_variables: { plan: "pro" } },
  expires_after: { anchor: "created_at", seconds: 120 },
  rate_limits: { max_requests_per_1_minute: 50 },
});
for (const text of ["one", "two", "three"]) await chat(session.client_secret, message(text));

const ascending = await ids(threads.list({ user: "node", order: "asc", limit: 2 }));
const descending = await ids(threads.list({ user: "node", limit: 2 }));
const before = await threads.list({ user: "node", before: ascending[2], order: "asc" });
const first = await threads.retrieve(ascending[0]);
const items = [];
for await (const item of threads.listItems(ascending[0], { order: "asc", limit: 1 })) {
  items.push(item.type);
}
const deleted = await threads.delete(ascending[0]);
const cancelled = await sessions.cancel(session.id);
const afterwards = await chat(session.client_secret, message("four"));
const stranger = new OpenAI({ baseURL, apiKey: "sk-wrong", maxRetries: 0 });

console.log(
  JSON.stringify({
    session: { status: session.status, user: session.user, workflow: session.workflow },
    ascending,
    descending,
    before: before.data.map((thread) => thread.id),
    first,
    items,
    deleted,
    gone: await status(threads.retrieve(ascending[0])),
    cancelled: cancelled.status,
    afterwards: afterwards.status,
    wrongKey: await status(stranger.beta.chatkit.threads.list()),
    wrongLimit: await status(threads.list({ limit: 1000 })),
  }),
);
