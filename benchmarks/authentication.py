"""Knowing who asks: the CPU of a request with each credential against one that nobody checks."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.requests import HTTPConnection
from starlette.types import Message, Scope

from chatkit_backend import Principal, Settings, create_app
from chatkit_backend.app import Backend

from .result import Result, Row

MOST_S = 300e-6
"""CPU that authenticating may add to a request, in seconds."""

BODY = orjson.dumps({"type": "threads.list", "params": {}})
USER = Principal(user_id="ada")
AUDIENCE = "bench"
SECRET = "a benchmark's secret, which nobody else needs to know"


def measure(*, quick: bool) -> Iterator[Row]:
    """Listing an empty account's threads, in one process and without a network."""
    with TemporaryDirectory(prefix="chatkit-bench-") as folder, _issuer() as issuer:
        yield from asyncio.run(_measured(Path(folder), issuer, 5 if quick else 15))


class _Issuer:
    """Publishes two public keys and signs with them."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, PrivateKeyTypes]] = {
            "RS256": ("rsa", rsa.generate_private_key(65537, 2048)),
            "ES256": ("ec", ec.generate_private_key(ec.SECP256R1())),
        }
        self.url = ""

    @property
    def published(self) -> bytes:
        keys = [
            {
                **json.loads(jwt.get_algorithm_by_name(name).to_jwk(key.public_key())),
                "kid": kid,
                "alg": name,
            }
            for name, (kid, key) in self._keys.items()
        ]
        return orjson.dumps({"keys": keys})

    def token(self, algorithm: str) -> str:
        if algorithm == "HS256":
            return jwt.encode(_claims(), SECRET, algorithm)
        kid, key = self._keys[algorithm]
        # One dict has both kinds of keys, and each algorithm takes its own.
        return jwt.encode(_claims(), key, algorithm, headers={"kid": kid})  # type: ignore[arg-type]


def _claims() -> dict[str, object]:
    return {"sub": "ada", "aud": AUDIENCE, "exp": int(time.time()) + 3600}


@contextmanager
def _issuer() -> Iterator[_Issuer]:
    issuer = _Issuer()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(issuer.published)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    issuer.url = f"http://127.0.0.1:{server.server_port}/keys"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()


async def _measured(folder: Path, issuer: _Issuer, rounds: int) -> list[Row]:
    known = _app(folder / "checked.sqlite3", issuer, None)
    unchecked = _app(folder / "unchecked.sqlite3", issuer, lambda _: USER)
    backends: Sequence[Backend] = (known.state.backend, unchecked.state.backend)
    for backend in backends:
        await backend.start()
    try:
        secret, _ = await backends[0].access.sessions.create(USER)
        given = {
            "session secret": secret,
            "token, HS256": issuer.token("HS256"),
            "token, RS256, key cached": issuer.token("RS256"),
            "token, ES256, key cached": issuer.token("ES256"),
        }
        nobody: list[float] = []
        costs: dict[str, list[float]] = {name: [] for name in given}
        for _ in range(rounds + 1):
            nobody.append(await _cost(unchecked, "unused"))
            for name, credential in given.items():
                costs[name].append(await _cost(known, credential))
    finally:
        for backend in backends:
            await backend.stop()
    # The first round warms up.
    return [_row(name, median(cost[1:]), median(nobody[1:])) for name, cost in costs.items()]


def _app(
    database: Path, issuer: _Issuer, authenticate: Callable[[HTTPConnection], Principal] | None
) -> FastAPI:
    settings = Settings.model_validate(
        {
            "database_url": SecretStr(f"sqlite:///{database}"),
            "llm_provider": "offline",
            "log_level": "warning",
            "jwt_secret": SecretStr(SECRET),
            "jwks_url": issuer.url,
            "jwt_audience": (AUDIENCE,),
            **({"auth": ("session", "jwt", "jwks")} if authenticate is None else {}),
        }
    )
    return create_app(settings, authenticate=authenticate)


async def _cost(app: FastAPI, credential: str, times: int = 200) -> float:
    """CPU seconds of one request."""
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/chatkit",
        "raw_path": b"/chatkit",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "headers": [(b"authorization", f"Bearer {credential}".encode())],
    }
    began = time.process_time()
    for _ in range(times):
        await _request(app, scope)
    return (time.process_time() - began) / times


async def _request(app: FastAPI, scope: Scope) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise RuntimeError(f"a request was answered with {message['status']}")

    await app({**scope, "state": {}}, receive, send)


def _row(name: str, cost: float, unchecked: float) -> Result:
    return Result(
        measure=f"request with {name}: CPU",
        ours=cost * 1e6,
        reference=unchecked * 1e6,
        unit="µs",
        must="<= +300 µs",
        holds=cost <= unchecked + MOST_S,
    )
