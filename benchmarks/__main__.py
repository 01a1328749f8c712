"""`python -m benchmarks [NAME ...] [--quick]`: measure and print one table.

Ends with code 1 if something that must hold does not.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from typing import Protocol

from . import authentication, messages, start_up, streams, thread_length, tokens, web_ui
from .result import Result, Row, table


class Benchmark(Protocol):
    """What each benchmark module offers."""

    def __call__(self, *, quick: bool) -> Iterator[Row]: ...


BENCHMARKS: dict[str, Benchmark] = {
    "streams": streams.measure,
    "messages": messages.measure,
    "tokens": tokens.measure,
    "thread_length": thread_length.measure,
    "authentication": authentication.measure,
    "start_up": start_up.measure,
    "web_ui": web_ui.measure,
}


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="fewer rounds, rougher figures")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}"
        )
    rows: list[Row] = []
    for name in options.names or BENCHMARKS:
        began = time.perf_counter()
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        rows += BENCHMARKS[name](quick=options.quick)
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    print(table(rows))
    return 0 if all(not isinstance(row, Result) or row.holds is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
