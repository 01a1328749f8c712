"""`GET /debug/threads`: what is stored for the caller. Development only."""

import html

from chatkit.types import ThreadListParams, ThreadsListReq
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from chatkit_backend.runs.encoding import encode

from .callers import Callers
from .chatkit import ChatKitOperations
from .page import page
from .route import BackendRoute

LIMIT = 100

_STYLE = "body{font:16px/1.5 system-ui;margin:2rem}pre{white-space:pre-wrap}"

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Threads</title>
<style>{style}</style>
<h1>Threads of {user}</h1>
<p>The newest {limit} threads of this browser, as they are stored. Development only.</p>
<pre>{json}</pre>
</html>"""


def debug_routes(operations: ChatKitOperations, callers: Callers) -> APIRouter:
    """The debug page: JSON, or HTML for a browser. It shows the caller's own threads only."""
    router = APIRouter(route_class=BackendRoute, tags=["debug"])

    @router.get("/debug/threads", operation_id="debug_threads")
    async def debug_threads(request: Request) -> Response:
        """List the caller's newest threads."""
        caller = await callers.identify(request)
        listed = ThreadsListReq(params=ThreadListParams(limit=LIMIT))
        threads = await operations.handle(listed, caller)
        if not isinstance(threads, BaseModel):
            raise TypeError(f"a list of threads is a page, not {type(threads).__name__}")
        if "text/html" not in request.headers.get("accept", ""):
            return Response(encode(threads), media_type="application/json")
        return page(
            _PAGE.format(
                style=_STYLE,
                user=html.escape(caller.user_id),
                limit=LIMIT,
                json=html.escape(threads.model_dump_json(indent=2)),
            ),
            style=_STYLE,
        )

    return router
