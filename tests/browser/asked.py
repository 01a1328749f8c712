"""What a page asked its server for."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request


@dataclass
class Asked:
    """Requests of the ChatKit protocol, from now on.

    Attributes:
        paths: Method and path of each.
        bodies: The JSON of those that post some.
    """

    page: Page
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._record)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The `params` of each request of a type."""
        return [body["params"] for body in self.bodies if body["type"] == kind]

    def _record(self, request: Request) -> None:
        path = urlsplit(request.url).path
        if "/chatkit" not in path or path.endswith(".js"):
            return
        self.paths.append(f"{request.method} {path}")
        if (request.headers.get("content-type") or "").startswith("application/json"):
            self.bodies.append(json.loads(request.post_data or "{}"))


def sent(asked: Asked) -> list[dict[str, Any]]:
    """The messages that the page has sent."""
    requests = asked.of("threads.create") + asked.of("threads.add_user_message")
    return [request["input"] for request in requests]
