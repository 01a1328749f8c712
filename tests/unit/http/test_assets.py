"""The web UI's files: names that last, contents that may be kept for ever, nothing else."""

import json
import mimetypes
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from chatkit_backend.http.assets import Assets, asset_routes

CODE = b"export const x = 1;\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "ui"
    (built / "parts").mkdir(parents=True)
    (built / "chatkit-abc.js").write_bytes(CODE)
    (built / "chatkit-abc.js.br").write_bytes(b"as brotli")
    (built / "chatkit-abc.js.gz").write_bytes(b"as gzip")
    (built / "page-def.js").write_bytes(CODE)
    (built / "parts" / "page-ghi.css").write_text("body{}")
    (built / "parts" / "icon-jkl.svg").write_text("<svg/>")
    (built / "parts" / "other-mno.unheard").write_text("?")
    (built / "left-behind.js").write_text("of no build")
    (built / "manifest.json").write_text(
        json.dumps(
            {
                "src/index.ts": {"file": "chatkit-abc.js", "assets": ["parts/icon-jkl.svg"]},
                "src/page/page.ts": {"file": "page-def.js", "css": ["parts/page-ghi.css"]},
                "other": {"file": "parts/other-mno.unheard"},
            }
        )
    )
    (tmp_path / "secret.key").write_text("not yours")
    return built


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    assets = Assets.built(folder)
    assert assets is not None
    app = FastAPI()
    app.include_router(asset_routes(assets, "1.2.3"), prefix="/assistant")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/assistant/") as one:
        yield one


def test_without_a_build_there_are_no_assets(tmp_path: Path) -> None:
    assert Assets.built(tmp_path) is None


async def test_the_element_has_a_lasting_name_and_is_asked_for_again(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("chatkit.js")
    assert answer.text == 'export * from "./ui/chatkit-abc.js";\n'
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize("name", ["chatkit.js", "chatkit-1.2.3.js"])
async def test_who_has_the_element_already_is_told_so(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(name)
    again = await client.get(name, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]
    assert again.headers["cache-control"] == "public, no-cache"
    other = await client.get(name, headers={"If-None-Match": '"chatkit-of-before.js"'})
    assert (other.status_code, other.content) == (200, answer.content)


async def test_a_page_may_name_a_version_and_gets_no_other(client: httpx.AsyncClient) -> None:
    assert (await client.get("chatkit-1.2.3.js")).text.startswith("export * from")
    other = await client.get("chatkit-1.2.2.js")
    assert other.status_code == 404
    assert "/chatkit-1.2.3.js" in other.json()["error"]["message"]


async def test_a_file_is_kept_for_ever(client: httpx.AsyncClient) -> None:
    answer = await client.get("ui/chatkit-abc.js", headers={"Accept-Encoding": "identity"})
    assert answer.content == CODE
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("chatkit-abc.js", "text/javascript; charset=utf-8"),
        ("parts/page-ghi.css", "text/css; charset=utf-8"),
        ("parts/icon-jkl.svg", "image/svg+xml"),
        ("parts/other-mno.unheard", "application/octet-stream"),
    ],
)
async def test_its_media_type_is_the_same_on_every_machine(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, name: str, media_type: str
) -> None:
    mimetypes.init()
    for suffix in (".js", ".css", ".svg"):
        monkeypatch.setitem(mimetypes.types_map, suffix, "text/x-this-machines-own")
    answer = await client.get(f"ui/{name}", headers={"Accept-Encoding": "identity"})
    assert answer.headers["content-type"] == media_type


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0", None),
        ("deflate", None),
        ("", None),
    ],
)
async def test_it_comes_compressed_as_the_client_takes_it(
    client: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    request = client.build_request(
        "GET", "ui/chatkit-abc.js", headers={"Accept-Encoding": accepted}
    )
    answer = await client.send(request, stream=True)
    raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert raw == {"br": b"as brotli", "gzip": b"as gzip", None: CODE}[coding]
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "",
        "parts",
        "../secret.key",
        "%2e%2e/secret.key",
        "/etc/passwd",
        "manifest.json",
        "chatkit-abc.js.br",
        "chatkit-abc.js.gz",
        "left-behind.js",
    ],
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(
        httpx.URL("http://test/assistant/ui/").copy_with(raw_path=f"/assistant/ui/{name}".encode())
    )
    assert answer.status_code == 404
