"""Doubt: a write whose outcome the store did not tell.

A commit whose answer was lost may have happened, or may yet: a run may have begun, stayed in its
queue, or been taken over, that this process does not know of. The store alone can tell.
"""

LOOKS = 30
"""Answers of the store that must show nothing before nothing is expected any more. One comes with
each sweep, so this is about a minute: no commit is under way for longer."""


class Doubt:
    """Whether the store may hold runs for this process that it does not produce.

    A number and not the runs' ids: those would grow for as long as a store is away.
    """

    def __init__(self) -> None:
        self._looks = 0

    def __bool__(self) -> bool:
        return self._looks > 0

    def begin(self) -> None:
        """A write may have happened, though the store did not say so."""
        self._looks = LOOKS

    def looked(self) -> None:
        """The store has answered what it holds for this process, and all of that is looked after.

        A store that does not answer removes no doubt.
        """
        self._looks = max(self._looks - 1, 0)
