"""A small OpenID provider: real HTTP on the loopback interface, real keys, all the ways to fail."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import time
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

Algorithm = Literal["RS256", "ES256", "EdDSA"]
Mood = Literal["well", "error", "garbage", "not json", "no keys", "huge", "silent"]

AUDIENCE = "chat"


@dataclass
class SigningKey:
    """A private key and the name under which its public half is published."""

    kid: str | None
    algorithm: Algorithm
    private: Any

    @classmethod
    def new(cls, kid: str | None, algorithm: Algorithm = "RS256") -> "SigningKey":
        match algorithm:
            case "RS256":
                return cls(kid, algorithm, rsa.generate_private_key(65537, 2048))
            case "ES256":
                return cls(kid, algorithm, ec.generate_private_key(ec.SECP256R1()))
            case "EdDSA":
                return cls(kid, algorithm, ed25519.Ed25519PrivateKey.generate())

    @property
    def published(self) -> dict[str, Any]:
        implementation = jwt.get_algorithm_by_name(self.algorithm)
        jwk: dict[str, Any] = json.loads(implementation.to_jwk(self.private.public_key()))
        jwk.pop("key_ops", None)
        named = {} if self.kid is None else {"kid": self.kid}
        return {**jwk, **named, "use": "sig", "alg": self.algorithm}


@dataclass
class Issuer:
    """The provider. Its mood decides how it answers; `asked` counts requests for keys."""

    url: str = ""
    keys: list[SigningKey] = field(default_factory=list)
    mood: Mood = "well"
    asked: int = 0
    extra_keys: list[dict[str, Any]] = field(default_factory=list)
    described_as: str | None = None
    keys_at: str | None = None
    _server: asyncio.Server | None = None
    _port: int = 0

    def token(self, key: SigningKey | None = None, /, **claims: Any) -> str:
        """A token for `ada`, unless the claims say otherwise; a claim that is None is left out."""
        signing = key or self.keys[0]
        said: dict[str, Any] = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "ada",
            "exp": int(time()) + 300,
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        headers = {} if signing.kid is None else {"kid": signing.kid}
        return jwt.encode(said, signing.private, signing.algorithm, headers=headers)

    async def start(self) -> None:
        """Answer; again at the same address after a stop."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Be away: connections are refused."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split(b" ", 2)[1].decode()
            if path == "/keys":
                self.asked += 1
            writer.write(await self._response(path))
            await writer.drain()
        writer.close()

    async def _response(self, path: str) -> bytes:
        match self.mood:
            case "error":
                return _http(b"{}", "500 Internal Server Error")
            case "garbage":
                return b"\x00\xff this is no HTTP \r\n\r\n"
            case "not json":
                return _http(b"<html>Down for maintenance</html>")
            case "no keys":
                return _http(b'{"keys": [{"kty": "oct", "k": "AAAA"}, 7, {"kty": "RSA"}]}')
            case "huge":
                return _http(b'{"keys": "' + b"x" * 3_000_000 + b'"}')
            case "silent":
                await asyncio.sleep(3600)
        if path == "/.well-known/openid-configuration":
            issuer = self.described_as or self.url
            keys_at = self.keys_at or f"{self.url}/keys"
            return _http(json.dumps({"issuer": issuer, "jwks_uri": keys_at}).encode())
        published = [key.published for key in self.keys]
        return _http(json.dumps({"keys": [*self.extra_keys, *published]}).encode())


@asynccontextmanager
async def an_issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer(keys=[SigningKey.new("first")])
    await issuer.start()
    try:
        yield issuer
    finally:
        await issuer.stop()


def _http(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body
