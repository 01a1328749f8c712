"""Whose headers are believed depends on who connects; a server may not change who that is."""

import httpx
import pytest
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.protocol import req
from tests.serving import client_of, serving

from chatkit_backend import create_app

PROXY = "192.0.2.7"
FORGED = {"X-User-ID": "ada", "X-Forwarded-For": PROXY}


async def asked(
    make_settings: MakeSettings, agent: ChatAgent, *, proxy_headers: bool
) -> httpx.Response:
    """A request from somewhere that claims to come from the proxy."""
    settings = make_settings(auth=("header",), trusted_proxies=(PROXY,))
    app = create_app(settings, agent=agent)
    async with (
        serving(app, proxy_headers=proxy_headers, forwarded_allow_ips="*") as url,
        client_of(url, headers=FORGED) as client,
    ):
        return await client.post("/chatkit", json=req("threads.list"))


async def test_without_uvicorns_proxy_headers_nobody_can_claim_to_be_the_proxy(
    make_settings: MakeSettings, agent: ChatAgent
) -> None:
    assert (await asked(make_settings, agent, proxy_headers=False)).status_code == 401


async def test_with_them_anybody_can_which_is_why_the_documentation_turns_them_off(
    make_settings: MakeSettings, agent: ChatAgent
) -> None:
    assert (await asked(make_settings, agent, proxy_headers=True)).status_code == 200


@pytest.mark.parametrize("page", ["identity.md", "operations.md"])
def test_the_documentation_says_so(page: str, pytestconfig: pytest.Config) -> None:
    assert "--no-proxy-headers" in (pytestconfig.rootpath / "docs" / page).read_text()
