"""The process: how it starts, how it refuses to, how it ends, and what it writes."""

import asyncio
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from tests.acceptance.process import COMMAND, environment, running
from tests.protocol import create, req, sse_events
from tests.redis_servers import FoundRedis

from chatkit_backend.http.assets import Assets
from chatkit_backend.testing import ModelServer
from chatkit_backend.testing.model_server import Answer, Say, Wait


def refused_start(folder: Path, *arguments: str, **variables: str) -> str:
    """The one line that says what is wrong with the configuration."""
    return failed_start(2, folder, *arguments, **variables)


def failed_start(code: int, folder: Path, *arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"PORT": "eighty"}, "PORT='eighty'"),
        ({"AUTH": "header"}, "TRUSTED_PROXIES"),
        ({"ENVIRONMENT": "production"}, "SECRET_KEY"),
        ({"LLM_PROVIDER": "openai"}, "OPENAI_API_KEY"),
        ({"DATABASE_URL": "mysql://root:hunter2@db/x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////proc/nowhere/x.db"}, "DATABASE_URL"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start_with_one_line(
    tmp_path: Path, variables: dict[str, str], expected: str
) -> None:
    line = refused_start(tmp_path, **variables)
    assert expected in line
    assert "hunter2" not in line


@pytest.mark.parametrize("workers", [1, 2])
def test_a_port_that_is_taken_is_one_line_that_says_how_to_choose_another(
    tmp_path: Path, empty_postgresql_url: str, workers: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = failed_start(
            1,
            tmp_path,
            "serve",
            f"--workers={workers}",
            f"--port={port}",
            DATABASE_URL=empty_postgresql_url if workers > 1 else f"sqlite:///{tmp_path}/x.db",
            REDIS_URL="redis://127.0.0.1:1/0",
            SECRET_KEY="of thirty-two characters or more, for tests",
        )

    assert line == (
        f"chatkit-backend: HOST=127.0.0.1 PORT={port} cannot be listened on: Address already in "
        "use. End what listens there, or choose another port with --port or PORT"
    )


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_a_host_that_is_not_this_machine_is_one_line(tmp_path: Path, host: str) -> None:
    line = failed_start(
        1, tmp_path, "serve", f"--host={host}", UNSAFE_ALLOW="public_anonymous", PORT="0"
    )

    assert f"HOST={host} PORT=0 cannot be listened on: " in line
    assert "Choose another address with --host" in line


@pytest.mark.parametrize("url", ["postgresql://u:hunter2@127.0.0.1:1/x", "sqlite:////proc/n/x.db"])
def test_a_database_that_cannot_be_migrated_is_one_line_too(tmp_path: Path, url: str) -> None:
    line = refused_start(tmp_path, "migrate", DATABASE_URL=url)
    assert "DATABASE_URL" in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("broken:agent", "ZeroDivisionError"),
        ("half:agent", "imports 'no_such_thing'"),
        ("broken_factory:make", "not a ChatKitServer"),
        ("nothing", "module:attribute"),
        ("no_such_module:agent", "no_such_module"),
        ("json:nothing", "'nothing'"),
        ("json:__name__", "is a str"),
        ("pathlib:Path", "no ChatKitServer"),
        ("application:app", "uvicorn application:app"),
        ("application:takes_nothing", "makes one from a store"),
    ],
)
def test_a_target_that_cannot_be_served_stops_the_start(
    tmp_path: Path, target: str, expected: str
) -> None:
    (tmp_path / "broken.py").write_text("1 / 0\n")
    (tmp_path / "application.py").write_text(
        "from fastapi import FastAPI\napp = FastAPI()\ndef takes_nothing(): pass\n"
    )
    (tmp_path / "half.py").write_text("import no_such_thing\n")
    (tmp_path / "broken_factory.py").write_text("def make(store):\n    return 7\n")
    assert expected in refused_start(tmp_path, "serve", target)


@pytest.mark.parametrize("command", ["serve", "config"])
def test_an_env_file_that_is_no_text_stops_the_start(tmp_path: Path, command: str) -> None:
    (tmp_path / ".env").write_text("PORT=9001\n", encoding="utf-16")
    assert ".env is no UTF-8 text" in refused_start(tmp_path, command)


def test_the_log_says_where_the_server_listens(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        assert server.terminate() == 0
    assert f"address={server.url}" in server.log


def test_config_prints_the_settings_without_secrets(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-very-secret\nMAX_TOKENS=99\n")
    done = subprocess.run(
        [*COMMAND, "config"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "MAX_TOKENS=99" in done.stdout
    assert "OPENAI_API_KEY=********" in done.stdout
    assert "sk-very-secret" not in done.stdout + done.stderr


def test_postgresql_says_that_it_must_be_migrated_and_is_migrated(
    tmp_path: Path, empty_postgresql_url: str
) -> None:
    variables = {"DATABASE_URL": empty_postgresql_url}
    assert "chatkit-backend migrate" in refused_start(tmp_path, **variables)

    for _ in range(2):
        done = subprocess.run(
            [*COMMAND, "migrate"],
            cwd=tmp_path,
            env=environment(tmp_path, **variables),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert "is at revision" in done.stdout

    with running(tmp_path, variables=variables) as server:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            events = sse_events(client.post("/chatkit", json=create()).text)
            assert events[-1]["type"] == "thread.item.done"
            cookies = dict(client.cookies)
        assert server.terminate() == 0
    with (
        running(tmp_path, variables=variables) as server,
        httpx.Client(base_url=server.url, cookies=cookies, timeout=60) as client,
    ):
        listed = client.post("/chatkit", json=req("threads.list")).json()["data"]
    assert [thread["title"] for thread in listed] == ["Hello"]


def test_a_load_balancer_may_look_elsewhere_before_the_shutdown_begins(tmp_path: Path) -> None:
    with (
        running(tmp_path, variables={"SHUTDOWN_DELAY_S": "60"}) as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):
        server.process.send_signal(signal.SIGTERM)
        while client.get("/health/ready").status_code != 503:
            pass
        # On a connection of its own: it still listens.
        answer = httpx.post(f"{server.url}/chatkit", json=create(), timeout=60)

        assert client.get("/health/live").status_code == 200
        assert sse_events(answer.text)[-1]["type"] == "thread.item.done"
        assert server.terminate() == 0, "a second SIGTERM ends the delay"


@pytest.mark.parametrize("workers", [1, 2])
def test_the_delay_of_a_shutdown_ends(
    tmp_path: Path, postgresql_url: str, redis_found: FoundRedis, workers: int
) -> None:
    variables = {
        "SHUTDOWN_DELAY_S": "0.1",
        "DATABASE_URL": postgresql_url,
        "REDIS_URL": redis_found.url,
        "SECRET_KEY": secrets.token_urlsafe(32),
    }
    command = [*COMMAND, "serve", f"--workers={workers}"]
    with running(tmp_path, command, variables=variables) as server:
        assert server.terminate() == 0
        assert "leaving" in server.log


async def test_an_open_answer_may_finish_after_sigterm_and_nothing_new_is_taken(
    tmp_path: Path,
) -> None:
    gate = asyncio.Event()
    async with ModelServer([Answer(Say("First"), Wait(gate), Say(" and last"))]) as upstream:
        variables = {"LLM_PROVIDER": "openai", "OPENAI_BASE_URL": upstream.base_url}
        with running(tmp_path, variables=variables) as server:
            async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
                text = ""
                async with client.stream("POST", "/chatkit", json=create()) as response:
                    async for chunk in response.aiter_text():
                        text += chunk
                        if "First" in text and not gate.is_set():
                            server.process.send_signal(signal.SIGTERM)
                            await _until(lambda: "shutting_down" in server.log)
                            gate.set()
            code = await asyncio.to_thread(server.process.wait, 30)

    events = sse_events(text)
    assert events[-1]["item"]["content"][0]["text"] == "First and last"
    assert code == 0


async def test_an_answer_that_does_not_finish_in_time_is_ended_and_its_text_is_kept(
    tmp_path: Path,
) -> None:
    async with ModelServer([Answer(Say("Only this"), Wait(asyncio.Event()))]) as upstream:
        variables = {
            "LLM_PROVIDER": "openai",
            "OPENAI_BASE_URL": upstream.base_url,
            "SHUTDOWN_GRACE_S": "0.2",
        }
        with running(tmp_path, variables=variables) as server:
            async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
                text = ""
                async with client.stream("POST", "/chatkit", json=create()) as response:
                    async for chunk in response.aiter_text():
                        text += chunk
                        if "this" in text and "shutting_down" not in server.log:
                            server.process.send_signal(signal.SIGTERM)
                cookies = dict(client.cookies)
            code = await asyncio.to_thread(server.process.wait, 30)
        with running(tmp_path, variables=variables) as server:
            async with httpx.AsyncClient(base_url=server.url, cookies=cookies) as client:
                [thread] = (await client.post("/chatkit", json=req("threads.list"))).json()["data"]
                listed = req("items.list", thread_id=thread["id"])
                items = (await client.post("/chatkit", json=listed)).json()["data"]

    events = sse_events(text)
    assert [event["type"] for event in events[-2:]] == ["thread.item.done", "error"]
    assert "restarting" in events[-1]["message"]
    assert events[-1]["allow_retry"] is True
    assert items[0]["content"][0]["text"] == "Only this"
    assert code == 0


async def test_an_answer_that_catches_its_own_cancellation_cannot_keep_the_process(
    tmp_path: Path,
) -> None:
    (tmp_path / "stubborn.py").write_text(
        "import asyncio\n"
        "from chatkit.server import ChatKitServer\n"
        "from chatkit.types import ProgressUpdateEvent\n"
        "class Stubborn(ChatKitServer):\n"
        "    async def respond(self, thread, item, context):\n"
        "        while True:\n"
        "            try:\n"
        "                await asyncio.sleep(0.05)\n"
        "            except asyncio.CancelledError:\n"
        "                pass\n"
        "            yield ProgressUpdateEvent(text='still here')\n"
    )
    command = [*COMMAND, "serve", "stubborn:Stubborn"]
    with running(tmp_path, command, {"SHUTDOWN_GRACE_S": "0"}) as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
            async with client.stream("POST", "/chatkit", json=create()) as response:
                async for chunk in response.aiter_text():
                    if "still here" in chunk:
                        break
            server.process.send_signal(signal.SIGTERM)
            code = await asyncio.to_thread(server.process.wait, 30)
    assert code == 1
    assert "did not stop" in server.log


@pytest.mark.parametrize("log_content", ["false", "true"])
def test_production_logs_are_json_with_the_request_id_and_without_what_people_write(
    tmp_path: Path, log_content: str
) -> None:
    variables = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "of thirty-two characters or more, for tests",
        "LOG_CONTENT": log_content,
    }
    with running(tmp_path, variables=variables) as server:
        response = httpx.post(
            f"{server.url}/chatkit",
            json=create("my private words"),
            headers={"x-request-id": "abc-1"},
            timeout=60,
        )
        assert response.headers["x-request-id"] == "abc-1"
        assert server.terminate() == 0

    lines = [json.loads(line) for line in server.log.splitlines()]
    ours = [line for line in lines if line.get("request_id") == "abc-1"]
    assert {"request", "run_ended"} <= {line["event"] for line in ours}
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in lines)
    assert ("my private words" in server.log) is (log_content == "true")


def test_a_wheel_installs_into_an_empty_environment_and_serves(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path)]
    subprocess.run(build, cwd=root, check=True, capture_output=True, timeout=120)
    [wheel] = tmp_path.glob("*.whl")
    venv = tmp_path / "venv"
    # The dependencies are those of this environment: what is tested is what the wheel carries.
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=60
    )
    subprocess.run(
        [
            sys.executable, "-m", "pip", "--python", str(venv / "bin/python"), "install",
            "--quiet", "--no-deps", "--no-index", str(wheel),
        ],
        check=True,
        timeout=120,
    )  # fmt: skip
    [packages] = (venv / "lib").glob("python*/site-packages")
    [ours] = {path for path in sys.path if (Path(path) / "fastapi").is_dir()}
    (packages / "dependencies.pth").write_text(ours + "\n")
    (tmp_path / "empty").mkdir()
    command = [str(venv / "bin/chatkit-backend"), "serve"]
    with running(tmp_path / "empty", command) as server:
        located = subprocess.run(
            [str(venv / "bin/python"), "-c", "import chatkit_backend as c; print(c.__file__)"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        events = sse_events(httpx.post(f"{server.url}/chatkit", json=create(), timeout=60).text)
        page = httpx.get(f"{server.url}/", headers={"Accept": "text/html"}).text
        element = httpx.get(f"{server.url}/chatkit.js")
    assert str(venv) in located.stdout
    assert events[-1]["type"] == "thread.item.done"
    if Assets.built() is not None or os.environ.get("CI"):
        assert element.status_code == 200
        assert "<openai-chatkit" in page
    else:  # no Node.js has built the UI that the wheel would carry
        assert element.status_code == 404
        assert "install Node.js 20 or newer" in page


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.02)


def test_a_head_without_an_end_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        parts = urlsplit(server.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 70_000)
            answer = connection.recv(100)

    assert answer.startswith(b"HTTP/1.1 431 ")
