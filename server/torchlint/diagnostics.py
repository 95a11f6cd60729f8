"""What torchlint says about a file: plain frozen data, with no idea of how it was found or how it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """How bad a finding is; errors and warnings fail a run, information never does."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Position(NamedTuple):
    """A place in a text: `row` and `column` count from 1, columns in code points."""

    row: int
    column: int


class Span(NamedTuple):
    """From `start` up to, and not including, `end`."""

    start: Position
    end: Position


@dataclass(frozen=True)
class Note:
    """A sentence that says why, with the place it speaks of where there is one."""

    message: str
    path: str | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Edit:
    """Replace the text of `span` in the file of the diagnostic by `text`."""

    span: Span
    text: str


class Applicability(Enum):
    """Whether a fix keeps what the program means (SAFE) or may change it (UNSAFE)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True)
class Fix:
    """Edits that belong together; `message` is the title of the code action.

    Invariant: the edits do not overlap, and are in the order of the text.
    """

    message: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True)
class Diagnostic:
    """One finding: `message` stands alone; `notes` say why; `help` only where it would work.

    `label` is what the caret says in text output (the shape that surprised, usually).
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    span: Span
    notes: tuple[Note, ...] = field(default=())
    help: str | None = None
    fix: Fix | None = None
    label: str | None = None
