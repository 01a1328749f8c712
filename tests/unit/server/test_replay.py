"""A request that was stored with its run is read back, whichever version stored it."""

import json

from starlette.requests import Request

from chatkit_backend.identity import Principal, Session
from chatkit_backend.identity.session import Workflow
from chatkit_backend.server.context import request_context
from chatkit_backend.server.replay import replay_from, replay_of

SESSION = Session(id="cksess_1", workflow=Workflow(id="support"), max_requests_per_1_minute=10)
ADA = Principal(user_id="ada", scheme="session")


def stored() -> str:
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []})
    return replay_of(request_context(request, ADA, "req_1", {}, SESSION), answers="msg_1")


def test_the_caller_is_who_they_were() -> None:
    caller = replay_from(stored()).caller()

    assert (caller.principal, caller.session, caller.request_id) == (ADA, SESSION, "req_1")


def test_what_a_newer_version_stored_beside_it_is_left_alone() -> None:
    newer = json.loads(stored())
    for part in (newer, newer["session"], newer["session"]["workflow"]):
        part["later"] = 1
    newer["session"]["configuration"]["history"]["later"] = 1

    assert replay_from(json.dumps(newer)) == replay_from(stored())
