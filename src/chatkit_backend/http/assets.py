"""The web UI as `make` has built it: `/chatkit.js`, and its parts under `/ui/`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from chatkit_backend.errors import NotFound

from .route import BackendRoute

BUILT = Path(__file__).parents[1] / "static" / "ui"
ENTRY = "src/index.ts"
PAGE = "src/page/page.ts"

FOR_EVER = "public, max-age=31536000, immutable"
"""The names of the files have hashes of their contents."""

ASK_AGAIN = "public, no-cache"

COPIES = {"br": ".br", "gzip": ".gz"}
"""What the build has compressed, best first: content codings and what they add to a name."""

MEDIA_TYPES = {
    # Not `mimetypes`, which follows the machine's own table: a browser runs no module, and takes no
    # style sheet, of another type.
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}

TO_EVERYBODY = {
    # Pages of other origins load the element as a module, which takes CORS. It has no secrets.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """The files of one build.

    Attributes:
        entry: The module that defines the element.
        page: The module of the chat page; `page_styles` are its style sheets.
        files: What may be served, by its name below `folder`: the content codings in which there
            is a copy of it, best first. All names have a hash.
    """

    folder: Path
    entry: str
    page: str
    page_styles: tuple[str, ...]
    files: Mapping[str, tuple[str, ...]]

    @classmethod
    def built(cls, folder: Path = BUILT) -> Self | None:
        """The build in `folder`; None if there is none."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text())
        except FileNotFoundError:
            return None
        return cls(
            folder=folder,
            entry=manifest[ENTRY]["file"],
            page=manifest[PAGE]["file"],
            page_styles=tuple(manifest[PAGE].get("css", ())),
            files={name: _codings_of(folder / name) for name in _names(manifest)},
        )


def _names(manifest: Mapping[str, Any]) -> Iterable[str]:
    """The files of a build. Its manifest and the compressed copies are not among them."""
    for part in manifest.values():
        yield part["file"]
        yield from part.get("css", ())
        yield from part.get("assets", ())


def _codings_of(path: Path) -> tuple[str, ...]:
    return tuple(coding for coding, suffix in COPIES.items() if Path(f"{path}{suffix}").is_file())


def asset_routes(assets: Assets, version: str) -> APIRouter:
    """The element under its lasting name and its version's, and all the parts."""
    router = APIRouter(route_class=BackendRoute, include_in_schema=False)
    content = f'export * from "./ui/{assets.entry}";\n'.encode()
    etag = f'"{assets.entry}"'

    def loader(request: Request) -> Response:
        headers = {"ETag": etag, "Cache-Control": ASK_AGAIN, **TO_EVERYBODY}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=MEDIA_TYPES[".js"], headers=headers)

    @router.api_route("/chatkit.js", methods=["GET", "HEAD"])
    async def newest(request: Request) -> Response:
        """The element, whatever its version is."""
        return loader(request)

    @router.api_route("/chatkit-{wanted}.js", methods=["GET", "HEAD"])
    async def pinned(wanted: str, request: Request) -> Response:
        """The element of one version: a page that names it never gets another."""
        if wanted != version:
            raise NotFound(
                "no_such_version",
                f"This server has version {version} of the element: /chatkit-{version}.js",
            )
        return loader(request)

    @router.api_route("/ui/{name:path}", methods=["GET", "HEAD"])
    async def part(name: str, request: Request) -> Response:
        """A file of the build, compressed if the client takes that."""
        if name not in assets.files:
            raise NotFound("not_found", f"The web UI has no file {name[:80]!r}.")
        headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding", **TO_EVERYBODY}
        path = assets.folder / name
        media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        taken = _codings_taken(request.headers.get("accept-encoding", ""))
        coding = next((one for one in assets.files[name] if one in taken), None)
        if coding is not None:
            headers["Content-Encoding"] = coding
            path = assets.folder / f"{name}{COPIES[coding]}"
        return FileResponse(path, media_type=media_type, headers=headers)

    return router


def _codings_taken(accept_encoding: str) -> frozenset[str]:
    """The codings that a client takes (RFC 9110, 12.5.3), without those of quality 0."""
    taken = (part.split(";") for part in accept_encoding.lower().split(","))
    return frozenset(
        name.strip() for name, *rest in taken if not any(_is_zero(one) for one in rest)
    )


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.strip().partition("=")
    return name == "q" and value.strip().rstrip("0.") == "" and value.strip() != ""
