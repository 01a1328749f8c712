"""The one place that wires things."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, TypeAlias

from agents import Agent, ModelSettings
from agents.tracing import get_trace_provider
from chatkit.agents import AgentContext
from chatkit.server import ChatKitServer
from chatkit.store import Store
from fastapi import APIRouter, Depends, FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from chatkit_backend.logs import get_logger

from .errors import ConfigError, Unavailable
from .event_loop import EventLoopLoad
from .http.callers import Callers
from .http.chatkit import chatkit_routes
from .http.conversation import conversation_routes
from .http.debug import debug_routes
from .http.envelope import error_response
from .http.health import Check, ServiceInfo, health_routes, info_routes
from .http.openapi import describe
from .http.request_id import HEADER
from .http.runs import run_routes
from .http.stream import RUN_HEADER
from .identity import (
    AnonymousAuthenticator,
    Authenticator,
    AuthenticatorChain,
    HeaderAuthenticator,
)
from .identity.secret_key import load_or_create
from .logs import configure_logs
from .models import ModelCatalog
from .runs import Disconnection, LocalSignals, Replica, Runs, RunSignals
from .server.admission import Admission
from .server.agent import AgentOptions, AgentServer
from .server.context import RequestContext, request_owner
from .server.conversation_store import ConversationStore
from .server.foreign_store import ForeignStore
from .server.history import HistoryWindow
from .server.operations import Operations
from .server.recovery import Recovery
from .server.run_operations import RunOperations
from .server.service import Service
from .settings import Settings
from .signals import on_termination
from .store import ManagedStore, MemoryStore, SqlStore
from .store.ids import new_id

SECRET_KEY_FILE = Path("data/secret.key")

log = get_logger(__name__)

# A server's context is whatever its author chose; only the author's own code looks into it.
AnyServer: TypeAlias = ChatKitServer[Any]
ServerOrFactory: TypeAlias = AnyServer | Callable[[Store[Any]], AnyServer]
ContextFactory: TypeAlias = Callable[[RequestContext], Any]


class Backend:
    """A ChatKit backend, wired and ready to start.

    `create_app` and `create_router` make one; use it directly for an arrangement of your own.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        agent: Agent[AgentContext[RequestContext]] | None = None,
        server: ServerOrFactory | None = None,
        context: ContextFactory | None = None,
    ) -> None:
        """Serve `agent`, or `server`, or the built-in agent.

        Args:
            settings: Default: the environment and `.env`.
            agent: An Agents SDK agent of your own.
            server: A `ChatKitServer`, or its class or any function that makes one from our store.
            context: Makes the context that `server` expects; default: the `RequestContext`.

        Raises:
            ConfigError: A setting that cannot work.
            TypeError: Both an agent and a server.
        """
        if agent is not None and server is not None:
            raise TypeError("give an agent or a server, not both")
        _refuse_coroutine(context)
        self.settings = settings or Settings.load()
        self.load = EventLoopLoad()
        self.models = ModelCatalog.from_settings(self.settings, pacing=self.load)
        self.server = self._server(agent, server)
        self._keeper = self._run_keeper()
        self._signals = _signals(self.settings)
        self.runs = Runs(
            self._keeper.runs,
            self._signals,
            replica_id=new_id("rep"),
            disconnection=Disconnection(
                cancel=self.settings.on_disconnect == "cancel",
                grace_s=self.settings.disconnect_grace_s,
            ),
        )
        self._started = False
        self._starting = asyncio.Lock()
        self._draining: asyncio.Task[None] | None = None
        self._callers = Callers(
            AuthenticatorChain(_authenticators(self.settings)),
            secure_cookies=self.settings.environment == "production",
        )
        service = self._service()
        self._operations = Operations(service, context or _as_it_is)
        self._run_operations = RunOperations(self.runs)
        self._replica = Replica(
            self.runs,
            self._signals,
            Recovery(service, context or _as_it_is, attempts=self.settings.run_attempts).work,
            retention_s=self.settings.run_retention_s,
        )

    async def start(self) -> None:
        """Open the store. Idempotent. Raises: ConfigError."""
        async with self._starting:
            if self._started:
                return
            self._draining = None
            for store in self._stores():
                await store.open()
            self.load.start()
            await self._signals.open()
            self.runs.open()
            self._replica.start()
            # The Agents SDK builds its tracing, certificates and all, within the first run, tracing
            # disabled or not; there it would hold up every other answer.
            await asyncio.to_thread(get_trace_provider)
            await asyncio.to_thread(self.models.get_model, None)  # reads certificates as well
            self._started = True
            log.info("started", model=self.models.default_name, provider=self.models.provider_name)
            for name in self.settings.without_effect():
                log.warning("setting_without_effect", setting=name)

    async def stop(self) -> None:
        """End open answers, saving their text, and close everything. Idempotent."""
        try:
            await (self._draining or self.runs.active.drain(self.settings.shutdown_grace_s))
        finally:
            self._started = False
            self.load.stop()
            await self._replica.stop()
            await self.runs.close()
            await self._signals.close()
            await self.models.aclose()
            for store in self._stores():
                await store.close()
        log.info("stopped", open_runs=len(self.runs.active))

    async def _ready(self) -> None:
        """Start with the first request where no lifespan did. Raises: Unavailable."""
        if self._started:
            return
        try:
            await self.start()
        except ConfigError as exc:
            log.error("start_failed", error=str(exc))  # noqa: TRY400  the message says it all
            raise Unavailable("not_ready", "The service cannot start; its log tells why.") from exc

    @asynccontextmanager
    async def lifespan(self, _: object = None) -> AsyncIterator[None]:
        """Start, and stop in the end; from SIGTERM on, take nothing new and let answers finish."""
        await self.start()
        try:
            with on_termination(self._drain):
                yield
        finally:
            await self.stop()

    def router(self) -> APIRouter:
        """The protocol's routes and `/health`, with this backend's lifespan."""
        router = APIRouter(lifespan=self.lifespan)
        for routes in (chatkit_routes, conversation_routes):
            router.include_router(
                routes(
                    self._operations,
                    self._callers,
                    max_body_bytes=self.settings.max_body_bytes,
                    heartbeat_s=self.settings.heartbeat_s,
                ),
                dependencies=[Depends(self._ready)],
            )
        router.include_router(
            run_routes(self._run_operations, self._callers, heartbeat_s=self.settings.heartbeat_s),
            dependencies=[Depends(self._ready)],
        )
        router.include_router(
            health_routes(
                version("chatkit-backend"),
                self._checks(),
                {"redis": self._signals.ping} if self.settings.redis_url else {},
                active_runs=lambda: len(self.runs.active),
                draining=lambda: self.runs.active.draining,
                load=self.load,
            )
        )
        return router

    def pages(self) -> APIRouter:
        """What belongs to an application of its own: `/` and, in development, the debug page."""
        router = APIRouter()
        router.include_router(info_routes(self._info()))
        if self.settings.environment == "development":
            router.include_router(
                debug_routes(self._operations, self._callers), dependencies=[Depends(self._ready)]
            )
        return router

    def _drain(self) -> None:
        if self._draining is None:
            log.info("shutting_down", active_runs=len(self.runs.active))
            self._draining = asyncio.create_task(
                self.runs.active.drain(self.settings.shutdown_grace_s)
            )

    def _server(
        self, agent: Agent[AgentContext[RequestContext]] | None, server: ServerOrFactory | None
    ) -> AnyServer:
        if isinstance(server, ChatKitServer):
            return server
        store = default_store(self.settings)
        if server is not None:
            made: object = server(store)
            if not isinstance(made, ChatKitServer):
                raise ConfigError(
                    f"{server!r} made a {type(made).__name__} from a store, not a ChatKitServer"
                )
            return made
        settings = self.settings
        return AgentServer(
            agent or _built_in_agent(settings),
            store,
            self.models,
            options=AgentOptions(
                history=HistoryWindow(items=settings.history_items, tokens=settings.history_tokens),
                max_turns=settings.max_turns,
                max_context_chars=settings.max_context_chars,
                titles=settings.titles,
                replayable=settings.run_attempts > 1,
            ),
        )

    def _service(self) -> Service[Any]:
        store = self.server.store
        return Service(
            server=self.server,
            store=(
                store if isinstance(store, ConversationStore) else ForeignStore(store, self._keeper)
            ),
            runs=self.runs,
            admission=Admission(
                self.load,
                max_active=self.settings.max_active_runs,
                max_waiting=self.settings.max_queued_runs,
                max_wait_s=self.settings.max_wait_s,
            ),
            thread_busy=self.settings.thread_busy,
            max_waiting=self.settings.max_waiting_messages,
            max_wait_s=self.settings.max_wait_s,
            max_input_chars=self.settings.max_input_chars,
            log_content=self.settings.log_content,
        )

    def _run_keeper(self) -> SqlStore[Any] | MemoryStore[Any]:
        """Where runs are kept: with the threads, or else in the database of the settings."""
        store = self.server.store
        return store if isinstance(store, SqlStore | MemoryStore) else default_store(self.settings)

    def _stores(self) -> list[ManagedStore]:
        both: dict[object, None] = dict.fromkeys((self.server.store, self._keeper))
        return [store for store in both if isinstance(store, ManagedStore)]

    def _checks(self) -> dict[str, Check]:
        checks: dict[str, Check] = {}
        for store in self._stores():
            checks["database" if store is self._keeper else "store"] = store.ping
        return checks

    def _info(self) -> ServiceInfo:
        endpoints = {"chatkit": "/chatkit", "conversation": "/api/conversation"}
        if self.settings.environment == "development":
            endpoints["debug"] = "/debug/threads"
        return ServiceInfo(
            name="chatkit-backend",
            version=version("chatkit-backend"),
            environment=self.settings.environment,
            model_provider=self.models.provider_name,
            model=self.models.default_name,
            endpoints={**endpoints, "health": "/health", "openapi": "/openapi.json"},
        )


def create_app(
    settings: Settings | None = None,
    *,
    agent: Agent[AgentContext[RequestContext]] | None = None,
    server: ServerOrFactory | None = None,
    context: ContextFactory | None = None,
) -> FastAPI:
    """A complete application: the protocol, health, CORS, logs. The arguments are `Backend`'s.

    It can be mounted into another application (`app.mount("/assistant", create_app())`): it then
    starts with its first request, and stops cleanly if the other application's lifespan is or
    enters `app.state.backend.lifespan`.
    """
    settings = settings or Settings.load()
    configure_logs(environment=settings.environment, level=settings.log_level)
    backend = Backend(settings, agent=agent, server=server, context=context)
    app = FastAPI(
        title="chatkit-backend",
        version=version("chatkit-backend"),
        # FastAPI's pages for the description load their scripts from a CDN.
        docs_url=None,
        redoc_url=None,
        exception_handlers={HTTPException: _envelope},
    )
    app.state.backend = backend
    app.include_router(backend.router())
    app.include_router(backend.pages())
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_credentials="*" not in settings.allowed_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=[HEADER, RUN_HEADER, "Retry-After"],
        max_age=600,
    )
    describe(app)
    return app


def create_router(
    settings: Settings | None = None,
    *,
    agent: Agent[AgentContext[RequestContext]] | None = None,
    server: ServerOrFactory | None = None,
    context: ContextFactory | None = None,
) -> APIRouter:
    """The routes alone, for `app.include_router(...)` in an application that you have.

    It brings its lifespan, its errors and its request ids along; CORS and logs are yours.
    """
    return Backend(settings, agent=agent, server=server, context=context).router()


def default_store(settings: Settings | None = None) -> SqlStore[Any]:
    """The store that the settings name: `MyServer(default_store())` is all it takes to use it."""
    settings = settings or Settings.load()
    return SqlStore(
        settings.database_url.get_secret_value(),
        owner=request_owner,
        pool_size=settings.database_pool_size,
        timeout_s=settings.database_timeout_s,
    )


async def _envelope(request: Request, exc: Exception) -> Response:
    return error_response(request, exc)


def _refuse_coroutine(context: object) -> None:
    if iscoroutinefunction(context):
        raise TypeError(f"{context!r} is a coroutine function; make the context without await")


def _as_it_is(context: RequestContext) -> RequestContext:
    return context


def _built_in_agent(settings: Settings) -> Agent[AgentContext[RequestContext]]:
    # The SDK's default settings are those of OpenAI's own default model; other providers refuse
    # some of them.
    return Agent(
        name="Assistant", instructions=settings.instructions, model_settings=ModelSettings()
    )


def _signals(settings: Settings) -> RunSignals:
    if settings.redis_url is None:
        return LocalSignals()
    # Imported where it is asked for: most installations have one process.
    from .runs.redis_signals import RedisSignals

    return RedisSignals(settings.redis_url.get_secret_value())


def _authenticators(settings: Settings) -> list[Authenticator]:
    made: list[Authenticator] = []
    for scheme in settings.auth:
        match scheme:
            case "anonymous":
                made.append(AnonymousAuthenticator(_secret_key(settings)))
            case "header":
                made.append(HeaderAuthenticator(settings.trusted_proxies))
            case _:
                raise ConfigError(f"AUTH names {scheme!r}, which this version does not have")
    return made


def _secret_key(settings: Settings) -> str:
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    if settings.environment == "production":
        raise ConfigError(
            "SECRET_KEY is not set: AUTH=anonymous in production needs one that all replicas "
            "share. Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return load_or_create(SECRET_KEY_FILE)
