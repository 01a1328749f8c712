"""`chatkit-backend chat`, piped and at a terminal, against a server of its own process."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import jwt
import pytest
from tests.acceptance.process import ServerProcess, environment, free_port, running

CHAT = (sys.executable, "-m", "chatkit_backend", "chat")
PATIENCE_S = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running(tmp_path_factory.mktemp("server")) as one:
        yield one


@dataclass(frozen=True)
class Piped:
    """What a chat with piped input left."""

    stdout: str
    stderr: str
    returncode: int


def piped(home: Path, url: str, *lines: str, options: tuple[str, ...] = ()) -> Piped:
    """Run the chat with lines as its input, as in `echo … | chatkit-backend chat`."""
    done = subprocess.run(
        [*CHAT, "--url", url, *options],
        input="".join(f"{line}\n" for line in lines),
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Piped(without_notice(done.stdout), done.stderr, done.returncode)


def without_notice(text: str) -> str:
    """Leave out what the offline model says of itself in the first answer of a conversation."""
    return re.sub(r"\*\*No language model.*?\n\r?\n(?=word1)", "", text, flags=re.DOTALL)


class Terminal:
    """A person at a terminal: types, and reads what is there."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process = process
        self._screen = screen
        self._unread = ""

    def type(self, line: str) -> None:
        os.write(self._screen, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def interrupt_until_exit(self) -> int:
        """Ctrl-C, and again if nothing happens; returns the exit code.

        `input` does not see a signal that comes after it has shown the prompt and before it waits:
        a window of microseconds that only a test hits.
        """
        for _ in range(PATIENCE_S):
            self.interrupt()
            try:
                return self.process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
        raise AssertionError(f"Ctrl-C does not end the chat: {self._unread!r}")

    def end_input(self) -> None:
        """Ctrl-D."""
        os.write(self._screen, b"\x04")

    def expect(self, pattern: str) -> str:
        """Read until the pattern is there; returns what was read up to its end."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := re.search(pattern, self._unread)):
            left = max(0, deadline - time.monotonic())
            if not select.select([self._screen], [], [], left)[0]:
                raise AssertionError(f"no {pattern!r} in {self._unread!r}")
            self._unread += os.read(self._screen, 65536).decode(errors="replace")
        read, self._unread = self._unread[: found.end()], self._unread[found.end() :]
        return read

    def exit_code(self) -> int:
        return self.process.wait(timeout=PATIENCE_S)


@contextmanager
def terminal(home: Path, url: str) -> Iterator[Terminal]:
    screen, keyboard = pty.openpty()
    process = subprocess.Popen(
        [*CHAT, "--url", url],
        env=environment(home, TERM="dumb"),
        cwd=home,
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
    )
    os.close(keyboard)
    try:
        yield Terminal(process, screen)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(screen)


def test_piped_lines_are_messages_and_answers_are_plain_text(
    server: ServerProcess, tmp_path: Path
) -> None:
    chat = piped(tmp_path, server.url, "/long 3", "", "/long 2")

    assert chat.stdout == "word1 word2 word3\nword1 word2\n"
    assert chat.stderr == ""
    assert chat.returncode == 0


def test_conversations_are_there_after_a_restart_of_server_and_chat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    # A server that restarts keeps its address, and the chat knows it by that.
    monkeypatch.setattr("tests.acceptance.process.free_port", lambda: port)
    with running(tmp_path) as server:
        assert piped(tmp_path, server.url, "/long 3", "/rename Three words").returncode == 0
    with running(tmp_path) as server:
        chat = piped(tmp_path, server.url, "/threads", "/open 1", "/history", "/long 2")

    assert "Three words" in chat.stdout
    assert chat.stdout.endswith("> /long 3\nword1 word2 word3\nword1 word2\n")
    assert chat.returncode == 0


def test_a_conversation_is_given_by_its_id(server: ServerProcess, tmp_path: Path) -> None:
    listed = piped(tmp_path, server.url, "/long 3", "/threads").stdout
    [thread_id] = re.findall(r"\((thr_\w+)\)", listed)

    chat = piped(tmp_path, server.url, "/history", options=("--thread", thread_id))

    assert chat.stdout == "> /long 3\nword1 word2 word3\n"


def test_the_last_message_is_answered_again(server: ServerProcess, tmp_path: Path) -> None:
    chat = piped(tmp_path, server.url, "/long 2", "/retry", "/history")

    assert chat.stdout == "word1 word2\nword1 word2\n> /long 2\nword1 word2\n"


def test_a_deleted_conversation_is_gone(server: ServerProcess, tmp_path: Path) -> None:
    chat = piped(tmp_path, server.url, "/long 1", "/delete", "/threads")

    assert chat.stdout == "word1\nNo conversations yet.\n"
    assert chat.stderr == "Deleted. The next message begins a new conversation.\n"


def test_everybody_has_conversations_of_their_own(server: ServerProcess, tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    listed = piped(tmp_path, server.url, "/long 1", "/threads").stdout
    [thread_id] = re.findall(r"\((thr_\w+)\)", listed)

    assert piped(other, server.url, "/threads").stdout == "No conversations yet.\n"
    refused = piped(other, server.url, "Hello", options=("--thread", thread_id))
    assert refused.stdout == ""
    assert refused.stderr == "The thread, item, run or attachment is not there.\n"
    assert refused.returncode == 1


def test_nobody_else_may_read_the_cookie(server: ServerProcess, tmp_path: Path) -> None:
    piped(tmp_path, server.url, "/threads")

    [kept] = tmp_path.rglob("cookies-*.txt")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_server_that_is_not_there_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    chat = piped(tmp_path, url, "Hello", "Are you there?")

    assert chat.stdout == ""
    assert chat.stderr.count("\n") == 1
    assert f"there is no server at {url}" in chat.stderr
    assert "Traceback" not in chat.stderr
    assert chat.returncode == 1


@pytest.mark.parametrize("url", ["localhost:8000", "http://[", "http://:1", "http://a:b", ""])
def test_an_address_that_is_none_is_one_line_and_exit_code_1(tmp_path: Path, url: str) -> None:
    chat = piped(tmp_path, url, "Hello")

    assert chat.stderr == f"--url {url!r} is not an address such as http://127.0.0.1:8000\n"
    assert chat.returncode == 1


def test_a_failed_answer_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    broken = {
        "LLM_PROVIDER": "openai",
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{free_port()}/v1",
        "MODEL_RETRIES": "0",
    }
    with running(tmp_path, variables=broken) as server:
        chat = piped(tmp_path, server.url, "Hello", "/threads")

    assert "Hello" in chat.stdout, "the chat goes on"
    assert chat.stderr.count("\n") == 1
    assert "/retry tries again" in chat.stderr
    assert chat.returncode == 1


def test_ctrl_c_stops_an_answer_and_at_the_prompt_the_chat(
    server: ServerProcess, tmp_path: Path
) -> None:
    with terminal(tmp_path, server.url) as person:
        person.expect("/help")
        person.type("/long 900")
        person.expect("word9 ")
        person.interrupt()
        person.expect(r"\(stopped\)")
        # The next message waits for the thread's turn, and so for the text so far to be saved.
        person.type("/long 2")
        person.expect(r"word1 word2\r\n> ")
        person.type("/history")
        kept = person.expect(r"> /long 900[^>]*> /long 2\r\nword1 word2\r\n> ")

        assert person.interrupt_until_exit() == 0
    assert "word9" in kept
    assert "word900" not in kept


def test_a_person_goes_on_where_they_were(server: ServerProcess, tmp_path: Path) -> None:
    with terminal(tmp_path, server.url) as person:
        person.type("/long 3")
        person.expect(r"word3\r\n> ")
        person.end_input()
        assert person.exit_code() == 0
    with terminal(tmp_path, server.url) as person:
        person.expect("/threads lists your conversations")
        person.type("/open 1")
        opened = person.expect(r"word3\r\n> ")
        assert without_notice(opened).endswith("> /long 3\r\nword1 word2 word3\r\n> ")
        person.type("/thread")
        person.expect("did you mean /threads")
        person.type("/quit")
        assert person.exit_code() == 0


def test_nothing_slow_is_imported_for_a_chat() -> None:
    code = (
        "import sys, chatkit_backend.cli.terminal.conversation, chatkit_backend.cli; "
        "print([name for name in ('agents', 'openai', 'sqlalchemy') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


def test_a_bearer_token_says_who_chats(tmp_path: Path) -> None:
    secret = "a signing secret of this test, long enough"
    token = jwt.encode({"sub": "ada", "exp": 2**32}, secret)
    with running(tmp_path, variables={"AUTH": "jwt", "JWT_SECRET": secret}) as server:
        without = piped(tmp_path, server.url, "Hello")
        done = piped(tmp_path, server.url, "Hello", options=("--token", token))

    assert without.returncode == 1
    assert "credential" in without.stderr
    assert done.returncode == 0, done.stderr
    assert done.stdout
