"""Knowing who asks: the CPU of a request with each credential against one that nobody checks.

A token is measured twice: when each request brings one that was never seen, with the key cached,
and when all bring the same, as those of a browser do.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

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
"""CPU that authenticating may add to a request, in seconds; also to the first one with a token."""

REQUESTS = 50
"""Requests of a round with each credential: few, so that a machine's moods meet all alike."""

BODY = orjson.dumps({"type": "threads.list", "params": {}})
USER = Principal(user_id="ada")
AUDIENCE = "bench"
SECRET = "a benchmark's secret, which nobody else needs to know"


def measure(*, quick: bool) -> Iterator[Row]:
    """Listing an empty account's threads, in one process and without a network."""
    with TemporaryDirectory(prefix="chatkit-bench-") as folder, _issuer() as issuer:
        yield from asyncio.run(_measured(Path(folder), issuer, 20 if quick else 60))


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
        """A token like no other."""
        if algorithm == "HS256":
            return jwt.encode(_claims(), SECRET, algorithm)
        kid, key = self._keys[algorithm]
        # One dict has both kinds of keys, and each algorithm takes its own.
        return jwt.encode(_claims(), key, algorithm, headers={"kid": kid})  # type: ignore[arg-type]


def _claims() -> dict[str, object]:
    return {"sub": "ada", "aud": AUDIENCE, "exp": int(time.time()) + 3600, "jti": str(uuid4())}


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
        given = _credentials(secret, issuer)
        nobody: list[float] = []
        for _ in range(rounds + 1):
            nobody.append(await _cost(unchecked, ["unused"] * REQUESTS))
            for credential in given:
                credential.costs.append(await _cost(known, credential.make()))
    finally:
        for backend in backends:
            await backend.stop()
    # The first round warms up.
    return [_row(credential, median(nobody[1:])) for credential in given]


@dataclass(slots=True)
class _Credential:
    """A way to say who one is.

    Attributes:
        name: What it is called in the table.
        make: Makes what the requests of a round bring.
        costs: CPU of a request in each round, in seconds.
    """

    name: str
    make: Callable[[], list[str]]
    costs: list[float] = field(default_factory=list)


def _credentials(secret: str, issuer: _Issuer) -> list[_Credential]:
    given = [_Credential("session secret", lambda: [secret] * REQUESTS)]
    for name in ("HS256", "RS256", "ES256"):
        new, one = partial(_new_tokens, issuer, name), issuer.token(name)
        given.append(_Credential(f"{name} token, seen first", new))
        given.append(_Credential(f"{name} token", partial(list, [one] * REQUESTS)))
    return given


def _new_tokens(issuer: _Issuer, algorithm: str) -> list[str]:
    return [issuer.token(algorithm) for _ in range(REQUESTS)]


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


async def _cost(app: FastAPI, credentials: Sequence[str]) -> float:
    """CPU seconds of one request, of those that bring these credentials one after the other."""
    scopes = [_scope(credential) for credential in credentials]
    began = time.process_time()
    for scope in scopes:
        await _request(app, scope)
    return (time.process_time() - began) / len(scopes)


def _scope(credential: str) -> Scope:
    return {
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


async def _request(app: FastAPI, scope: Scope) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise RuntimeError(f"a request was answered with {message['status']}")

    await app({**scope, "state": {}}, receive, send)


def _row(credential: _Credential, unchecked: float) -> Result:
    cost = median(credential.costs[1:])
    return Result(
        measure=f"request with {credential.name}: CPU",
        ours=cost * 1e6,
        reference=unchecked * 1e6,
        unit="µs",
        must=f"<= +{MOST_S * 1e6:.0f} µs",
        holds=cost <= unchecked + MOST_S,
    )
