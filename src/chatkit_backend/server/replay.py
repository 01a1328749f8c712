"""What of a request is kept with its run, so that another process can go on with it."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from chatkit_backend.identity import Principal, Session

from .context import CONTEXT_HEADERS, RequestContext, request_context


class Replay(BaseModel):
    """A request without its connection: who asked, with which metadata, for an answer to what.

    Attributes:
        answers: Id of the user message to answer; None: nothing that could be answered again.
        headers: Those that `RequestContext` reads. No credentials.
    """

    model_config = ConfigDict(frozen=True)

    answers: str | None = None
    request_id: str = ""
    tenant: str = ""
    user_id: str = ""
    scheme: str = ""
    roles: tuple[str, ...] = ()
    name: str | None = None
    locale: str | None = None
    session: Session | None = None
    headers: dict[str, str] = {}
    metadata: dict[str, object] = {}

    def caller(self) -> RequestContext:
        """The context of the request, as far as it outlives its connection."""
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/chatkit",
            "query_string": b"",
            "headers": [(name.encode(), text.encode()) for name, text in self.headers.items()],
        }
        principal = Principal(
            tenant=self.tenant,
            user_id=self.user_id,
            scheme=self.scheme,
            roles=self.roles,
            name=self.name,
            locale=self.locale,
        )
        return request_context(
            Request(scope), principal, self.request_id, self.metadata, self.session
        )


def replay_from(stored: str) -> Replay:
    """Read what `replay_of` wrote, also in a newer version, which may have written more."""
    return Replay.model_validate_json(stored, extra="ignore")


def replay_of(caller: RequestContext, *, answers: str | None) -> str:
    """Write a `Replay` as JSON."""
    headers: Mapping[str, str] = caller.request.headers
    return Replay(
        answers=answers,
        request_id=caller.request_id,
        tenant=caller.principal.tenant,
        user_id=caller.principal.user_id,
        scheme=caller.principal.scheme,
        roles=caller.principal.roles,
        name=caller.principal.name,
        locale=caller.principal.locale,
        session=caller.session,
        headers={name: headers[name] for name in CONTEXT_HEADERS if name in headers},
        metadata=dict(caller.metadata),
    ).model_dump_json()
