"""Who issues the sessions of browsers: this server, or OpenAI's hosted ChatKit."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol

import openai
from openai import AsyncOpenAI
from pydantic import BaseModel

from chatkit_backend.errors import BadRequest, ConfigError, Unavailable
from chatkit_backend.logs import get_logger
from chatkit_backend.settings import Settings

from .audit import audit
from .authenticator import Identity
from .principal import Principal
from .session import Configuration, FileUpload
from .sessions import OpenSession, Sessions

TIMEOUT_S = 15.0

AS_WITHOUT_SESSION = Configuration(file_upload=FileUpload(enabled=True))
"""A browser's session may do what its user may do without one."""

log = get_logger(__name__)


class IssuedSession(BaseModel):
    """A session for a browser.

    Attributes:
        expires_at: Unix time in seconds. Refresh before.
    """

    client_secret: str
    session_id: str
    expires_at: int


class SessionIssuer(Protocol):
    """Issues browsers' sessions."""

    async def issue(self, identity: Identity) -> IssuedSession:
        """A new session for somebody who was recognised."""
        ...

    async def renew(self, secret: str, login: Principal | None) -> IssuedSession | None:
        """A session's next secret; None if only its owner can be given another session.

        `login` is who is logged in where the secret comes from, if that is known.

        Raises: Unauthenticated, Forbidden.
        """
        ...

    async def end(self, secret: str) -> None:
        """End the session of a secret. Idempotent. Raises: Unauthenticated, BadRequest."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class OwnSessions:
    """Issues sessions of this server."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def issue(self, identity: Identity) -> IssuedSession:
        """See `SessionIssuer.issue`."""
        return _issued(
            *await self._sessions.create(identity.principal, configuration=AS_WITHOUT_SESSION)
        )

    async def renew(self, secret: str, login: Principal | None) -> IssuedSession | None:
        """See `SessionIssuer.renew`."""
        return _issued(*await self._sessions.refresh(secret, login))

    async def end(self, secret: str) -> None:
        """See `SessionIssuer.end`."""
        await self._sessions.end(secret)

    async def close(self) -> None:
        """Nothing to do."""


class OpenAISessions:
    """Asks OpenAI's hosted ChatKit, with the operator's key, for sessions of their workflow.

    A browser is told what hosted ChatKit answers, and never the key.
    """

    def __init__(
        self,
        make_client: Callable[[], AsyncOpenAI],
        workflow_id: str,
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Ask for sessions of that workflow, and wait for `timeout_s` seconds at most.

        `make_client` is called in a thread, when there is somebody to ask for; after `close` again.
        """
        self._make_client = make_client
        self._client: AsyncOpenAI | None = None
        self._connecting = asyncio.Lock()
        self._workflow_id = workflow_id
        self._timeout_s = timeout_s

    @classmethod
    def from_settings(cls, settings: Settings) -> "OpenAISessions":
        """Raises: ConfigError if the key or the workflow is missing."""
        if settings.openai_api_key is None or not settings.chatkit_workflow_id:
            raise ConfigError(
                "SESSION_MODE=openai needs OPENAI_API_KEY and CHATKIT_WORKFLOW_ID: the key and the "
                "workflow of the hosted sessions"
            )
        make_client = partial(
            AsyncOpenAI,
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url,
            # The client would wait for up to a minute if the service asks for it, and the browser
            # with it. Our answer says when to try again.
            max_retries=0,
        )
        return cls(make_client, settings.chatkit_workflow_id)

    async def issue(self, identity: Identity) -> IssuedSession:
        """See `SessionIssuer.issue`. Raises: Unavailable."""
        owner = identity.principal.owner
        try:
            async with asyncio.timeout(self._timeout_s):
                client = await self._connected()
                session = await client.beta.chatkit.sessions.create(
                    user=owner, workflow={"id": self._workflow_id}
                )
            issued = IssuedSession(
                client_secret=session.client_secret,
                session_id=session.id,
                expires_at=session.expires_at,
            )
        except openai.APIStatusError as exc:
            raise _unavailable(exc, status=exc.status_code) from exc
        except (openai.OpenAIError, TimeoutError) as exc:
            raise _unavailable(exc) from exc
        except (AttributeError, ValueError) as exc:  # the client takes any answer for one
            raise _unavailable(exc) from None  # which may quote the secret
        audit("session_created", session_id=issued.session_id, owner=owner, key_id=None)
        return issued

    async def renew(self, secret: str, login: Principal | None) -> IssuedSession | None:
        """None: the hosted service has no refreshing; its secrets are not ours to judge."""
        del secret, login
        return None

    async def end(self, secret: str) -> None:
        """Raises: BadRequest (`not_supported`); a hosted session ends by its id alone."""
        del secret
        raise BadRequest(
            "not_supported",
            "A session of hosted ChatKit cannot be ended by its secret; it ends by itself.",
        )

    async def close(self) -> None:
        """See `SessionIssuer.close`."""
        async with self._connecting:
            if self._client is not None:
                await self._client.close()
                self._client = None

    async def _connected(self) -> AsyncOpenAI:
        async with self._connecting:
            if self._client is None:
                # In a thread: it reads certificates from disk.
                self._client = await asyncio.to_thread(self._make_client)
            return self._client


def _unavailable(exc: Exception, *, status: int | None = None) -> Unavailable:
    # Not the exception's message: it may quote the key.
    log.warning("openai_session_failed", error=type(exc).__name__, status=status)
    return Unavailable("session_unavailable", "The hosted service gives no session now.")


def _issued(secret: str, found: OpenSession) -> IssuedSession:
    return IssuedSession(
        client_secret=secret,
        session_id=found.record.id,
        expires_at=int(found.record.expires_at.timestamp()),
    )
