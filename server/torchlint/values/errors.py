"""How an operation says that torch would raise, or that it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from torchlint.dims.store import Contradiction

E = TypeVar("E", bound=BaseException)


class ShapeError(Exception):
    """torch would raise, for every admissible choice of the sizes.

    `rule` is the name of the rule that owns the error ("linear-in-features"). `message` and `notes` may name the operation's
    parameters in braces: `{input}` becomes the source text of that argument, `{callee}` that of what was called. `blame` is the
    parameter to point at. `torch` is torch's own wording. `repair` maps constructor arguments of the layer to the values that
    would fit. `result` is what the repaired operation would return; without it the result is Unknown. `contradiction` says why
    the sizes cannot agree, where that is more than one number against another.
    `always` says that no input and no other path can make the line run.
    """

    def __init__(
        self,
        rule: str,
        message: str,
        *,
        blame: str | None = None,
        torch: str | None = None,
        notes: tuple[str, ...] = (),
        repair: Mapping[str, object] | None = None,
        result: object = None,
        label: str | None = None,
        always: bool = False,
        contradiction: Contradiction | None = None,
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.blame = blame
        self.torch = torch
        self.notes = notes
        self.repair = repair
        self.result = result
        self.label = label
        self.always = always
        self.contradiction = contradiction


class TooFewValues(ShapeError):
    """Statistics are asked of a single value for each channel: what a batch of one sample gives, and a larger one does not."""


class Undecided(Exception):
    """The operation cannot tell; its result is Unknown, silently. The message says why."""


class MoreRounds(Undecided):
    """A loop goes on, and what was seen of it stands for the rest."""


def without_frames(error: E) -> E:
    """An exception to keep, without the frames that it came through: they would keep all their values as long."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error
