"""The requests that answer at once: threads, items, feedback."""

import httpx
import pytest
from tests.protocol import add, ask, chat, create, refused, req, text_of

MISSING = "thr_00000000000000000000000000000000"


async def test_get_by_id_returns_the_thread_with_its_items_in_order(
    client: httpx.AsyncClient,
) -> None:
    thread_id = (await chat(client, create("First words"))).thread_id
    await chat(client, add(thread_id, "More"))

    thread = await ask(client, req("threads.get_by_id", thread_id=thread_id))

    assert thread["title"] == "First words"
    assert thread["status"] == {"type": "active"}
    assert [text_of(item) for item in thread["items"]["data"]] == [
        "First words",
        "Hello!",
        "More",
        "Hello!",
    ]


async def test_get_by_id_of_a_long_thread_returns_its_newest_items_and_a_way_to_the_older(
    client: httpx.AsyncClient,
) -> None:
    thread_id = (await chat(client, create("0"))).thread_id
    for number in range(1, 12):
        await chat(client, add(thread_id, str(number)))

    items = (await ask(client, req("threads.get_by_id", thread_id=thread_id)))["items"]
    older = await ask(
        client, req("items.list", thread_id=thread_id, after=items["after"], order="desc")
    )

    assert items["has_more"] is True
    assert [text_of(item) for item in items["data"]][::2] == [str(n) for n in range(2, 12)]
    assert [text_of(item) for item in older["data"]] == ["Hello!", "1", "Hello!", "0"]
    assert older["has_more"] is False


async def test_threads_are_listed_newest_first_page_by_page(client: httpx.AsyncClient) -> None:
    made = [(await chat(client, create(f"Number {n}"))).thread_id for n in range(5)]

    pages = [await ask(client, req("threads.list", limit=2))]
    while pages[-1]["has_more"]:
        pages.append(await ask(client, req("threads.list", limit=2, after=pages[-1]["after"])))

    assert [[thread["id"] for thread in page["data"]] for page in pages] == [
        made[:-3:-1],
        made[-3:-5:-1],
        made[:1],
    ]
    oldest_first = await ask(client, req("threads.list", limit=2, order="asc"))
    assert [thread["id"] for thread in oldest_first["data"]] == made[:2]


async def test_items_are_listed_in_both_directions(client: httpx.AsyncClient) -> None:
    thread_id = (await chat(client, create("a"))).thread_id

    down = await ask(client, req("items.list", thread_id=thread_id))
    up = await ask(client, req("items.list", thread_id=thread_id, order="asc"))

    assert [text_of(item) for item in down["data"]] == ["Hello!", "a"]
    assert up["data"] == down["data"][::-1]


async def test_the_default_page_has_twenty_members(client: httpx.AsyncClient) -> None:
    for n in range(21):
        await chat(client, create(str(n)))

    page = await ask(client, req("threads.list"))

    assert len(page["data"]) == 20
    assert page["has_more"] is True


@pytest.mark.parametrize("limit", [0, -1, 101, 10**9])
@pytest.mark.parametrize("kind", ["threads.list", "items.list"])
async def test_a_limit_outside_1_to_100_is_refused(
    client: httpx.AsyncClient, kind: str, limit: int
) -> None:
    thread_id = (await chat(client, create())).thread_id
    params = {"thread_id": thread_id} if kind == "items.list" else {}

    assert await refused(client, req(kind, limit=limit, **params)) == (400, "invalid_limit")


async def test_an_unknown_cursor_is_refused_and_does_not_start_over(
    client: httpx.AsyncClient,
) -> None:
    thread_id = (await chat(client, create())).thread_id

    threads = req("threads.list", after=MISSING)
    items = req("items.list", thread_id=thread_id, after="msg_unknown")

    assert await refused(client, threads) == (400, "unknown_cursor")
    assert await refused(client, items) == (400, "unknown_cursor")


async def test_a_thread_is_renamed(client: httpx.AsyncClient) -> None:
    thread_id = (await chat(client, create())).thread_id

    renamed = await ask(client, req("threads.update", thread_id=thread_id, title="  Plans "))

    assert renamed["title"] == "Plans"
    assert (await ask(client, req("threads.list")))["data"][0]["title"] == "Plans"


@pytest.mark.parametrize("title", ["", "   ", "x" * 501])
async def test_a_title_that_is_none_or_too_long_is_refused(
    client: httpx.AsyncClient, title: str
) -> None:
    thread_id = (await chat(client, create())).thread_id
    rename = req("threads.update", thread_id=thread_id, title=title)

    assert await refused(client, rename) == (400, "invalid_title")


async def test_a_deleted_thread_is_gone_with_its_items(client: httpx.AsyncClient) -> None:
    answer = await chat(client, create())
    thread_id = answer.thread_id

    assert await ask(client, req("threads.delete", thread_id=thread_id)) == {}

    gone = (404, "not_found")
    assert await refused(client, req("threads.get_by_id", thread_id=thread_id)) == gone
    assert await refused(client, req("items.list", thread_id=thread_id)) == gone
    assert await refused(client, req("threads.delete", thread_id=thread_id)) == gone
    assert await refused(client, add(thread_id)) == gone


async def test_feedback_on_items_that_are_there_is_taken(client: httpx.AsyncClient) -> None:
    answer = await chat(client, create())
    [message] = answer.items("assistant_message")

    for kind in ("positive", "negative"):
        feedback = req(
            "items.feedback", thread_id=answer.thread_id, item_ids=[message["id"]], kind=kind
        )
        assert await ask(client, feedback) == {}


async def test_feedback_on_what_is_not_there_is_refused(client: httpx.AsyncClient) -> None:
    answer = await chat(client, create())
    [message] = answer.items("assistant_message")

    def feedback(thread_id: str, *item_ids: str) -> dict[str, object]:
        return req("items.feedback", thread_id=thread_id, item_ids=item_ids, kind="positive")

    gone = (404, "not_found")
    assert await refused(client, feedback(MISSING, message["id"])) == gone
    assert await refused(client, feedback(answer.thread_id, message["id"], "msg_x")) == gone
    assert await refused(client, feedback(answer.thread_id)) == (400, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        req("threads.get_by_id", thread_id=MISSING),
        req("threads.update", thread_id=MISSING, title="x"),
        req("threads.delete", thread_id=MISSING),
        req("items.list", thread_id=MISSING),
    ],
    ids=lambda body: body["type"],
)
async def test_a_thread_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    assert await refused(client, body) == (404, "not_found")


async def test_another_persons_thread_is_the_same_answer_as_none(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answer = await chat(client, create())
    thread_id, [message] = answer.thread_id, answer.items("assistant_message")

    for body in (
        req("threads.get_by_id", thread_id=thread_id),
        req("threads.update", thread_id=thread_id, title="mine now"),
        req("threads.delete", thread_id=thread_id),
        req("items.list", thread_id=thread_id),
        req("items.feedback", thread_id=thread_id, item_ids=[message["id"]], kind="positive"),
        req("threads.retry_after_item", thread_id=thread_id, item_id=message["id"]),
        add(thread_id, "let me in"),
    ):
        assert await refused(stranger, body) == (404, "not_found")

    assert (await ask(stranger, req("threads.list")))["data"] == []
    thread = await ask(client, req("threads.get_by_id", thread_id=thread_id))
    assert [text_of(item) for item in thread["items"]["data"]] == ["Hello", "Hello!"]
