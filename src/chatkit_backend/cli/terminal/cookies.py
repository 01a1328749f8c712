"""The cookies of one server, kept from one chat to the next.

An anonymous user is a cookie: without it, the conversations of yesterday are somebody else's.
"""

import re
from http.cookiejar import LoadError, LWPCookieJar
from pathlib import Path

import httpx


class CookieFile:
    """A file for each server in `folder`; only its owner may read it.

    A cookie itself knows its host but not the port, and two servers on one machine are common.
    """

    def __init__(self, folder: Path, url: str) -> None:
        """Keep the cookies of the server at `url`; read those that are there."""
        self.path = folder / f"cookies-{re.sub(r'[^A-Za-z0-9.]+', '-', url).strip('-')}.txt"
        self.jar = LWPCookieJar(self.path)
        try:
            self.jar.load()
        except (LoadError, OSError):
            return  # none yet, or not readable: the server will give a new one

    async def keep(self, response: httpx.Response) -> None:
        """Save what `response` has set. A response hook of `httpx.AsyncClient`."""
        if "set-cookie" not in response.headers:
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.touch(mode=0o600)
        self.path.chmod(0o600)
        self.jar.save()
