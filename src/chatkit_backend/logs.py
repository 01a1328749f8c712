"""Logs: one line an event, its name stable, its data in fields.

The loggers are the standard library's, with the fields as `extra`: an application that embeds this
package formats them as it does its own. `configure_logs` is for the server on its own: readable in
development, JSON in production.
"""

import logging
import re
import sys
from typing import Literal, cast

import structlog
from structlog.types import EventDict, Processor

_OWN_SECRETS = re.compile(
    r"(?<![A-Za-z0-9])(?P<kind>ek|ckb)_[A-Za-z0-9]{8,}_\w{16,}"  # sessions' and API keys
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # tokens
)

OWN_LOGGER = "chatkit_backend"
UVICORN_LOGGER = "uvicorn"


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for events with fields. It depends on no global configuration."""
    return cast(
        "structlog.stdlib.BoundLogger",
        structlog.wrap_logger(
            logging.getLogger(name),
            processors=[
                structlog.stdlib.filter_by_level,
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.render_to_log_kwargs,
            ],
            wrapper_class=structlog.stdlib.BoundLogger,
            cache_logger_on_first_use=True,
        ),
    )


def without_secrets(text: str) -> str:
    """`text` without what looks like a session's secret, an API key or a token.

    For what clients send and we say back or log, such as a path: some put secrets into it.
    """
    return _OWN_SECRETS.sub(lambda found: f"{found['kind'] or 'token'}_********", text)


def configure_logs(*, environment: Literal["development", "production"], level: str) -> None:
    """Send this package's and uvicorn's logs to standard error. The last call holds."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_color_message,
                *_renderers(environment),
            ],
        )
    )
    for name in (OWN_LOGGER, UVICORN_LOGGER):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level.upper())
    # One line a request is ours (`request`, with its id); uvicorn's says less.
    logging.getLogger("uvicorn.access").disabled = True


def _without_color_message(_: object, __: str, event: EventDict) -> EventDict:
    event.pop("color_message", None)  # uvicorn's second wording of the same, with escape codes
    return event


def _renderers(environment: str) -> list[Processor]:
    if environment == "production":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The default prints local variables, and with them keys.
            exception_formatter=structlog.dev.plain_traceback,
        )
    ]
