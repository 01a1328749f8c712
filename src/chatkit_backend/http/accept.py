"""What a client takes: its `Accept` header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from starlette.requests import Request

QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class Accepted:
    """Media ranges with their qualities. A range whose quality nobody can read is left out."""

    ranges: Mapping[str, float]

    @classmethod
    def of(cls, request: Request) -> Self:
        """Read a request's headers."""
        return cls(dict(_media_ranges(",".join(request.headers.getlist("accept")))))

    def liking(self, media_type: str) -> tuple[float, bool]:
        """The quality that the most specific matching range gives a type, and whether it is named.

        Of two types with one quality, the one that is named is liked better.
        """
        kind = media_type.partition("/")[0]
        ranges = (media_type, f"{kind}/*", "*/*")
        name = next((one for one in ranges if one in self.ranges), None)
        quality = self.ranges[name] if name else 0.0
        return quality, name == media_type and quality > 0

    def takes(self, media_type: str) -> bool:
        """Whether a type is among what the client takes."""
        return self.liking(media_type)[0] > 0


def _media_ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weights = [one.removeprefix("q=") for one in parameters if one.startswith("q=")]
        if all(QUALITY.fullmatch(weight) for weight in weights):
            yield media_range, float(weights[0]) if weights else 1.0
