"""Stores: where conversations are kept."""

from .errors import CursorNotFoundError, StoreUnavailableError, UnstorableError
from .ids import new_id
from .lifecycle import ManagedStore
from .memory import MemoryStore
from .ownership import owner_of
from .sql import SqlStore

__all__ = [
    "CursorNotFoundError",
    "ManagedStore",
    "MemoryStore",
    "SqlStore",
    "StoreUnavailableError",
    "UnstorableError",
    "new_id",
    "owner_of",
]
