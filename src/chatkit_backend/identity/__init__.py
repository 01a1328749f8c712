"""Identity: who is asking, and how we know."""

from .principal import Principal

__all__ = ["Principal"]
