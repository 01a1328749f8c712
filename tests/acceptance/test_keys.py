"""`chatkit-backend keys`: a key is shown once, works at once, and is taken away again."""

import re
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from tests.acceptance.process import COMMAND, environment, running

SECRET = re.compile(r"ckb_[0-9a-f]{32}_[0-9a-f]{64}")


def keys(
    folder: Path, *arguments: str, check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "keys", *arguments],
        cwd=folder,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=check,
    )


def key_id(secret: str) -> str:
    return "key_" + secret.split("_")[1]


def listed(folder: Path) -> list[list[str]]:
    return [line.split("\t") for line in keys(folder, "list").stdout.splitlines()]


def asked(server_url: str, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.get(f"{server_url}/v1/chatkit/threads", headers=headers).status_code


def test_a_key_is_printed_alone_so_that_a_script_can_take_it(tmp_path: Path) -> None:
    done = keys(tmp_path, "create", "--name", "the site")

    assert SECRET.fullmatch(done.stdout.strip())
    assert key_id(done.stdout.strip()) in done.stderr
    assert "not shown again" in done.stderr
    assert not SECRET.search(done.stderr)


def test_it_is_shown_once_and_nowhere_in_the_database(tmp_path: Path) -> None:
    secret = keys(tmp_path, "create", "--name", "the site").stdout.strip()

    random = secret.split("_")[2]
    for path in (tmp_path / "data").iterdir():
        assert random.encode() not in path.read_bytes(), path
    assert random not in keys(tmp_path, "list").stdout


def test_the_list_shows_whose_each_key_is_and_what_became_of_it(tmp_path: Path) -> None:
    assert listed(tmp_path) == []
    first = keys(tmp_path, "create", "--name", "Büro").stdout.strip()
    second = keys(tmp_path, "create", "--name", "shop", "--tenant", "acme").stdout.strip()
    keys(tmp_path, "revoke", key_id(first))

    newest, oldest = listed(tmp_path)

    assert (newest[0], *newest[2:]) == (key_id(second), "active", "acme", "shop")
    assert (oldest[0], *oldest[3:]) == (key_id(first), "default", "Büro")
    assert oldest[2].startswith("revoked 2")


def test_a_running_server_takes_a_new_key_at_once_and_a_revoked_one_no_more(
    tmp_path: Path,
) -> None:
    with running(tmp_path, variables={"CREDENTIAL_CACHE_S": "0.5"}) as server:
        secret = keys(tmp_path, "create", "--name", "the site").stdout.strip()
        other = keys(tmp_path, "create", "--name", "another").stdout.strip()
        assert asked(server.url, secret) == 200

        assert "is revoked" in keys(tmp_path, "revoke", key_id(secret)).stdout

        # What it remembers of the key is forgotten by and by; nothing tells when.
        deadline = time.monotonic() + 30
        while asked(server.url, secret) != 401:
            assert time.monotonic() < deadline
        assert asked(server.url, other) == 200
        assert secret.split("_")[2] not in server.log


def test_revoking_a_key_says_how_many_sessions_went_with_it(tmp_path: Path) -> None:
    with running(tmp_path, variables={"AUTH": "session"}) as server:
        secret = keys(tmp_path, "create", "--name", "the site").stdout.strip()
        for user in ("ada", "ben"):
            httpx.post(
                f"{server.url}/v1/chatkit/sessions",
                headers={"Authorization": f"Bearer {secret}"},
                json={"user": user, "workflow": {"id": "support"}},
            ).raise_for_status()

        first, second = (keys(tmp_path, "revoke", key_id(secret)).stdout for _ in range(2))

    assert first.strip() == f"{key_id(secret)} is revoked, and 2 sessions that it had made with it"
    assert second.strip() == f"{key_id(secret)} is revoked, and 0 sessions that it had made with it"


def test_a_server_that_remembers_nothing_refuses_a_revoked_key_at_once(tmp_path: Path) -> None:
    with running(tmp_path, variables={"CREDENTIAL_CACHE_S": "0"}) as server:
        secret = keys(tmp_path, "create", "--name", "the site").stdout.strip()
        assert asked(server.url, secret) == 200
        keys(tmp_path, "revoke", key_id(secret))
        assert asked(server.url, secret) == 401


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["create", "--name", ""], "--name"),
        (["create", "--name", "a\tb"], "--name"),
        (["create", "--name", "x" * 101], "--name"),
        (["create", "--name", "a", "--tenant", "a/b"], "'a/b'"),
        (["create", "--name", "a", "--tenant", ""], "--tenant"),
        (["revoke", "key_none"], "'key_none'"),
        (["revoke", "ckb_" + "0" * 32 + "_" + "a" * 64], "revoke key_0000"),
    ],
)
def test_what_cannot_be_done_is_one_line_that_says_why(
    tmp_path: Path, arguments: list[str], named: str
) -> None:
    done = keys(tmp_path, *arguments, check=False)

    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    [line] = done.stderr.strip().splitlines()
    assert named in line


def test_a_key_given_for_its_id_is_not_repeated_and_its_id_is_told(tmp_path: Path) -> None:
    secret = keys(tmp_path, "create", "--name", "the site").stdout.strip()

    done = keys(tmp_path, "revoke", secret, check=False)

    assert done.returncode == 2
    assert f"revoke {key_id(secret)}" in done.stderr
    assert secret.split("_")[2] not in done.stderr


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    away = "postgresql://u:hunter2@127.0.0.1:1/x"
    done = keys(tmp_path, "list", check=False, DATABASE_URL=away)

    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert "DATABASE_URL" in line
    assert "hunter2" not in line
