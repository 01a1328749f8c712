"""Tokens whose signature need not be checked a second time."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from chatkit_backend.errors import Unauthenticated

from .token_rules import Claims, TokenRules, invalid_token

MAX_KNOWN = 4_096
"""Most tokens that are remembered. With those of 700 characters they take about 10 MB."""

MAX_KNOWN_CHARS = 4_096
"""Longest token that is remembered; a longer one is checked each time."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about a token.

    Attributes:
        key: What had signed it.
        until: When it ends (`exp`), in whole seconds of Unix time; any number, however large.
    """

    key: object
    claims: Claims
    until: int


class VerifiedTokens:
    """Checks tokens by rules, and each token once for as long as its key is one to go by.

    A browser shows the same token with every request. Nothing is believed for longer than without
    the memory: whoever asks names the keys that count now, and what another key had signed is
    checked like a new token, as is one that has expired. What is kept is a token's digest: nobody
    gets in with what is found in our memory.

    Args:
        rules: What a token must say.
        clock: Seconds of Unix time.
    """

    def __init__(self, rules: TokenRules, *, clock: Callable[[], float] = time.time) -> None:
        self._rules = rules
        self._clock = clock
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    def claims(self, token: str, keys: Sequence[object], algorithms: Sequence[str]) -> Claims:
        """The claims of a token that one of `keys` signed.

        Raises: Unauthenticated (`token_expired`, `invalid_token`).
        """
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        now = self._clock() - self._rules.leeway_s
        if known is not None and now < known.until and _is_among(known.key, keys):
            self._known.move_to_end(digest)
            return known.claims
        self._known.pop(digest, None)
        key, claims = self._checked(token, keys, algorithms)
        if len(token) <= MAX_KNOWN_CHARS:
            self._known[digest] = _Known(key, claims, _end(claims))
            if len(self._known) > MAX_KNOWN:
                self._known.popitem(last=False)
        return claims

    def _checked(
        self, token: str, keys: Sequence[object], algorithms: Sequence[str]
    ) -> tuple[object, Claims]:
        """The key that signed the token, and its claims."""
        refused = invalid_token("no key")
        for key in keys:
            try:
                return key, self._rules.check(token, key, algorithms)
            except Unauthenticated as exc:
                if exc.code == "token_expired":  # so the signature was right
                    raise
                refused = exc
        raise refused


def _is_among(key: object, keys: Sequence[object]) -> bool:
    """Whether it is one of them, and not merely like one."""
    return any(key is one for one in keys)


def _end(claims: Claims) -> int:
    """When the token ends, read as PyJWT reads it: from a number, or from the text of one."""
    return int(cast("float | str", claims["exp"]))
