"""From what a token says to who it is about."""

from typing import Any

import pytest

from chatkit_backend.errors import Unauthenticated
from chatkit_backend.identity import Principal
from chatkit_backend.identity.claims import MAX_ID, MAX_ROLES, ClaimNames

OF_A_DIRECTORY = ClaimNames(
    user="user.id",
    tenant="https://example.test/tenant",
    roles="realm_access.roles",
    name="preferred_username",
    locale="profile.locale",
)


def test_the_standard_claims_are_read_unless_settings_say_otherwise() -> None:
    claims = {"sub": "ada", "roles": ["admin"], "name": "Ada L.", "locale": "de-CH", "x": 1}
    assert ClaimNames().principal(claims, "jwt") == Principal(
        user_id="ada", scheme="jwt", roles=("admin",), name="Ada L.", locale="de-CH"
    )


def test_claims_may_have_names_of_ones_own_within_members_and_with_dots() -> None:
    claims = {
        "sub": "not this",
        "user": {"id": "ada"},
        "https://example.test/tenant": "north",
        "realm_access": {"roles": ["admin", "staff"]},
        "preferred_username": "ada.l",
        "profile": {"locale": "fr"},
    }
    assert OF_A_DIRECTORY.principal(claims, "jwks") == Principal(
        user_id="ada",
        tenant="north",
        scheme="jwks",
        roles=("admin", "staff"),
        name="ada.l",
        locale="fr",
    )


def test_without_a_tenant_claim_everybody_is_of_one_tenant() -> None:
    claims = {"sub": "ada", "tenant": "north"}
    assert ClaimNames().principal(claims, "jwt").tenant == "default"


@pytest.mark.parametrize(("sub", "user_id"), [(42, "42"), ("é", "é"), ("a" * MAX_ID, "a" * MAX_ID)])
def test_an_id_may_be_a_number(sub: object, user_id: str) -> None:
    assert ClaimNames().principal({"sub": sub}, "jwt").user_id == user_id


WRONG: list[Any] = [
    None, "", True, 1.5, [], ["ada"], {}, "a\nb", "a\0b", "\ud83d", "a" * (MAX_ID + 1), "\u202eada"
]  # fmt: skip


@pytest.mark.parametrize("value", [*WRONG, "anon_0123"], ids=ascii)
def test_a_user_that_cannot_be_told_from_others_is_refused(value: object) -> None:
    with pytest.raises(Unauthenticated):
        ClaimNames().principal({"sub": value}, "jwt")


@pytest.mark.parametrize("value", [*WRONG, "a/b", "/"], ids=ascii)
def test_so_is_a_tenant(value: object) -> None:
    with pytest.raises(Unauthenticated):
        ClaimNames(tenant="org").principal({"sub": "ada", "org": value}, "jwt")


@pytest.mark.parametrize("claims", [{}, {"user": "ada"}, {"user": None}, {"user": {"name": "ada"}}])
def test_a_member_that_is_not_there_names_nobody(claims: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        ClaimNames(user="user.id").principal(claims, "jwt")


@pytest.mark.parametrize(
    ("value", "roles"),
    [
        (["admin", "staff"], ("admin", "staff")),
        ("read:threads write:threads", ("read:threads", "write:threads")),
        ("", ()),
        (["admin", 7, None, ["x"]], ("admin",)),
        ({"admin": True}, ()),
        (7, ()),
        (["x" * 1000], ("x" * MAX_ID,)),
        (["x"] * 10_000, ("x",) * MAX_ROLES),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_roles_are_a_list_or_words_and_bounded(value: object, roles: tuple[str, ...]) -> None:
    assert ClaimNames().principal({"sub": "ada", "roles": value}, "jwt").roles == roles


@pytest.mark.parametrize(
    ("value", "text"), [("", None), (7, None), ("x" * 1000, "x" * MAX_ID), ("Ädä 🙂", "Ädä 🙂")]
)
def test_a_name_that_is_none_is_left_out(value: object, text: str | None) -> None:
    found = ClaimNames().principal({"sub": "ada", "name": value, "locale": value}, "jwt")
    assert (found.name, found.locale) == (text, text)


def test_half_a_character_in_a_text_is_no_hindrance() -> None:
    # A provider that cuts names in UTF-16 leaves half of an emoji at the end. It has no UTF-8 form,
    # and would fail wherever it is stored.
    claims = {"sub": "ada", "name": "Ada \ud83d", "locale": "\ud83d", "roles": ["a\ud83d"]}
    found = ClaimNames().principal(claims, "jwt")
    for text in (found.name, found.locale, *found.roles):
        assert text is not None
        text.encode()
    assert found.name == "Ada ?"
