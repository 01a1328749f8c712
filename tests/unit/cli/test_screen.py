"""What the terminal chat shows."""

import io

from chatkit_backend.cli.terminal.screen import Screen


def shown_by(screen: Screen) -> str:
    assert isinstance(screen.out, io.StringIO)
    return screen.out.getvalue()


def test_text_cannot_drive_the_terminal() -> None:
    screen = Screen(interactive=True, out=io.StringIO(), err=io.StringIO())

    screen.write("a\x1b]0;owned\x07b\x9b2Jc\rd\ttab\n")

    assert shown_by(screen) == "a]0;ownedb2Jcd\ttab\n"


def test_a_remark_within_an_answer_begins_a_line_of_its_own() -> None:
    screen = Screen(interactive=False, out=(both := io.StringIO()), err=both)

    screen.write("The answer")
    screen.note("Using a tool …")
    screen.write("goes on")
    screen.end_line()

    assert both.getvalue() == "The answer\nUsing a tool …\ngoes on\n"


def test_an_error_is_one_line() -> None:
    screen = Screen(interactive=False, out=io.StringIO(), err=(err := io.StringIO()))

    screen.error("first\n  second\n")

    assert err.getvalue() == "first second\n"
