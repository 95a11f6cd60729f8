"""Three-valued answers about sizes: it holds for every admissible value, for none, or nobody knows."""

from __future__ import annotations

from enum import Enum


class Truth(Enum):
    """YES: always; NO: never; UNKNOWN: it depends, or could not be decided. Never a bool."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("a Truth is not a bool: compare it with `is Truth.YES` or `is Truth.NO`")

    def __invert__(self) -> Truth:
        """The answer to the opposite question."""
        if self is Truth.YES:
            return Truth.NO
        return Truth.YES if self is Truth.NO else Truth.UNKNOWN


def known(answer: bool) -> Truth:
    """YES or NO."""
    return Truth.YES if answer else Truth.NO
