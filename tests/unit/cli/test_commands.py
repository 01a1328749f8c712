"""What a line of the terminal chat means."""

import pytest

from chatkit_backend.cli.terminal.commands import (
    COMMANDS,
    Command,
    Line,
    Message,
    Mistake,
    help_text,
    parse,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hello there\n", Message("Hello there")),
        ("", None),
        ("  \n", None),
        ("/threads", Command("threads", "")),
        ("/open 2", Command("open", "2")),
        ("  /rename  A better title \n", Command("rename", "A better title")),
        ("half / half", Message("half / half")),
    ],
)
def test_lines_are_messages_or_commands(line: str, expected: Line) -> None:
    assert parse(line) == expected


@pytest.mark.parametrize("line", ["/long 300", '/call tool {"a": 1}', "/etc/hosts"])
def test_commands_of_the_assistant_are_messages(line: str) -> None:
    assert parse(line) == Message(line)


def test_a_second_slash_makes_any_line_a_message() -> None:
    assert parse("//threads") == Message("/threads")


@pytest.mark.parametrize(
    ("line", "meant"), [("/thread", "/threads"), ("/opn 2", "/open"), ("/delet", "/delete")]
)
def test_a_misspelt_command_is_not_sent(line: str, meant: str) -> None:
    mistake = parse(line)

    assert isinstance(mistake, Mistake)
    assert f"did you mean {meant}?" in mistake.text


@pytest.mark.parametrize("line", ["/open", "/rename  "])
def test_a_command_without_what_it_needs_says_so(line: str) -> None:
    mistake = parse(line)

    assert isinstance(mistake, Mistake)
    assert f"{line.strip()} needs" in mistake.text


def test_help_names_every_command() -> None:
    assert all(f"/{name} " in help_text() for name in COMMANDS)
