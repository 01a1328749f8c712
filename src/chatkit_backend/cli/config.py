"""`chatkit-backend config`: the effective settings."""

from chatkit_backend.settings import Settings


def config() -> None:
    """Print the effective settings, secrets masked."""
    for name, value in Settings.load().effective().items():
        print(f"{name}={value}")
