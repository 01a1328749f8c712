"""Ids: a prefix that says what it names, and 128 bits that sort by time (UUIDv7, RFC 9562)."""

from typing import Literal

import uuid_utils
from chatkit.store import StoreItemType

IdPrefix = Literal["thr", "msg", "tc", "tsk", "wf", "atc", "shcx", "run", "rep", "cksess", "key"]

PREFIXES: dict[StoreItemType, IdPrefix] = {
    "thread": "thr",
    "message": "msg",
    "tool_call": "tc",
    "task": "tsk",
    "workflow": "wf",
    "attachment": "atc",
    "sdk_hidden_context": "shcx",
}
"""The SDK's own prefixes (`chatkit.store.default_generate_id`, whose ids have only 32 bits)."""


def new_id(prefix: IdPrefix) -> str:
    """Make an id such as `msg_019aa2f0c4b87e31a5d40e2b6c8f9d13`.

    Ids made by one process sort in the order in which they were made, those of several processes
    by their clocks' milliseconds.
    """
    return f"{prefix}_{uuid_utils.uuid7().hex}"


def new_item_id(item_type: StoreItemType) -> str:
    """Make an id for what the SDK calls `item_type`."""
    return new_id(PREFIXES[item_type])
