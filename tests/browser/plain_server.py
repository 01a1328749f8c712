"""A ChatKit server as the SDK's own documentation has it: one route, no runs, no resuming."""

from chatkit.server import StreamingResult
from fastapi import FastAPI, Request
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response, StreamingResponse

from chatkit_backend.store import MemoryStore
from tests.browser.gallery import Gallery

server = Gallery(MemoryStore(owner=lambda _: "everybody"))
app = FastAPI()
# The page comes from elsewhere.
app.add_middleware(
    CORSMiddleware,
    allow_origin_regex=".*",
    allow_credentials=True,
    allow_methods=["POST", "GET"],
    allow_headers=["*"],
)


@app.post("/chatkit")
async def chatkit(request: Request) -> Response:
    try:
        result = await server.process(await request.body(), {})
    except LookupError:
        return JSONResponse({"detail": "Not Found"}, 404)
    if isinstance(result, StreamingResult):
        return StreamingResponse(result, media_type="text/event-stream")
    return Response(result.json, media_type="application/json")


@app.get("/health/ready")
async def ready() -> Response:
    return Response()
