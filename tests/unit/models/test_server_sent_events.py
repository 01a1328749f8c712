import pytest
from openai._streaming import SSEDecoder

from chatkit_backend.models import server_sent_events
from chatkit_backend.models.server_sent_events import EventSplitter, EventTooLongError, data_of

BODIES = {
    "plain": b'data: {"a": 1}\n\ndata: {"b": 2}\n\ndata: [DONE]\n\n',
    "named": b'event: first\ndata: {"a": 1}\n\nevent: second\ndata: {"b": 2}\n\n',
    "carriage returns and line feeds": b'data: {"a": 1}\r\n\r\ndata: {"b": 2}\r\n\r\n',
    "carriage returns": b'data: {"a": 1}\r\rdata: {"b": 2}\r\r',
    "every end of line": b"data: 1\r\n\ndata: 2\n\r\ndata: 3\r\rdata: 4\n\n",
    "several lines of data": b'data: {"a":\ndata: 1}\n\ndata:{"b": 2}\n\n',
    "comments": b': hello\n\n: again\ndata: {"a": 1}\n: in between\n\n\n\ndata: 2\n\n',
    "other fields": b"retry: 10\nid: 7\ndata: 1\n\nunknown\ndata: 2\n\n",
    "empty data": b"data: 1\n\ndata\n\ndata:\n\n",
    "no last line": b'data: {"a": 1}\n\ndata: {"b": 2}\n',
    "text of two and more bytes": "data: «é» 🙂\n\ndata: \u2028 \x85 |\n\n".encode(),
}


async def _decoded(body: bytes) -> list[bytes]:
    """What the `openai` client's own decoder finds."""
    return [event.data.encode() for event in SSEDecoder().iter_bytes(iter([body]))]


@pytest.mark.parametrize("name", BODIES)
async def test_events_are_those_of_the_client_s_decoder_wherever_the_bytes_are_cut(
    name: str,
) -> None:
    body = BODIES[name]
    expected = await _decoded(body)
    assert expected
    for cut in range(len(body) + 1):
        splitter = EventSplitter()
        reads = (body[:cut], b"", body[cut:])
        found = [data for read in reads for data in data_of(splitter.feed(read))]
        assert found == expected, cut


@pytest.mark.parametrize("name", BODIES)
async def test_events_are_the_same_byte_by_byte(name: str) -> None:
    body = BODIES[name]
    splitter = EventSplitter()
    found = [data for byte in body for data in data_of(splitter.feed(bytes([byte])))]
    assert found == await _decoded(body)


def test_a_block_without_data_is_no_event() -> None:
    assert data_of(EventSplitter().feed(b"event: ping\n\nid: 1\n\nretry: 5\n\n")) == []


def test_an_event_is_there_as_soon_as_its_end_is() -> None:
    splitter = EventSplitter()
    assert splitter.feed(b"data: 1\r\n\r") == b"data: 1"
    assert splitter.feed(b"\ndata: 2\n\n") == b"data: 2"


def test_an_event_without_an_end_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_sent_events, "MAX_EVENT_BYTES", 100)
    splitter = EventSplitter()
    assert splitter.feed(b"data: " + b"x" * 80) == b""
    assert splitter.feed(b"\n\ndata: " + b"y" * 80) == b"data: " + b"x" * 80
    with pytest.raises(EventTooLongError):
        splitter.feed(b"y" * 80)
