"""A token is checked once, and believed for no longer because of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest

from chatkit_backend.errors import Unauthenticated
from chatkit_backend.identity import verified_tokens
from chatkit_backend.identity.token_rules import Claims, TokenRules
from chatkit_backend.identity.verified_tokens import VerifiedTokens

CURRENT = "the current secret, of thirty-two characters or more"
PREVIOUS = "the secret before it, of thirty-two characters or more"
LEEWAY_S = 30.0


@dataclass(frozen=True, kw_only=True)
class CountedRules(TokenRules):
    """Rules that note what they are asked."""

    checked: list[str] = field(default_factory=list)

    def check(self, token: str, key: Any, algorithms: Sequence[str]) -> Claims:
        self.checked.append(token)
        return super().check(token, key, algorithms)


class Desk:
    """Where tokens are shown, at a time that a test sets."""

    def __init__(self) -> None:
        self.now = time.time()
        self._rules = CountedRules(leeway_s=LEEWAY_S)
        self._tokens = VerifiedTokens(self._rules, clock=lambda: self.now)

    @property
    def checks(self) -> int:
        """How often a signature was checked."""
        return len(self._rules.checked)

    def show(self, token: str, *keys: str) -> object:
        """Whom the token names."""
        return self._tokens.claims(token, keys or (CURRENT,), ["HS256"])["sub"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def token(user: str = "ada", *, secret: str = CURRENT, lives_s: float = 600, **more: str) -> str:
    claims = {"sub": user, "exp": int(time.time() + lives_s), **more}
    return jwt.encode(claims, secret, "HS256")


def test_a_token_is_checked_once(desk: Desk) -> None:
    shown = token()
    assert [desk.show(shown) for _ in range(3)] == ["ada"] * 3
    assert desk.checks == 1


def test_each_token_for_itself(desk: Desk) -> None:
    assert [desk.show(token("ada")), desk.show(token("bob"))] == ["ada", "bob"]
    assert desk.checks == 2


def test_one_of_the_previous_secret_is_checked_once_with_each_and_then_known(desk: Desk) -> None:
    shown = token(secret=PREVIOUS)
    assert [desk.show(shown, CURRENT, PREVIOUS) for _ in range(3)] == ["ada"] * 3
    assert desk.checks == 2


def test_it_is_refused_at_once_when_its_key_no_longer_counts(desk: Desk) -> None:
    shown = token(secret=PREVIOUS)
    desk.show(shown, CURRENT, PREVIOUS)
    with pytest.raises(Unauthenticated) as refused:
        desk.show(shown, CURRENT)
    assert refused.value.code == "invalid_token"


def test_a_key_that_is_published_again_is_a_new_key(desk: Desk) -> None:
    shown = token()
    desk.show(shown, CURRENT)
    desk.show(shown, "".join([*CURRENT]))  # the same letters, another object
    assert desk.checks == 2


def test_at_its_end_it_is_for_the_rules_to_refuse(desk: Desk) -> None:
    shown = token(lives_s=600)
    desk.show(shown)
    desk.now += 600 + LEEWAY_S - 2
    desk.show(shown)
    assert desk.checks == 1
    desk.now += 4
    desk.show(shown)  # believed: they go by the real clock
    assert desk.checks == 2


@pytest.mark.parametrize("exp", [10**400, 9e15, 9999999999.9, "9999999999"])
def test_any_end_that_the_rules_take_is_one_to_remember(desk: Desk, exp: object) -> None:
    shown = jwt.encode({"sub": "ada", "exp": exp}, CURRENT, "HS256")
    assert [desk.show(shown) for _ in range(2)] == ["ada"] * 2
    assert desk.checks == 1


def test_one_that_has_expired_says_so_each_time(desk: Desk) -> None:
    shown = token(lives_s=-LEEWAY_S - 1)
    for _ in range(2):
        with pytest.raises(Unauthenticated) as refused:
            desk.show(shown, CURRENT, PREVIOUS)
        assert refused.value.code == "token_expired"
    assert desk.checks == 2


@pytest.mark.parametrize("change", ["{}=", "{}.", "x{}", "{} "])
def test_one_that_was_changed_is_another(desk: Desk, change: str) -> None:
    shown = token()
    desk.show(shown)
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            desk.show(change.format(shown))
    assert desk.show(shown) == "ada"
    assert desk.checks == 3


def test_the_one_not_shown_for_longest_is_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verified_tokens, "MAX_KNOWN", 2)
    ada, bob, eve = (token(name) for name in ("ada", "bob", "eve"))
    for shown in (ada, bob, ada, eve):
        desk.show(shown)
    assert desk.checks == 3
    desk.show(ada)
    assert desk.checks == 3
    desk.show(bob)
    assert desk.checks == 4


def test_a_huge_one_is_checked_each_time(desk: Desk) -> None:
    shown = token(groups="g" * verified_tokens.MAX_KNOWN_CHARS)
    assert [desk.show(shown) for _ in range(2)] == ["ada"] * 2
    assert desk.checks == 2
