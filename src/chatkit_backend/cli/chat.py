"""`chatkit-backend chat`: talk to a running server from the terminal."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

if TYPE_CHECKING:
    # At run time the functions below import what they need: `--help` needs no protocol.
    from .terminal.conversation import Conversation

PROMPT = "> "


def chat(
    url: Annotated[
        str, typer.Option(help="Address of the server, or of its ChatKit endpoint.")
    ] = "http://127.0.0.1:8000",
    thread: Annotated[
        str | None, typer.Option(help="Id of a conversation to go on with, or its number.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="CHATKIT_TOKEN",
            help="Bearer token: a JWT, or a session's secret. Other users of this machine can see "
            "an option, but not the variable.",
        ),
    ] = None,
) -> None:
    """Chat with a running server. Piped input: one message a line."""
    with asyncio.Runner() as runner:
        raise typer.Exit(_Chat(runner, url, token).run(thread))


class _Chat:
    """Reads lines and carries them out, one after the other.

    The event loop runs while a line is carried out and rests while one is awaited, so that reading
    blocks nothing, and Ctrl-C is a cancelled answer in the one case and an exception in the other.
    """

    def __init__(self, runner: asyncio.Runner, url: str, token: str | None) -> None:
        from .terminal.screen import Screen

        self._runner = runner
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token.strip()}"} if token else {}
        self._screen = Screen(interactive=sys.stdin.isatty() and sys.stdout.isatty())

    def run(self, thread: str | None) -> int:
        """Chat until the input ends. Returns the exit code."""
        import httpx

        from chatkit_backend.client import TIMEOUT, ChatKitClient

        from .terminal.conversation import Conversation
        from .terminal.cookies import CookieFile

        if not _is_address(self._url):
            self._screen.error(
                f"--url {self._url!r} is not an address such as http://127.0.0.1:8000"
            )
            return 1
        cookies = CookieFile(Path(typer.get_app_dir("chatkit-backend")), self._url)
        http = httpx.AsyncClient(
            headers=self._headers,
            cookies=cookies.jar,
            event_hooks={"response": [cookies.keep]},
            timeout=TIMEOUT,
        )
        endpoint = self._url if self._url.endswith("/chatkit") else f"{self._url}/chatkit"
        try:
            return self._talk(Conversation(ChatKitClient(endpoint, http), self._screen), thread)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            self._no_server()
            return 1
        finally:
            self._runner.run(http.aclose())

    def _talk(self, conversation: "Conversation", thread: str | None) -> int:
        from .terminal.commands import Command, Message, Mistake, parse

        interactive = self._screen.interactive
        succeeded = True
        if thread is not None and not self._attempt(conversation.open(thread)):
            return 1
        if interactive and thread is None and not self._attempt(conversation.greet()):
            return 1
        for text in self._lines():
            match parse(text):
                case Message(text):
                    succeeded &= self._attempt(conversation.say(text))
                case Command("quit"):
                    break
                case Command() as command:
                    succeeded &= self._attempt(conversation.carry_out(command))
                case Mistake(text):
                    self._screen.error(text)
                    succeeded = False
                case None:
                    pass
        return 0 if succeeded or interactive else 1

    def _attempt(self, work: Coroutine[None, None, bool | None]) -> bool:
        """Carry something out; show what the server refused. Ctrl-C ends it."""
        import httpx

        from chatkit_backend.client import ChatKitError

        try:
            return self._runner.run(work) is not False
        except ChatKitError as exc:
            self._screen.error(exc.message)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if not self._screen.interactive:
                raise  # the lines to come would fail alike
            self._no_server()
        except httpx.TransportError as exc:
            self._screen.error(f"the connection to {self._url} broke ({type(exc).__name__})")
        except KeyboardInterrupt:
            if not self._screen.interactive:
                raise
            self._screen.note("(stopped)")
        return False

    def _no_server(self) -> None:
        self._screen.error(
            f"there is no server at {self._url}; start one with `chatkit-backend serve`, "
            "or name another with --url"
        )

    def _lines(self) -> Iterator[str]:
        if not self._screen.interactive:
            yield from sys.stdin
            return
        with suppress(ImportError):
            import readline  # noqa: F401  `input` edits lines with it, where there is one
        while True:
            try:
                yield input(PROMPT)
            except (EOFError, KeyboardInterrupt):
                print()
                return


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an address in them, a port that is no number
        return False
