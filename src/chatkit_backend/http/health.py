"""Service information and health."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from chatkit_backend.event_loop import EventLoopLoad
from chatkit_backend.logs import get_logger

from .route import BackendRoute

CHECK_TIMEOUT_S = 2.0
"""A dependency that takes longer counts as down; orchestrators ask again soon."""

Check = Callable[[], Awaitable[None]]
"""Returns if the dependency works, raises if it does not."""

log = get_logger(__name__)


class ServiceInfo(BaseModel):
    """`GET /`: what this is."""

    name: str
    version: str
    environment: str
    model_provider: str
    model: str
    endpoints: dict[str, str]


class DependencyHealth(BaseModel):
    """One dependency."""

    status: Literal["ok", "down"]
    latency_ms: float


class EventLoopHealth(BaseModel):
    """How late the process's event loop is, and the share of its time in which it computes."""

    lag_ms: float
    busy: float


class Health(BaseModel):
    """`GET /health`: the service and its dependencies."""

    status: Literal["ok", "degraded", "shutting_down"]
    version: str
    active_runs: int
    event_loop: EventLoopHealth
    dependencies: dict[str, DependencyHealth]


class Liveness(BaseModel):
    """`GET /health/live`."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """`GET /health/ready`."""

    status: Literal["ok", "unavailable"]


def health_routes(
    version: str,
    checks: Mapping[str, Check],
    optional_checks: Mapping[str, Check],
    *,
    active_runs: Callable[[], int],
    draining: Callable[[], bool],
    load: EventLoopLoad,
) -> APIRouter:
    """The routes for people and orchestrators who ask how the service is.

    Without what `checks` looks at there are no answers; without what `optional_checks` looks at
    they are worse.
    """
    router = APIRouter(route_class=BackendRoute, tags=["health"])

    every = {**checks, **optional_checks}
    checkers = {name: _Checker(name, check) for name, check in every.items()}

    async def dependencies() -> dict[str, DependencyHealth]:
        results = await asyncio.gather(*(checker.check() for checker in checkers.values()))
        return dict(zip(checkers, results, strict=True))

    def is_down(found: Mapping[str, DependencyHealth]) -> bool:
        return any(found[name].status == "down" for name in checks)

    @router.get("/health", operation_id="health")
    async def health(response: Response) -> Health:
        """Each dependency's state and latency. 503 if one that answers need is down."""
        found = await dependencies()
        degraded = any(one.status == "down" for one in found.values())
        if is_down(found) or draining():
            response.status_code = 503
        return Health(
            status="shutting_down" if draining() else "degraded" if degraded else "ok",
            version=version,
            active_runs=active_runs(),
            event_loop=EventLoopHealth(lag_ms=round(load.lag_ms, 2), busy=round(load.busy, 3)),
            dependencies=found,
        )

    @router.get("/health/live", operation_id="live")
    async def live() -> Liveness:
        """The process answers. Restart it if this does not."""
        return Liveness()

    @router.get("/health/ready", operation_id="ready")
    async def ready(response: Response) -> Readiness:
        """The service takes requests. Send it none while this is 503."""
        found = await dependencies()
        if draining() or is_down(found):
            response.status_code = 503
            return Readiness(status="unavailable")
        return Readiness(status="ok")

    return router


class _Checker:
    """Checks one dependency, with one check under way at a time however often it is asked."""

    def __init__(self, name: str, check: Check) -> None:
        self._name = name
        self._check = check
        self._running: asyncio.Task[str | None] | None = None

    async def check(self) -> DependencyHealth:
        started = time.perf_counter()
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._problem())
        # Not cancelled: a driver may take its own time to notice, and has its own limit.
        done, _ = await asyncio.wait([self._running], timeout=CHECK_TIMEOUT_S)
        problem = self._running.result() if done else "no answer"
        if problem is not None:
            log.warning("dependency_down", dependency=self._name, error=problem)
        return DependencyHealth(
            status="ok" if problem is None else "down",
            latency_ms=round((time.perf_counter() - started) * 1000, 2),
        )

    async def _problem(self) -> str | None:
        try:
            await self._check()
        except Exception as exc:  # noqa: BLE001  any failure means the same: down
            return type(exc).__name__
        return None
