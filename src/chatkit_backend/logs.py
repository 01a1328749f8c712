"""Logs: one line an event, its name stable, its data in fields.

Readable in development, JSON in production. Only this package's and uvicorn's loggers are touched,
so that a host application keeps its own.
"""

import logging
import sys
from typing import Literal

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

LOGGERS = ("chatkit_backend", "uvicorn", "uvicorn.error", "uvicorn.access")
CONTENT_FIELD = "text"
"""Holds what people and models wrote. Lines with it are written with `LOG_CONTENT=true` only."""


def configure_logs(
    *, environment: Literal["development", "production"], level: str, content: bool
) -> None:
    """Set up this package's loggers. Safe to call again; the last call holds."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if not content:
        shared.insert(0, _without_content)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(environment),
            ],
        )
    )
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [] if name.startswith("uvicorn.") else [handler]
        logger.propagate = name.startswith("uvicorn.")
        logger.setLevel(level.upper())
    # One line a request is ours (`request`, with its id); uvicorn's says less.
    logging.getLogger("uvicorn.access").disabled = True


def _renderers(environment: str) -> list[Processor]:
    if environment == "production":
        return [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The default prints local variables, and with them keys.
            exception_formatter=structlog.dev.plain_traceback,
        )
    ]


def _without_content(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if CONTENT_FIELD in event:
        raise structlog.DropEvent
    return event
