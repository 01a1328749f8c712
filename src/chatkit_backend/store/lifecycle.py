"""Stores with a beginning and an end."""

from abc import ABC, abstractmethod


class ManagedStore(ABC):
    """A store that is opened, asked for a sign of life, and closed.

    By inheritance, not by structure: somebody's own store may have an `open` that means something
    else.
    """

    @abstractmethod
    async def open(self) -> None:
        """Get ready. Idempotent. Raises: ConfigError."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of connections. Idempotent."""

    @abstractmethod
    async def ping(self) -> None:
        """Return if the store answers. Raises: StoreUnavailableError."""
