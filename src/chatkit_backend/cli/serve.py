"""`chatkit-backend serve`: run the server."""

import asyncio
import gc
import os
import signal
from typing import Annotated

import typer

from chatkit_backend.settings import Settings

CLOSE_S = 7
"""Seconds beyond the grace period for saving text and closing connections."""


def serve(
    target: Annotated[
        str | None,
        typer.Argument(
            help="An agent, a ChatKitServer or its class as module:attribute. "
            "Default: a built-in assistant."
        ),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (PORT).")] = None,
    context: Annotated[
        str | None,
        typer.Option(help="A function that makes your server's context, as module:attribute."),
    ] = None,
) -> None:
    """Run the server until SIGTERM or Ctrl-C; open answers are finished or saved."""
    # Nothing of what is imported is garbage; looking for some takes a tenth of the start.
    gc.disable()
    import uvicorn
    from dotenv import load_dotenv

    # Code of the user's own reads its keys from the environment, as the README of every SDK says.
    load_dotenv(".env")
    given = {"host": host, "port": port}
    settings = Settings.load(**{name: value for name, value in given.items() if value is not None})

    from chatkit_backend.app import create_app

    from .target import load_context, load_target

    found = load_target(target)
    app = create_app(
        settings, agent=found.agent, server=found.server, context=load_context(context)
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            # TRUSTED_PROXIES decides who is believed, by the address that really connects.
            proxy_headers=False,
            timeout_graceful_shutdown=int(settings.shutdown_grace_s) + CLOSE_S,
        )
    )
    gc.freeze()
    gc.enable()
    # uvicorn raises the signal again after its shutdown; the answer is exit code 0, not 143.
    signal.signal(signal.SIGTERM, lambda *_: None)

    async def run() -> None:
        await app.state.backend.start()  # here, a database that is not there is one line
        await server.serve()
        if open_runs := len(app.state.backend.runs):
            # Code that catches its own cancellation would keep the process for ever. Everything
            # else is saved and closed by now.
            typer.echo(f"chatkit-backend: {open_runs} answers did not stop", err=True)
            os._exit(1)

    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(run())
    if not server.started:
        raise typer.Exit(1)
