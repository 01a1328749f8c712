"""`AUTH=header`: one `X-User-ID`, from a proxy that is trusted."""

import pytest
from starlette.requests import HTTPConnection

from chatkit_backend.errors import Unauthenticated
from chatkit_backend.identity import HeaderAuthenticator, Principal
from chatkit_backend.identity.address import Proxies

HEADER = HeaderAuthenticator(Proxies(["10.0.0.0/8"]))


def asked(*user_ids: str, peer: str = "10.0.0.1", **other: str) -> HTTPConnection:
    headers = [(b"x-user-id", user_id.encode("latin-1")) for user_id in user_ids]
    headers += [(name.replace("_", "-").encode(), text.encode()) for name, text in other.items()]
    return HTTPConnection({"type": "http", "headers": headers, "client": (peer, 1234)})


@pytest.mark.parametrize("user_id", ["ada", "  ada  ", "ada@example.test", "42", "é", "a" * 256])
async def test_the_proxys_word_is_taken(user_id: str) -> None:
    found = await HEADER.authenticate(asked(user_id))

    assert found is not None
    assert found.principal == Principal(user_id=user_id.strip(), scheme="header")
    assert found.cookie is None


async def test_a_forwarded_address_makes_nobody_a_proxy() -> None:
    assert await HEADER.authenticate(asked("ada", peer="11.0.0.1", x_forwarded_for="10.0.0.1")) is (
        None
    )


async def test_two_names_are_refused() -> None:
    # The client's own, and the one that a proxy has added instead of replacing it.
    with pytest.raises(Unauthenticated, match="once"):
        await HEADER.authenticate(asked("admin", "ada"))


async def test_two_names_from_anybody_else_are_as_none() -> None:
    assert await HEADER.authenticate(asked("admin", "ada", peer="11.0.0.1")) is None
