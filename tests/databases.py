"""Finds a PostgreSQL server for the tests, or starts one, and makes a fresh database on it.

In this order: `TEST_DATABASE_URL`, a server on 127.0.0.1:5432, one of our own from installed
binaries, one in a container.
"""

import getpass
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

IMAGE = "postgres:17-alpine"
START_S = 60


@dataclass(frozen=True, kw_only=True)
class Server:
    """A PostgreSQL server on which databases may be created.

    Attributes:
        url: A database to connect to for that, as libpq reads it.
        origin: Where the server came from, for the test report.
    """

    url: str
    origin: str


class NoServerError(Exception):
    """No PostgreSQL; the message says what was tried."""


@contextmanager
def postgresql_server() -> Iterator[Server]:
    """Find or start a server; what was started is stopped. Raises: NoServerError."""
    tried: list[str] = []
    with ExitStack() as started:
        starts: list[Callable[[ExitStack], Server]] = [_named, _running, _installed, _container]
        for start in starts:
            try:
                server = start(started)
                break
            except NoServerError as exc:
                tried.append(str(exc))
        else:
            raise NoServerError("; ".join(tried))
        yield server


@contextmanager
def fresh_database(server: Server) -> Iterator[str]:
    """Create a database of a name of its own; drop it afterwards. Yields its URL."""
    name = f"chatkit_test_{os.getpid()}_{secrets.token_hex(4)}"
    identifier = sql.Identifier(name)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    try:
        yield make_url(server.url).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@dataclass(frozen=True, kw_only=True)
class OwnPostgres:
    """A PostgreSQL server from installed binaries, in a folder of its own."""

    binaries: Path
    port: int
    folder: Path
    prefix: tuple[str, ...]

    @property
    def url(self) -> str:
        """Its database `postgres`, as libpq reads it."""
        return _url("postgres", None, self.port)

    @classmethod
    def start(cls, started: ExitStack) -> "OwnPostgres":
        """Start one; `started` stops it. Raises: NoServerError."""
        binaries = _binaries()
        temporary = tempfile.TemporaryDirectory(prefix="chatkit-postgresql-")
        folder = Path(started.enter_context(temporary))
        prefix: tuple[str, ...] = ()
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            account = next((name for name in ("postgres", "nobody") if _has_account(name)), None)
            if account is None or not shutil.which("runuser"):
                raise NoServerError("installed PostgreSQL: it refuses root, and runuser is missing")
            shutil.chown(folder, account)
            prefix = ("runuser", "-u", account, "--")
        server = cls(binaries=binaries, port=_free_port(), folder=folder, prefix=prefix)
        server._control("-o", "-A trust -U postgres -E UTF8 -N", "initdb")
        options = f"-h 127.0.0.1 -p {server.port} -k '' -c fsync=off"
        server._control("-o", options, "-l", str(folder / "log"), "start")
        started.callback(server._control, "-m", "fast", "stop")
        return server

    def restart(self) -> None:
        """Stop it, cutting every connection, and start it again with the same options."""
        self._control("-m", "fast", "-l", str(self.folder / "log"), "restart")

    def _control(self, *arguments: str) -> None:
        command = [*self.prefix, str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data")]
        _run(arguments[-1], [*command, "-s", "-w", *arguments], self.folder)


def _named(_: ExitStack) -> Server:
    written = os.environ.get("TEST_DATABASE_URL")
    if not written:
        raise NoServerError("TEST_DATABASE_URL is not set")
    url = make_url(written).set(drivername="postgresql")
    server = Server(url=url.render_as_string(hide_password=False), origin="TEST_DATABASE_URL")
    problem = _problem(server.url)
    if problem:
        # Somebody named it: to use another one instead would hide the mistake.
        raise RuntimeError(f"TEST_DATABASE_URL is set, but: {problem}")
    return server


def _running(_: ExitStack) -> Server:
    problems = set()
    for user in dict.fromkeys((getpass.getuser(), "postgres")):
        for password in (None, "postgres"):
            url = _url(user, password, 5432)
            problem = _problem(url)
            if problem is None:
                return Server(url=url, origin=f"the server on 127.0.0.1:5432 (user {user})")
            problems.add(problem)
    raise NoServerError(f"127.0.0.1:5432: {min(problems)}")


def _installed(started: ExitStack) -> Server:
    own = OwnPostgres.start(started)
    return Server(url=own.url, origin=f"a server of our own from {own.binaries}, port {own.port}")


def _container(started: ExitStack) -> Server:
    docker = shutil.which("docker")
    if docker is None:
        raise NoServerError("Docker: not installed")
    _run("Docker", [docker, "info"], Path.cwd())
    port = _free_port()
    name = f"chatkit-test-{secrets.token_hex(4)}"
    settings = ["-e", "POSTGRES_HOST_AUTH_METHOD=trust", "-p", f"127.0.0.1:{port}:5432"]
    _run("Docker", [docker, "run", "--rm", "-d", "--name", name, *settings, IMAGE], Path.cwd())
    started.callback(_run, "Docker", [docker, "rm", "-f", name], Path.cwd())
    url = _url("postgres", None, port)
    _await_answer(url)
    return Server(url=url, origin=f"a container of {IMAGE}, port {port}")


def _run(what: str, command: list[str], folder: Path) -> None:
    # Files, not pipes: a server that stays keeps its pipe open, and the wait would not end.
    with tempfile.TemporaryFile() as output:
        ran = subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False)
        if ran.returncode != 0:
            output.seek(0)
            raise NoServerError(f"{what}: {output.read().decode(errors='replace').strip()[-200:]}")


def _binaries() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += sorted(Path("/opt/homebrew/opt").glob("postgresql*/bin"), reverse=True)
    named = shutil.which("initdb")
    if named:
        folders.insert(0, Path(named).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoServerError("installed PostgreSQL: no initdb found")


def _url(user: str, password: str | None, port: int) -> str:
    url = URL.create("postgresql", user, password, "127.0.0.1", port, "postgres")
    return url.render_as_string(hide_password=False)


def _problem(url: str) -> str | None:
    """Why no database can be created there; None if one can."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as exc:
        return str(exc).strip().splitlines()[0]
    return None if row and row[0] else "the user may not create databases"


def _await_answer(url: str) -> None:
    # There is no event to wait for: the server says that it is ready by accepting a connection.
    deadline = time.monotonic() + START_S
    while (problem := _problem(url)) is not None:
        if time.monotonic() > deadline:
            raise NoServerError(f"started, but no answer within {START_S} s: {problem}")
        time.sleep(0.1)


def _has_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
