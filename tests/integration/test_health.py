"""How the service is, for people and for orchestrators."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI


async def test_health_names_each_dependency_with_its_latency(client: httpx.AsyncClient) -> None:
    health = (await client.get("/health")).json()

    assert health["status"] == "ok"
    assert health["dependencies"]["database"]["status"] == "ok"
    assert health["dependencies"]["database"]["latency_ms"] >= 0
    assert health["active_runs"] == 0


async def test_a_database_that_is_down_makes_it_not_ready_but_alive(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    await app.state.backend.server.store.close()

    health = await client.get("/health")

    assert (health.status_code, health.json()["status"]) == (503, "degraded")
    assert health.json()["dependencies"]["database"]["status"] == "down"
    assert (await client.get("/health/ready")).status_code == 503
    assert (await client.get("/health/live")).status_code == 200


async def test_a_database_that_is_down_is_a_503_with_retry_after(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    await app.state.backend.server.store.close()

    response = await client.post("/chatkit", json={"type": "threads.list", "params": {}})

    assert response.status_code == 503
    assert response.json()["error"]["code"] == "store_unavailable"
    assert int(response.headers["retry-after"]) > 0


async def test_a_service_that_shuts_down_is_not_ready_and_takes_no_messages(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    await app.state.backend.runs.active.drain(grace_s=0)

    assert (await client.get("/health")).json()["status"] == "shutting_down"
    assert (await client.get("/health/ready")).status_code == 503
    message: dict[str, Any] = {"content": [{"type": "input_text", "text": "x"}], "attachments": []}
    body = {"type": "threads.create", "params": {"input": {**message, "inference_options": {}}}}
    response = await client.post("/chatkit", json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "shutting_down")


@pytest.mark.parametrize("path", ["/", "/openapi.json"])
async def test_the_service_describes_itself(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200
