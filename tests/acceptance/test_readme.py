"""What the README shows works, as it is written there."""

import ast
import json
import re
import subprocess
from pathlib import Path

import httpx
import pytest
from tests.acceptance.process import COMMAND, environment, running
from tests.protocol import Answer, add, create, sse_events

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"<!-- test: (\S+) -->\n```(?:bash|python)\n(.*?)```", re.DOTALL)
BLOCKS = dict(BLOCK.findall(README))
UVICORN = (COMMAND[0], "-m", "uvicorn", "--port", "{port}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the README's Python files."""
    for name, code in BLOCKS.items():
        if name.endswith(".py"):
            (tmp_path / name).write_text(code)
    return tmp_path


def talk(url: str, text: str = "Hello", second: str = "And?") -> tuple[Answer, Answer]:
    """A chat of two turns with one browser."""
    with httpx.Client(base_url=url, timeout=60) as client:
        first = Answer(sse_events(client.post("/chatkit", json=create(text)).text))
        body = add(first.thread_id, second)
        return first, Answer(sse_events(client.post("/chatkit", json=body).text))


def test_every_block_that_should_be_tested_is() -> None:
    files = {"my_assistant.py", "my_app.py", "embedded.py", "mounted.py"}
    assert set(BLOCKS) == {"curl", "resume", *files}


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_the_python_and_the_links_of_the_documentation_work(page: Path) -> None:
    text = page.read_text()
    for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        tree = ast.parse(code)
        imports: list[ast.stmt] = [
            node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        exec(compile(ast.Module(imports, []), page.name, "exec"), {})
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_the_links_of_the_readme_work() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_two_turns_with_curl_and_the_thread_is_there_after_a_restart(folder: Path) -> None:
    with running(folder) as server:
        script = BLOCKS["curl"].replace("http://127.0.0.1:8000", server.url)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder,
            env=environment(folder),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert server.terminate() == 0
    first = Answer(sse_events((folder / "answer.txt").read_text()))
    second = Answer(sse_events(done.stdout.removeprefix((folder / "answer.txt").read_text())))
    assert "No language model is configured" in first.text
    assert "OPENAI_API_KEY" in first.text
    assert second.types[-1] == "thread.item.done"
    assert "Ada" in second.text

    with running(folder) as server:
        listed = subprocess.run(
            ["curl", "-s", "-b", "jar", f"{server.url}/debug/threads"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    assert first.thread_id in listed.stdout


def test_an_answer_whose_connection_drops_is_gone_on_with_and_stopped(folder: Path) -> None:
    with running(folder) as server:
        script = BLOCKS["resume"].replace("http://127.0.0.1:8000", server.url)
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=environment(folder),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    cut, more = [(folder / name).read_text() for name in ("cut.txt", "more.txt")]
    before, behind = (
        [int(word) for word in re.findall(r"word(\d+)", text)] for text in (cut, more)
    )
    assert before
    assert behind
    assert before + behind == list(range(1, behind[-1] + 1)), "a gap, or a repetition"
    assert json.loads(done.stdout)["state"] == "cancelled"


def test_an_agent_is_served_with_its_tools(folder: Path) -> None:
    with running(folder, [*COMMAND, "serve", "my_assistant:agent"]) as server:
        _, answer = talk(server.url, second="/call who_am_i {}")
    assert "anon_" in answer.text


@pytest.mark.parametrize(
    "target", ["my_app:MyServer", "my_module:server"], ids=["our store", "its own store"]
)
def test_a_chatkit_server_is_served_unchanged(folder: Path, target: str) -> None:
    (folder / "my_module.py").write_text(
        "from my_app import MyServer\n"
        "from chatkit_backend import MemoryStore\n"
        "server = MyServer(MemoryStore())\n"
    )
    with running(folder, [*COMMAND, "serve", target]) as server:
        first, second = talk(server.url)
    assert first.text.startswith("Hello anon_")
    assert second.text == first.text


def test_a_server_gets_the_context_that_it_asks_for(folder: Path) -> None:
    (folder / "contexts.py").write_text(
        "def make(context):\n    return {'user_id': 'Grace', 'request': context.request}\n"
    )
    (folder / "graceful.py").write_text(
        "from my_app import MyServer\n"
        "from chatkit_backend import MemoryStore\n"
        "server = MyServer(MemoryStore(owner=lambda context: context['user_id']))\n"
    )
    command = [*COMMAND, "serve", "graceful:server", "--context", "contexts:make"]
    with running(folder, command) as server:
        first, _ = talk(server.url)
    assert first.text == "Hello Grace!"


@pytest.mark.parametrize("module", ["embedded", "mounted"])
def test_the_backend_is_part_of_an_application(folder: Path, module: str) -> None:
    with running(folder, [*UVICORN, f"{module}:app"], prefix="/assistant") as server:
        first, second = talk(server.url, second="/call who_am_i {}")
        refusal = httpx.post(f"{server.url}/chatkit", content=b"{")
    assert "No language model" in first.text
    assert "anon_" in second.text
    assert refusal.json()["error"]["request_id"] == refusal.headers["x-request-id"]
    assert "stopped" in server.log or module == "embedded"


@pytest.mark.parametrize(
    "command",
    [COMMAND, (*UVICORN, "--factory", "chatkit_backend:create_app")],
    ids=["python -m", "uvicorn --factory"],
)
def test_the_other_ways_to_start_the_same_server(folder: Path, command: tuple[str, ...]) -> None:
    with running(folder, command) as server:
        info = httpx.get(f"{server.url}/").json()
        first, _ = talk(server.url)
    assert info["name"] == "chatkit-backend"
    assert "No language model" in first.text
