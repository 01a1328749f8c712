"""The key that signs cookies."""

import os
import secrets
from pathlib import Path

from chatkit_backend.errors import ConfigError

KEY_BYTES = 32


def load_or_create(path: Path) -> str:
    """Read the key in `path`; make one, readable by its owner only, if there is none.

    Safe when two processes start at once: the file is created by one of them.

    Raises: ConfigError if the file cannot be read or made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(KEY_BYTES))
        try:
            path.hardlink_to(temporary)  # atomic, and fails if another process was first
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
        key = path.read_text().strip()
    except OSError as exc:
        raise ConfigError(
            f"cannot keep the signing key in {path} ({exc.strerror}); set SECRET_KEY instead"
        ) from exc
    if len(key) < KEY_BYTES:
        raise ConfigError(
            f"the signing key in {path} is too short; delete the file or set SECRET_KEY"
        )
    return key
