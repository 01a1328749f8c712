"""Entries: numbered events as they are sent and stored.

An event is encoded once, for all readers and for the log. Text deltas, most of all events, stay
joinable: whoever is behind gets what he missed as one delta with the number of the last.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import orjson
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)
from pydantic import TypeAdapter

from chatkit_backend.store.runs import Chunk

from .encoding import encode

MAX_JOINED_CHARS = 16_384
"""Longest text that joined deltas make: a slow reader's network buffer is finite, too."""

DELTA = (
    b'{"type":"thread.item.updated","item_id":%b,"update":'
    b'{"type":"assistant_message.content_part.text_delta","content_index":%d,"delta":%b}}'
)
"""A text delta as `encode` would write it."""

RETOLD = 0
"""`seq` of entries that tell an answer anew: a client forgets what it had of it when they begin."""

PIECES = "0 "
"""Begins a stored line that says how the delta of the next line came: the length of each piece.

Nothing in a log has this number, so that a process of an older release passes over such a line."""


class Delta(NamedTuple):
    """A piece of an assistant's text."""

    item_id: str
    content_index: int
    text: str


class Entry(NamedTuple):
    """One event of a run.

    Attributes:
        seq: Its number in the run; of joined deltas the last one's.
        data: Its JSON.
        delta: What it says, if it is a text delta.
    """

    seq: int
    data: bytes
    delta: Delta | None = None


def entry_of(seq: int, event: ThreadStreamEvent) -> Entry:
    """Encode an event. Text deltas take a shorter way to the same bytes."""
    if isinstance(event, ThreadItemUpdatedEvent):
        update = event.update
        if isinstance(update, AssistantMessageContentPartTextDelta):
            return _delta_entry(seq, Delta(event.item_id, update.content_index, update.delta))
    return Entry(seq, encode(event))


def event_of(entry: Entry, adapter: "TypeAdapter[ThreadStreamEvent]") -> ThreadStreamEvent:
    """The event that an entry was made of."""
    return adapter.validate_json(entry.data)


def joined(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries with adjacent deltas of one text joined; not beyond `MAX_JOINED_CHARS`."""
    if not any(_same_text(one, other) for one, other in pairwise(entries)):
        return list(entries)
    return [_one(group) for group in _groups(entries)]


def chunk_of(entries: Sequence[Entry]) -> Chunk:
    """Entries as they are stored: at least one, with consecutive numbers.

    Adjacent deltas are stored as one, beside the lengths of what it was joined of: a reader comes
    back with the number of any of them.
    """
    lines: list[bytes] = []
    for group in _groups(entries):
        if len(group) > 1:
            lengths = ",".join(str(len(entry.delta.text)) for entry in group if entry.delta)
            lines.append(f"{PIECES}{lengths}".encode())
        entry = _one(group)
        lines.append(b"%d %b" % (entry.seq, entry.data))
    return Chunk(
        first_seq=entries[0].seq, last_seq=entries[-1].seq, payload=b"\n".join(lines).decode()
    )


def entries_of(chunks: Iterable[Chunk], *, after: int = 0) -> list[Entry]:
    """What stored chunks hold behind number `after`; a joined delta that it is in is cut there."""
    return [
        _cut(entry, lengths, after)
        for chunk in chunks
        for lengths, entry in _lines(chunk)
        if entry.seq > after
    ]


def can_cut(chunk: Chunk, seq: int) -> bool:
    """Whether the chunk tells exactly what comes behind number `seq`, which is one of its own.

    Not if that is in a joined delta whose pieces nobody noted, as the first releases stored them.
    """
    before = chunk.first_seq - 1
    for lengths, entry in _lines(chunk):
        if before < seq < entry.seq:
            return bool(lengths)
        before = entry.seq
    return True


def _lines(chunk: Chunk) -> Iterator[tuple[Sequence[int], Entry]]:
    """Each stored entry, with the lengths of its pieces if it was joined."""
    lengths: Sequence[int] = ()
    for line in chunk.payload.split("\n"):
        if line.startswith(PIECES):
            lengths = [int(length) for length in line.removeprefix(PIECES).split(",")]
        else:
            yield lengths, _stored_entry(line)
            lengths = ()


def _cut(entry: Entry, lengths: Sequence[int], after: int) -> Entry:
    """What of a stored entry comes behind number `after`, which is less than its own."""
    known = after - (entry.seq - len(lengths))
    if known <= 0 or entry.delta is None:
        return entry
    text = entry.delta.text[sum(lengths[:known]) :]
    return _delta_entry(entry.seq, Delta(entry.delta.item_id, entry.delta.content_index, text))


def _groups(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Entries by what they join to: adjacent deltas of one text, or a single one."""
    group: list[Entry] = []
    chars = 0
    for entry in entries:
        more = len(entry.delta.text) if entry.delta else 0
        if group and (chars + more > MAX_JOINED_CHARS or not _same_text(group[-1], entry)):
            yield group
            group, chars = [], 0
        group.append(entry)
        chars += more
    if group:
        yield group


def _one(group: list[Entry]) -> Entry:
    first, last = group[0].delta, group[-1]
    if len(group) == 1 or first is None:
        return last
    text = "".join(entry.delta.text for entry in group if entry.delta)
    return _delta_entry(last.seq, Delta(first.item_id, first.content_index, text))


def _same_text(one: Entry, other: Entry) -> bool:
    return (
        one.delta is not None
        and other.delta is not None
        and one.delta.item_id == other.delta.item_id
        and one.delta.content_index == other.delta.content_index
    )


def _delta_entry(seq: int, delta: Delta) -> Entry:
    try:
        # Not as one object: what orjson returns keeps the four kilobytes in which it was written.
        dumps = orjson.dumps
        data = DELTA % (dumps(delta.item_id), delta.content_index, dumps(delta.text))
        return Entry(seq, data, delta)
    except orjson.JSONEncodeError:
        # A model can stream half of a surrogate pair. Alone it has no encoding; joined with its
        # other half it would have, but the reader of the first half has been told already.
        # The id is replaced as well: a server of somebody's own chose it.
        item_id, text = _encodable(delta.item_id), _encodable(delta.text)
        return _delta_entry(seq, Delta(item_id, delta.content_index, text))


def _encodable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _stored_entry(line: str) -> Entry:
    seq, _, text = line.partition(" ")
    data = text.encode()
    if b'"assistant_message.content_part.text_delta"' in data:
        plain = orjson.loads(data)
        update = plain.get("update", {})
        if update.get("type") == "assistant_message.content_part.text_delta":
            delta = Delta(plain["item_id"], update["content_index"], update["delta"])
            return Entry(int(seq), data, delta)
    return Entry(int(seq), data)
