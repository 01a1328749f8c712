"""Everything that can be asked, and everybody who can ask it.

`OPERATIONS` has an entry for each route, for each type of ChatKit request, and for each id in a
body, a query or a header that could be somebody else's. `PUBLIC` has the routes that need no
credential, with the reason. What is in neither is a gap, and `test_isolation` fails.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from tests.integration.identity.estates import QUESTION, Estate
from tests.protocol import Json, user_input

from chatkit_backend.http.assets import Assets

HERE = "tests/integration/identity/matrix.py"

Caller = Literal[
    "owner", "neighbour", "namesake", "nobody", "expired", "revoked", "wrong audience", "tampered"
]
CALLERS: tuple[Caller, ...] = get_args(Caller)
"""`neighbour` is another user of the owner's tenant; `namesake` has the owner's user id in another
tenant. The rest ask with no credential, or with one that is not valid."""

Door = Literal["person", "login", "secret", "server", "public"]
"""What a route wants to see: a person's credential; one that is no session; a session's secret; a
tenant's API key; nothing."""

Outcome = Literal[
    "succeeds", "as if it were not there", "sees its own", "is refused", "finds it over"
]

ROUTES_OF_CHATKIT = ("/chatkit", "/api/chatkit")

PUBLIC: dict[tuple[str, str], str] = {
    ("GET", "/"): "says what the service is; the same for everybody",
    ("GET", "/health"): "monitors have no credential; states of dependencies, no data",
    ("GET", "/health/live"): "orchestrators have no credential; says that the process answers",
    ("GET", "/health/ready"): "orchestrators have no credential; says whether to send requests",
    ("GET", "/openapi.json"): "describes the API; the same for everybody",
    ("HEAD", "/openapi.json"): "as GET",
    (
        "GET",
        "/chat",
    ): "the chat page, the same for everybody; what it shows it asks for as its visitor",
}

_BUILT = Assets.built()
if _BUILT is not None:
    PUBLIC |= {
        ("GET", "/chatkit.js"): "the web UI's code, the same for everybody",
        ("HEAD", "/chatkit.js"): "as GET",
        ("GET", "/chatkit-{wanted}.js"): "the same of one version",
        ("HEAD", "/chatkit-{wanted}.js"): "as GET",
        ("GET", "/ui/{name:path}"): "files of the web UI's build, and no others",
        ("HEAD", "/ui/{name:path}"): "as GET",
    }

PUBLIC_PARTS = {
    "wanted": version("chatkit-backend"),
    "name": "" if _BUILT is None else _BUILT.entry,
}
"""What stands in the addresses of public routes."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is asked: the parts of a request that are not the credential."""

    json: Json | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


MakeAsk: TypeAlias = Callable[[Estate, Estate], Ask]
"""Makes the request of somebody who has the second estate, about something of the first."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One row of the matrix.

    Attributes:
        kind: Type of a ChatKit request.
        note: What tells the row from others of its route or type.
        names: Whether the request names something, which may be somebody else's. If not,
            everybody is answered about what is their own.
        answering: Whether it is about a run that answers now.
        ends: Whether it ends the session that it is asked with: one that is over may be told so.
        status: Of an answer to whoever may ask.
    """

    method: str
    path: str
    door: Door
    ask: MakeAsk
    kind: str = ""
    note: str = ""
    names: bool = True
    answering: bool = False
    ends: bool = False
    status: int = 200

    def __str__(self) -> str:
        return " ".join(filter(None, (self.method, self.path, self.kind, self.note)))

    def outcome(self, caller: Caller) -> Outcome:
        """What is to become of the request."""
        if self.door == "public":
            return "sees its own"
        match caller:
            case "owner":
                return "succeeds"
            case "neighbour" if self.door == "server":
                return "is refused"  # a person of the tenant is none of its servers
            case "neighbour" | "namesake":
                return "as if it were not there" if self.names else "sees its own"
            case "expired" | "revoked" if self.ends:
                return "finds it over"
            case _:
                return "is refused"


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Method and path of every route; what has no methods (a mount, a WebSocket) has `ANY`."""
    return {
        (method, route.path or str(route))
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or {"ANY"})
    }


def kinds_of(union: object) -> set[str]:
    """The `type` of each member of a union of requests."""
    if get_origin(union) is Annotated:
        return kinds_of(get_args(union)[0])
    if isinstance(union, type) and issubclass(union, BaseModel):
        return {str(union.model_fields["type"].default)}
    return set().union(*(kinds_of(member) for member in get_args(union)))


def gaps(
    routes: Iterable[tuple[str, str]], kinds: Iterable[str], operations: Iterable[Operation]
) -> list[str]:
    """What the matrix says nothing about, and where to add it."""
    rows = list(operations)
    walked = {(row.method, row.path) for row in rows}
    missing = [
        f"{method} {path} is not in the isolation matrix: add an Operation to OPERATIONS, or a "
        f"reason why it needs no credential to PUBLIC, in {HERE}"
        for method, path in sorted(set(routes) - walked)
    ]
    for path in ROUTES_OF_CHATKIT:
        asked = {row.kind for row in rows if row.path == path}
        missing += [
            f"{kind} at {path} is not in the isolation matrix: add it to REQUESTS in {HERE}"
            for kind in sorted(set(kinds) - asked)
        ]
    return missing


MakeParams: TypeAlias = Callable[[Estate, Estate], Json]

ACTION = {"type": "show", "payload": {}}


def _form(thread_id: str, item_id: str) -> Json:
    answers = {"status": "answered", "answers": {QUESTION: {"values": ["yes"]}}}
    return {"thread_id": thread_id, "item_id": item_id, "input": answers}


# type, note, names, params. `t` has what is asked about, `own` is the asker's.
REQUESTS: list[tuple[str, str, bool, MakeParams]] = [
    ("threads.get_by_id", "", True, lambda t, _: {"thread_id": t.thread_id}),
    ("threads.create", "", False, lambda _, own: {"input": user_input(own.text)}),
    (
        "threads.create",
        "with an attachment",
        True,
        lambda t, _: {"input": user_input(attachments=[t.attachment_id])},
    ),
    ("threads.list", "", False, lambda *_: {}),
    ("threads.list", "behind a thread", True, lambda t, _: {"after": t.thread_id}),
    (
        "threads.add_user_message",
        "",
        True,
        lambda t, _: {"thread_id": t.thread_id, "input": user_input()},
    ),
    (
        "threads.add_user_message",
        "with an attachment",
        True,
        lambda t, own: {
            "thread_id": own.thread_id,
            "input": user_input(attachments=[t.attachment_id]),
        },
    ),
    (
        "threads.add_client_tool_output",
        "",
        True,
        lambda t, _: {"thread_id": t.thread_id, "result": {"a": 1}},
    ),
    ("threads.add_structured_input", "", True, lambda t, _: _form(t.thread_id, t.form_id)),
    ("threads.add_structured_input", "item", True, lambda t, own: _form(own.thread_id, t.form_id)),
    *(
        (kind, note, True, params)
        for kind in ("threads.custom_action", "threads.sync_custom_action")
        for note, params in (
            ("", lambda t, _: {"thread_id": t.thread_id, "action": ACTION}),
            (
                "item",
                lambda t, own: {
                    "thread_id": own.thread_id,
                    "item_id": t.widget_id,
                    "action": ACTION,
                },
            ),
        )
    ),
    (
        "threads.retry_after_item",
        "",
        True,
        lambda t, _: {"thread_id": t.thread_id, "item_id": t.message_id},
    ),
    (
        "threads.retry_after_item",
        "item",
        True,
        lambda t, own: {"thread_id": own.thread_id, "item_id": t.message_id},
    ),
    (
        "items.feedback",
        "",
        True,
        lambda t, _: {"thread_id": t.thread_id, "item_ids": [t.answer_id], "kind": "negative"},
    ),
    (
        "items.feedback",
        "one item of two",
        True,
        lambda t, own: {
            "thread_id": own.thread_id,
            "item_ids": [own.message_id, t.answer_id],
            "kind": "negative",
        },
    ),
    (
        "attachments.create",
        "",
        False,
        lambda *_: {"name": "a.txt", "size": 3, "mime_type": "text/plain"},
    ),
    ("attachments.delete", "", True, lambda t, _: {"attachment_id": t.attachment_id}),
    (
        "input.transcribe",
        "",
        False,
        lambda *_: {"audio_base64": "AAAA", "mime_type": "audio/webm"},
    ),
    ("items.list", "", True, lambda t, _: {"thread_id": t.thread_id}),
    (
        "items.list",
        "behind an item",
        True,
        lambda t, own: {"thread_id": own.thread_id, "after": t.answer_id, "order": "asc"},
    ),
    ("threads.update", "", True, lambda t, _: {"thread_id": t.thread_id, "title": "Mine now"}),
    ("threads.delete", "", True, lambda t, _: {"thread_id": t.thread_id}),
]


def _chatkit(path: str) -> Iterable[Operation]:
    for kind, note, names, params in REQUESTS:
        yield Operation(
            method="POST",
            path=path,
            kind=kind,
            note=note,
            door="person",
            names=names,
            ask=_request(kind, params),
        )


def _request(kind: str, params: MakeParams) -> MakeAsk:
    return lambda t, own: Ask(json={"type": kind, "params": params(t, own)})


def _said(**more: object) -> Json:
    message = {"role": "user", "content": [{"type": "input_text", "text": "Hello"}]}
    return {
        "type": "conversation.item.create",
        "item": {"type": "message", **message},
        **more,
    }


def _runs(prefix: str) -> Iterable[Operation]:
    run, thread = f"{prefix}/runs/{{run_id}}", f"{prefix}/threads/{{thread_id}}/run"
    told: list[tuple[str, str, str, bool, MakeAsk]] = [
        ("GET", run, "", True, lambda t, _: Ask(path={"run_id": t.answering_id})),
        ("POST", f"{run}/cancel", "", True, lambda t, _: Ask(path={"run_id": t.answering_id})),
        ("GET", thread, "", True, lambda t, _: Ask(path={"thread_id": t.busy_id})),
        ("GET", f"{run}/events", "", False, lambda t, _: Ask(path={"run_id": t.run_id})),
        (
            "GET",
            f"{run}/events",
            "behind an event",
            False,
            lambda t, _: Ask(path={"run_id": t.run_id}, query={"after": "1"}),
        ),
        (
            "GET",
            f"{run}/events",
            "with a Last-Event-ID",
            False,
            lambda t, own: Ask(
                path={"run_id": own.run_id}, headers={"Last-Event-ID": f"{t.run_id}:1"}
            ),
        ),
        (
            "GET",
            f"{run}/events",
            "behind an event of a run",
            False,
            lambda t, own: Ask(path={"run_id": own.run_id}, query={"after": f"{t.run_id}:1"}),
        ),
    ]
    for method, path, note, answering, ask in told:
        yield Operation(
            method=method, path=path, note=note, door="person", answering=answering, ask=ask
        )


SESSION: Any = {"user": "ada", "workflow": {"id": "wf"}}


def _hosted() -> Iterable[Operation]:
    threads = "/v1/chatkit/threads"
    thread, items = f"{threads}/{{thread_id}}", f"{threads}/{{thread_id}}/items"
    cancel = "/v1/chatkit/sessions/{session_id}/cancel"
    told: list[tuple[str, str, str, bool, MakeAsk]] = [
        ("POST", "/v1/chatkit/sessions", "", False, lambda *_: Ask(json=SESSION)),
        ("POST", cancel, "", True, lambda t, _: Ask(path={"session_id": t.session_id})),
        ("GET", threads, "", False, lambda *_: Ask()),
        ("GET", threads, "of a user", False, lambda *_: Ask(query={"user": "ada"})),
        ("GET", threads, "behind one", True, lambda t, _: Ask(query={"after": t.thread_id})),
        ("GET", threads, "before one", True, lambda t, _: Ask(query={"before": t.thread_id})),
        (
            "GET",
            threads,
            "of a user behind one",
            True,
            lambda t, _: Ask(query={"user": "ada", "after": t.thread_id}),
        ),
        ("GET", thread, "", True, lambda t, _: Ask(path={"thread_id": t.thread_id})),
        ("DELETE", thread, "", True, lambda t, _: Ask(path={"thread_id": t.thread_id})),
        ("GET", items, "", True, lambda t, _: Ask(path={"thread_id": t.thread_id})),
        ("GET", items, "after one", True, _beside("after")),
        ("GET", items, "before one", True, _beside("before")),
    ]
    for method, path, note, names, ask in told:
        yield Operation(method=method, path=path, note=note, door="server", names=names, ask=ask)


def _beside(side: str) -> MakeAsk:
    return lambda t, own: Ask(path={"thread_id": own.thread_id}, query={side: t.answer_id})


OPERATIONS: list[Operation] = [
    *(row for path in ROUTES_OF_CHATKIT for row in _chatkit(path)),
    *(row for prefix in ROUTES_OF_CHATKIT for row in _runs(prefix)),
    Operation(
        method="POST",
        path="/api/conversation",
        door="person",
        names=False,
        ask=lambda *_: Ask(json=_said()),
    ),
    Operation(
        method="POST",
        path="/api/conversation",
        note="of before",
        door="person",
        ask=lambda t, _: Ask(json=_said(conversation_id=t.thread_id)),
    ),
    Operation(
        method="GET", path="/debug/threads", door="person", names=False, ask=lambda *_: Ask()
    ),
    Operation(
        method="POST",
        path="/api/chatkit/session",
        door="login",
        names=False,
        ask=lambda *_: Ask(),
    ),
    Operation(
        method="POST",
        path="/api/chatkit/refresh",
        door="secret",
        names=False,
        ask=lambda *_: Ask(),
    ),
    Operation(
        method="DELETE",
        path="/api/chatkit/session",
        door="secret",
        names=False,
        ends=True,
        status=204,
        ask=lambda *_: Ask(),
    ),
    *_hosted(),
    *(
        Operation(
            method=method,
            path=path,
            door="public",
            names=False,
            ask=lambda *_: Ask(path=PUBLIC_PARTS),
        )
        for method, path in PUBLIC
    ),
]
