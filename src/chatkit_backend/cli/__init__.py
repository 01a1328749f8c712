"""The command line: serve, chat, migrate, config, keys.

Every command imports what it needs when it runs: the Agents SDK alone takes two seconds, and
`chatkit-backend chat` needs none of it.
"""

import sys

import typer

from chatkit_backend.errors import ConfigError

from .chat import chat
from .config import config
from .keys import keys
from .listener import ListenError
from .migrate import migrate
from .serve import serve


def main() -> None:
    """Run the command line.

    A mistake in the configuration ends it with one line and code 2, an address that is taken with
    one line and code 1.
    """
    cli = typer.Typer(
        name="chatkit-backend",
        help="The backend for self-hosted OpenAI ChatKit.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for command in (serve, chat, migrate, config):
        cli.command()(command)
    cli.add_typer(keys, name="keys")
    try:
        cli()
    except ConfigError as exc:
        print(f"chatkit-backend: {exc}", file=sys.stderr)
        sys.exit(2)
    except ListenError as exc:
        print(f"chatkit-backend: {exc}", file=sys.stderr)
        sys.exit(1)
