"""The one place that wires things."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from inspect import iscoroutinefunction
from typing import Any, TypeAlias

from agents import Agent, ModelSettings
from agents.tracing import get_trace_provider
from chatkit.agents import AgentContext
from chatkit.server import ChatKitServer
from chatkit.store import Store
from fastapi import APIRouter, Depends, FastAPI, params
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from chatkit_backend.logs import get_logger

from .errors import ConfigError, Unavailable
from .event_loop import EventLoopLoad
from .http.assets import Assets, asset_routes
from .http.callers import Callers
from .http.chat_page import page_routes
from .http.chatkit import chatkit_routes
from .http.conversation import conversation_routes
from .http.debug import debug_routes
from .http.envelope import error_response
from .http.health import Check, ServiceInfo, health_routes
from .http.hosted import HostedSessions, hosted_routes
from .http.hosted_route import hosted_error
from .http.openapi import describe
from .http.request_id import REQUEST_ID_HEADER
from .http.route import RATE_LIMIT_HEADERS
from .http.runs import run_routes
from .http.sessions import session_routes
from .http.stream import RUN_HEADER
from .identity import Access, Authenticate
from .identity.access import schemes_in_use
from .identity.session_issuer import OpenAISessions, OwnSessions, SessionIssuer
from .logs import configure_logs
from .models import ModelCatalog
from .runs import Disconnection, LocalSignals, Replica, Runs, RunSignals
from .safety import refuse_unsafe
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
from .server.tenant_threads import TenantThreads
from .settings import Settings
from .signals import on_termination
from .store import ManagedStore, MemoryStore, SqlStore
from .store.ids import new_id

log = get_logger(__name__)

# A server's context is whatever its author chose; only the author's own code looks into it.
AnyServer: TypeAlias = ChatKitServer[Any]
ServerOrFactory: TypeAlias = AnyServer | Callable[[Store[Any]], AnyServer]
ChatAgent: TypeAlias = Agent[AgentContext[RequestContext]]
ContextFactory: TypeAlias = Callable[[RequestContext], Any]


class Backend:
    """A ChatKit backend, wired and ready to start.

    `create_app` and `create_router` make one; use it directly for an arrangement of your own.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        agent: ChatAgent | None = None,
        agents: Mapping[str, ChatAgent] | None = None,
        server: ServerOrFactory | None = None,
        context: ContextFactory | None = None,
        authenticate: Authenticate | None = None,
    ) -> None:
        """Serve `agent`, or `server`, or the built-in agent.

        Args:
            settings: Default: the environment and `.env`.
            agent: An Agents SDK agent of your own.
            agents: Agents by the workflow ids of sessions. Whoever comes without a session, or
                with one that names no workflow, talks to `agent`. Without `agents` every workflow
                is `agent`'s.
            server: A `ChatKitServer`, or its class or any function that makes one from our store.
            context: Makes the context that `server` expects; default: the `RequestContext`.
            authenticate: Says who asks, before the schemes of `AUTH`; if that is not set, alone.

        Raises:
            ConfigError: A setting that cannot work.
            TypeError: Both an agent and a server.
        """
        if server is not None and not (agent is None and agents is None):
            raise TypeError("give agents or a server, not both")
        _refuse_coroutine(context)
        self.settings = settings or Settings.load()
        refuse_unsafe(self.settings, schemes_in_use(self.settings, authenticate))
        self.load = EventLoopLoad()
        self.models = ModelCatalog.from_settings(self.settings, pacing=self.load)
        self._assets = Assets.built()
        self._workflows = None if agents is None else frozenset(agents)
        self.server = self._server(agent, agents, server)
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
        self._leaving = False
        self._starting = asyncio.Lock()
        self._draining: asyncio.Task[None] | None = None
        self.access = Access(self.settings, self._keeper.credentials, authenticate)
        self._issuer = _issuer(self.settings, self.access)
        self._callers = Callers(
            self.access, secure_cookies=self.settings.environment == "production"
        )
        service = self._service()
        self._operations = Operations(service, context or _as_it_is)
        self._run_operations = RunOperations(service, context or _as_it_is)
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
            self._leaving = False
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
            await self._issuer.close()
            await self.access.close()
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
        """Start, and stop in the end.

        From SIGTERM on (after `SHUTDOWN_DELAY_S`), take nothing new and let answers finish.
        """
        await self.start()
        try:
            with on_termination(
                self._drain, announce=self._leave, delay_s=self.settings.shutdown_delay_s
            ):
                yield
        finally:
            await self.stop()

    def router(self) -> APIRouter:
        """The protocol's routes and `/health`, with this backend's lifespan."""
        router = APIRouter(lifespan=self.lifespan)
        before = self._before()
        for routes in (chatkit_routes, conversation_routes):
            router.include_router(
                routes(
                    self._operations,
                    self._callers,
                    max_body_bytes=self.settings.max_body_bytes,
                    heartbeat_s=self.settings.heartbeat_s,
                ),
                dependencies=before,
            )
        router.include_router(
            run_routes(self._run_operations, self._callers, heartbeat_s=self.settings.heartbeat_s),
            dependencies=before,
        )
        router.include_router(session_routes(self._issuer, self._callers), dependencies=before)
        router.include_router(
            hosted_routes(
                HostedSessions(
                    self.access.sessions,
                    workflows=self._workflows,
                    longest_s=self.access.sessions.terms.longest_s,
                    max_body_bytes=self.settings.max_body_bytes,
                ),
                TenantThreads(self._operations, self.server.store),
                self.access.keys,
            ),
            dependencies=before,
        )
        if self._assets is not None:
            router.include_router(asset_routes(self._assets, version("chatkit-backend")))
        router.include_router(
            health_routes(
                version("chatkit-backend"),
                self._checks(),
                {"redis": self._signals.ping} if self.settings.redis_url else {},
                active_runs=lambda: len(self.runs.active),
                draining=lambda: self._leaving or self.runs.active.draining,
                load=self.load,
            )
        )
        return router

    def pages(self) -> APIRouter:
        """What belongs to an application of its own: `/`, `/chat`, in development a debug page."""
        router = APIRouter()
        router.include_router(
            page_routes(
                self._info(),
                self._assets,
                domain_key=self.settings.chatkit_domain_key,
                image_origins=self.settings.image_origins,
            )
        )
        if self.settings.environment == "development":
            router.include_router(
                debug_routes(self._operations, self._callers), dependencies=self._before()
            )
        return router

    def _before(self) -> list[params.Depends]:
        """What is done with each request, in this order, before anything of it is read."""
        return [Depends(self._callers.count_address), Depends(self._ready)]

    def _leave(self) -> None:
        self._leaving = True
        log.info("leaving", delay_s=self.settings.shutdown_delay_s)

    def _drain(self) -> None:
        if self._draining is None:
            log.info("shutting_down", active_runs=len(self.runs.active))
            self._draining = asyncio.create_task(
                self.runs.active.drain(self.settings.shutdown_grace_s)
            )

    def _server(
        self,
        agent: ChatAgent | None,
        agents: Mapping[str, ChatAgent] | None,
        server: ServerOrFactory | None,
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
            agents=agents,
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
            max_user_runs=self.settings.user_active_runs,
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
    agent: ChatAgent | None = None,
    agents: Mapping[str, ChatAgent] | None = None,
    server: ServerOrFactory | None = None,
    context: ContextFactory | None = None,
    authenticate: Authenticate | None = None,
) -> FastAPI:
    """A complete application: the protocol, health, CORS, logs. The arguments are `Backend`'s.

    It can be mounted into another application (`app.mount("/assistant", create_app())`): it then
    starts with its first request, and stops cleanly if the other application's lifespan is or
    enters `app.state.backend.lifespan`.
    """
    settings = settings or Settings.load()
    configure_logs(environment=settings.environment, level=settings.log_level)
    backend = Backend(
        settings,
        agent=agent,
        agents=agents,
        server=server,
        context=context,
        authenticate=authenticate,
    )
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
        expose_headers=[REQUEST_ID_HEADER, RUN_HEADER, "Retry-After", *RATE_LIMIT_HEADERS],
        max_age=600,
    )
    describe(app)
    return app


def create_router(
    settings: Settings | None = None,
    *,
    agent: ChatAgent | None = None,
    agents: Mapping[str, ChatAgent] | None = None,
    server: ServerOrFactory | None = None,
    context: ContextFactory | None = None,
    authenticate: Authenticate | None = None,
) -> APIRouter:
    """The routes alone, for `app.include_router(...)` in an application that you have.

    It brings its lifespan, its errors and its request ids along; CORS and logs are yours.
    """
    return Backend(
        settings,
        agent=agent,
        agents=agents,
        server=server,
        context=context,
        authenticate=authenticate,
    ).router()


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
    """What no route of ours answers. Below `/v1` clients read OpenAI's shape alone."""
    asked = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return (hosted_error if asked.startswith("/v1/") else error_response)(request, exc)


def _refuse_coroutine(context: object) -> None:
    if iscoroutinefunction(context):
        raise TypeError(f"{context!r} is a coroutine function; make the context without await")


def _issuer(settings: Settings, access: Access) -> SessionIssuer:
    if settings.session_mode == "openai":
        return OpenAISessions.from_settings(settings)
    return OwnSessions(access.sessions)


def _as_it_is(context: RequestContext) -> RequestContext:
    return context


def _built_in_agent(settings: Settings) -> ChatAgent:
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
