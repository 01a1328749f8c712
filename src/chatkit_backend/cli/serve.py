"""`chatkit-backend serve`: run the server."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from chatkit_backend.errors import ConfigError
from chatkit_backend.logs import get_logger
from chatkit_backend.settings import Settings

from .garbage import THRESHOLDS, IdleCollector
from .listener import bound_sockets

if TYPE_CHECKING:  # at run time where they are needed: `--help` is quick
    import socket

    import uvicorn
    from fastapi import FastAPI

    from chatkit_backend.app import Backend

CLOSE_S = 7
"""Seconds beyond the grace period for saving text and closing connections."""

KEEP_ALIVE_S = 75
"""Seconds for which an idle connection stays open. Longer than the 60 of nginx and of most load
balancers: whoever reuses a connection must not be the one who finds it closed (their 502)."""

STOP_S = 5
"""Seconds beyond both before a worker that has not ended is killed."""

log = get_logger(__name__)


def serve(
    target: Annotated[
        str | None,
        typer.Argument(
            help="An agent, a mapping of workflow ids to agents, a ChatKitServer or its class, "
            "as module:attribute. Default: a built-in assistant."
        ),
    ] = None,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on (HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (PORT).")] = None,
    context: Annotated[
        str | None,
        typer.Option(help="A function that makes your server's context, as module:attribute."),
    ] = None,
    authenticate: Annotated[
        str | None,
        typer.Option(help="A function that says who sends a request, as module:attribute."),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(min=1, help="Processes that serve; several need PostgreSQL and Redis."),
    ] = 1,
    worker: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run the server until SIGTERM or Ctrl-C; open answers are finished or saved."""
    if workers > 1:
        given = {
            "--host": host,
            "--port": port,
            "--context": context,
            "--authenticate": authenticate,
        }
        options = [f"{name}={value}" for name, value in given.items() if value is not None]
        targets = [] if target is None else [target]
        raise typer.Exit(_serve_in_workers(workers, host, port, [*options, *targets]))
    # Nothing of what is imported is garbage; looking for some takes a tenth of the start.
    gc.disable()
    from dotenv import load_dotenv

    settings = _settings(host, port)
    # Code of the user's own reads its keys from the environment, as the README of every SDK says.
    load_dotenv(".env")

    from chatkit_backend.app import create_app

    from .target import load_authenticate, load_context, load_target

    found = load_target(target)
    app = create_app(
        settings,
        agent=found.agent,
        agents=found.agents,
        server=found.server,
        context=load_context(context),
        authenticate=load_authenticate(authenticate),
    )
    server = _server(app, settings, worker)
    gc.freeze()
    gc.enable()
    gc.set_threshold(*THRESHOLDS)
    _run(server, app.state.backend, settings, inherits_sockets=worker is not None)
    if not server.started:
        raise typer.Exit(1)


def _server(app: "FastAPI", settings: Settings, place: str | None) -> "uvicorn.Server":
    """What serves `app`: in a process of its own, or in a worker's place."""
    import uvicorn

    from .connection import BoundedConnection

    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        http=BoundedConnection,
        # TRUSTED_PROXIES decides who is believed, by the address that really connects.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(settings.shutdown_grace_s) + CLOSE_S,
    )
    if place is None:
        return uvicorn.Server(config)
    from .worker import WorkerServer

    return WorkerServer(config, place)


def _run(
    server: "uvicorn.Server", backend: "Backend", settings: Settings, *, inherits_sockets: bool
) -> None:
    """Serve until a signal ends it. Ends the process if answers outlive that."""

    def end(*_: object) -> None:
        server.should_exit = True

    # Before uvicorn's own handler is there, a signal counts too; after its shutdown uvicorn raises
    # it again, and the answer is exit code 0, not 143.
    signal.signal(signal.SIGTERM, end)

    async def run() -> None:
        # Both before uvicorn, which has other ways to say that they fail.
        sockets = None if inherits_sockets else await bound_sockets(settings.host, settings.port)
        await backend.start()
        for one in sockets or ():
            log.info("listening", address=_shown(one))
        collecting = asyncio.create_task(IdleCollector(backend.load).run(), name="garbage")
        try:
            await server.serve(sockets)
        finally:
            collecting.cancel()
        if open_runs := len(backend.runs.active):
            # Code that catches its own cancellation would keep the process for ever. Everything
            # else is saved and closed by now.
            answers = "1 answer" if open_runs == 1 else f"{open_runs} answers"
            typer.echo(f"chatkit-backend: {answers} did not stop", err=True)
            os._exit(1)

    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(run())


def _shown(listening: "socket.socket") -> str:
    """The address as one would type it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _settings(host: str | None, port: int | None) -> Settings:
    given = {"host": host, "port": port}
    return Settings.load(**{name: value for name, value in given.items() if value is not None})


def _serve_in_workers(
    workers: int, host: str | None, port: int | None, arguments: Sequence[str]
) -> int:
    """Check what several processes need, and run them. Raises: ConfigError."""
    from chatkit_backend.logs import configure_logs
    from chatkit_backend.store.urls import database_url, is_sqlite

    from .workers import run_workers

    settings = _settings(host, port)
    if is_sqlite(database_url(settings.database_url.get_secret_value())):
        raise ConfigError(
            f"--workers {workers} needs PostgreSQL, and DATABASE_URL names SQLite. "
            "Set DATABASE_URL to postgresql://user:password@host/name, or serve without --workers"
        )
    if settings.redis_url is None:
        raise ConfigError(
            f"--workers {workers} needs Redis, and REDIS_URL is not set. "
            "Set REDIS_URL to redis://host:6379/0, or serve without --workers"
        )
    configure_logs(environment=settings.environment, level=settings.log_level)
    return run_workers(
        # -P: a file in the working directory that is named as a library shall not be taken for it.
        [sys.executable, "-P", "-m", "chatkit_backend", "serve", *arguments],
        workers,
        host=settings.host,
        port=settings.port,
        stop_s=settings.shutdown_delay_s + settings.shutdown_grace_s + CLOSE_S + STOP_S,
    )
