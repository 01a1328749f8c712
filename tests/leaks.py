"""Secrets in what was logged: every test, and every server process of a test, is searched."""

import re

KINDS = {
    "session secret": r"ek_[0-9a-f]{32}_[0-9a-f]{64}",
    "API key": r"ckb_[0-9a-f]{32}_[0-9a-f]{64}",
    "token": r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    "signed cookie": r"anon_[0-9a-f]{32}\.[\w-]{20,}",
    "provider's key": r"\bsk-[A-Za-z][\w-]{6,}",
    "password in a URL": r"://[^\s/@:']*:(?!\*)[^\s/@:']+@",
    "signing secret": r"of thirty-two characters",
}
"""What the secrets look like that the tests use. A signing secret of theirs says what it is."""

_CLIENTS = re.compile(r"^\w+ +(httpcore|httpx)\b.*$", re.MULTILINE)
"""What the tests' own HTTP clients log of the headers that they send and get (at DEBUG)."""

_SECRETS = re.compile("|".join(f"(?P<k{n}>{look})" for n, look in enumerate(KINDS.values())))


def leaks_in(text: str) -> list[str]:
    """What is secret in a text, a kind at most once; the secrets themselves are not repeated."""
    names = list(KINDS)
    found = (match.lastgroup for match in _SECRETS.finditer(_CLIENTS.sub("", text)))
    return list(dict.fromkeys(names[int(group[1:])] for group in found if group is not None))
