"""ChatKit requests and events, as short as tests want them."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

# JSON as it stands on the wire: tests look into it by key.
Json = dict[str, Any]


def user_input(text: str = "Hello", **options: object) -> Json:
    return {
        "content": [{"type": "input_text", "text": text}],
        "attachments": [],
        "quoted_text": None,
        "inference_options": {},
        **options,
    }


def create(text: str = "Hello", **options: object) -> Json:
    return {"type": "threads.create", "params": {"input": user_input(text, **options)}}


def add(thread_id: str, text: str = "And?", **options: object) -> Json:
    given = user_input(text, **options)
    return {"type": "threads.add_user_message", "params": {"thread_id": thread_id, "input": given}}


def req(kind: str, /, **params: object) -> Json:
    return {"type": kind, "params": params}


@dataclass(frozen=True)
class Answer:
    """A stream of thread events, read to its end."""

    events: list[Json]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def of(self, kind: str) -> list[Json]:
        return [event for event in self.events if event["type"] == kind]

    def items(self, kind: str) -> list[Json]:
        """Items that are done, of one type."""
        done = [event["item"] for event in self.of("thread.item.done")]
        return [item for item in done if item["type"] == kind]

    @property
    def thread_id(self) -> str:
        [created] = self.of("thread.created")
        thread_id: str = created["thread"]["id"]
        return thread_id

    @property
    def text(self) -> str:
        [message] = self.items("assistant_message")
        return text_of(message)

    @property
    def deltas(self) -> str:
        updates = [event["update"] for event in self.of("thread.item.updated")]
        return "".join(update.get("delta", "") for update in updates)


def text_of(item: Json) -> str:
    return "".join(part["text"] for part in item["content"])


async def chat(client: httpx.AsyncClient, body: Json, path: str = "/chatkit") -> Answer:
    """Send a streaming request and read every event."""
    response = await client.post(path, json=body)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream"), response.text
    return Answer(sse_events(response.text))


def sse_events(text: str) -> list[Json]:
    return [event for _, event in numbered_events(text)]


def numbered_events(text: str) -> list[tuple[str, Json]]:
    """Each event with its id, which each has; comments are left out."""
    numbered: list[tuple[str, Json]] = []
    for frame in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in frame.split("\n") if line[:1] not in {"", ":"}
        )
        if "data" in fields:
            numbered.append((fields["id"], json.loads(fields["data"])))
    return numbered


async def ask(client: httpx.AsyncClient, body: Json, path: str = "/chatkit") -> Json:
    """Send a request that answers with JSON."""
    response = await client.post(path, json=body)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


async def refused(
    client: httpx.AsyncClient, body: object, path: str = "/chatkit"
) -> tuple[int, str]:
    """Send a request that must be refused; return its status and code."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = await client.post(
        path, content=content, headers={"content-type": "application/json"}
    )
    error = response.json()["error"]
    assert error["request_id"] == response.headers["x-request-id"]
    assert error["message"]
    return response.status_code, error["code"]
