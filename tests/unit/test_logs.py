"""What the server on its own writes to standard error."""

import json
import logging

import pytest

from chatkit_backend.logs import configure_logs, without_secrets


def test_a_line_of_uvicorn_has_no_second_wording_with_escape_codes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(environment="production", level="info")
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "\x1b[36mStarted"})

    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "Started"
    assert "color_message" not in line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"/runs/ek_{'0' * 32}_{'a' * 64}/x", "/runs/ek_********/x"),
        (f"ckb_{'0' * 32}_{'a' * 64}", "ckb_********"),
        (f"of eyJ{'a' * 20}.eyJ{'b' * 20}.{'c' * 43}!", "of token_********!"),
        ("/chatkit/runs/run_" + "0" * 32, "/chatkit/runs/run_" + "0" * 32),
        ("week_20261121_0123456789abcdef", "week_20261121_0123456789abcdef"),
    ],
)
def test_what_looks_like_a_secret_of_ours_is_masked(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
