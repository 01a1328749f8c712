"""`api`: where requests go, and who makes them."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.asked import Asked, sent
from tests.browser.chat import thread
from tests.browser.element.files import FILES, TEXT_FILE, pick, registered
from tests.browser.own_page import OpenOwn, calls


def test_api_url_is_where_requests_go(own: OpenOwn) -> None:
    def proxied(context: BrowserContext) -> None:
        def onward(route: Route) -> None:
            route.continue_(url=route.request.url.replace("/my/chatkit", "/chatkit"))

        context.route(re.compile("/my/chatkit"), onward)

    with own("{ api: { url: 'my/chatkit', domainKey: 'local' } }", prepare=proxied) as tab:
        asked = Asked(tab.page)
        tab.ask("hello")
        expect(thread(tab.page)).to_contain_text("You said: hello")
        assert asked.paths
        assert all("/my/chatkit" in path for path in asked.paths)


def test_api_fetch_makes_every_request(own: OpenOwn) -> None:
    fetch = """(url, init) => {
      called("fetch", String(url), init?.method ?? "GET");
      const headers = new Headers(init?.headers);
      headers.set("X-Mine", "yes");
      return fetch(url, { ...init, headers });
    }"""
    with own(f"{{ api: {{ ...api, fetch: {fetch} }} }}") as tab:
        asked = Asked(tab.page)
        with tab.page.expect_request("**/chatkit") as request:
            tab.ask("hello")
        assert request.value.headers["x-mine"] == "yes"
        assert len(calls(tab.page, "fetch")) == len(asked.paths)


def test_api_domain_key_is_told_to_nobody(own: OpenOwn) -> None:
    with own("{ api: { ...api, domainKey: 'domain_pk_secret' } }") as tab:
        told = []
        tab.page.on("request", lambda one: told.append(f"{one.url} {one.headers} {one.post_data}"))
        tab.ask("hello")
        assert told
        assert not any("domain_pk_secret" in one for one in told)


def test_api_upload_strategy_two_phase_registers_a_file_then_sends_it(own: OpenOwn) -> None:
    with own(f"{{ api: {{ ...api, uploadStrategy: {{ type: 'two_phase' }} }}, {FILES} }}") as tab:
        asked = Asked(tab.page)
        with tab.page.expect_request("**/uploads/*") as uploaded:
            pick(tab.page, TEXT_FILE)
        assert uploaded.value.method == "PUT"
        assert uploaded.value.headers["content-type"] == "text/plain"
        (params,) = asked.of("attachments.create")
        assert params == {"name": "notes.txt", "size": 11, "mime_type": "text/plain"}
        tab.ask("Read this.")
        (message,) = sent(asked)
        assert uploaded.value.url.endswith(message["attachments"][0])
        expect(thread(tab.page)).to_contain_text("notes.txt")


def test_api_upload_strategy_direct_sends_a_file_in_one_request(own: OpenOwn) -> None:
    taken: list[dict[str, Any]] = []

    def prepare(context: BrowserContext) -> None:
        context.route("**/files", lambda route: route.fulfill(json=taken[0]))

    strategy = "{ type: 'direct', uploadUrl: '/files' }"
    options = f"{{ api: {{ ...api, uploadStrategy: {strategy} }}, {FILES} }}"
    with own(options, prepare=prepare) as tab:
        tab.ask("hello")  # from now on the server knows this browser
        attachment = registered(tab)
        taken.append(attachment)
        asked = Asked(tab.page)
        with tab.page.expect_request("**/files") as uploaded:
            pick(tab.page, TEXT_FILE)
        assert uploaded.value.method == "POST"
        assert uploaded.value.headers["content-type"].startswith("multipart/form-data")
        tab.page.get_by_role("button", name="Remove notes.txt").wait_for()
        tab.ask("Read this.")
        (message,) = sent(asked)
        assert message["attachments"] == [attachment["id"]]
        assert asked.of("attachments.create") == []


def test_api_get_client_secret_is_asked_and_asked_again_when_refused(own: OpenOwn) -> None:
    def prepare(context: BrowserContext) -> None:
        def guard(route: Route) -> None:
            if route.request.headers.get("authorization") == "Bearer secret-2":
                headers = {**route.request.headers}
                del headers["authorization"]
                route.continue_(headers=headers)
            else:
                route.fulfill(status=401, json={"error": {"code": "expired", "message": "Expired"}})

        context.route("**/chatkit", guard)

    options = """{ api: { getClientSecret: async (current) => {
      called("secret", current);
      return current === null ? "secret-1" : "secret-2";
    } } }"""
    with own(options, prepare=prepare, expected="401") as tab:
        tab.ask("hello")
        assert calls(tab.page, "secret") == [[None], ["secret-1"]]
        expect(thread(tab.page)).to_contain_text("You said: hello")
