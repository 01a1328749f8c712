"""Secrets that we hand out: `<prefix>_<id>_<random>`, of which only a digest is kept.

The random part has 256 bits, so that SHA-256 without salt or stretching is enough: there is no list
of likely ones to try.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

RANDOM_BYTES = 32
MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class Credential:
    """What a secret consists of."""

    id: str
    random: str

    @property
    def digest(self) -> str:
        """What is stored."""
        return sha256(self.random.encode()).hexdigest()

    def matches(self, digest: str | None) -> bool:
        """Whether `digest` is this secret's; takes the same time whichever part differs."""
        return digest is not None and hmac.compare_digest(self.digest, digest)


@dataclass(frozen=True, slots=True)
class SecretKind:
    """What one kind of secret looks like.

    Attributes:
        prefix: How it begins, so that people and scanners recognise it.
        id_prefix: How the ids begin that it names; the secret has the rest of the id.
    """

    prefix: str
    id_prefix: str

    def new(self, of: str) -> tuple[str, Credential]:
        """A new secret for the thing with id `of`, and what to keep of it."""
        credential = Credential(of, secrets.token_hex(RANDOM_BYTES))
        return f"{self.prefix}_{of.removeprefix(self.id_prefix)}_{credential.random}", credential

    def read(self, text: str) -> Credential | None:
        """The parts of a secret; None for what is none of this kind."""
        if len(text) > MAX_CHARS or not text.isascii():
            return None
        prefix, _, rest = text.partition("_")
        name, separator, random = rest.partition("_")
        if prefix != self.prefix or not (name and separator and random):
            return None
        return Credential(f"{self.id_prefix}{name}", random)


CLIENT_SECRET = SecretKind("ek", "cksess_")
"""Ephemeral keys, named as hosted ChatKit names them."""

API_KEY = SecretKind("ckb", "key_")
