"""The seam for rules: one file, one decorated function, whose docstring is the rule's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from torchlint.diagnostics import Applicability, Fix, Note, Severity
from torchlint.interpreter.places import Place


class Finding(NamedTuple):
    """What a rule found: everything of a diagnostic but the rule itself. `place` may say less than its whole node in `part`.
    `severity` is that of the rule unless it says another."""

    message: str
    place: Place
    notes: tuple[Note, ...] = ()
    help: str | None = None
    fix: Fix | None = None
    label: str | None = None
    part: str = ""
    severity: Severity | None = None


Findings = Finding | Iterable[Finding] | None
Check = Callable[[Any, Any], Findings]
C = TypeVar("C", bound=Callable[..., Findings])


class Rule(NamedTuple):
    """One rule. `subject` is the annotation of its check's first parameter: which events or nodes it is given."""

    code: str
    name: str
    severity: Severity
    off: bool
    applicability: Applicability | None
    page: str
    subject: str
    check: Check

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.strip().splitlines()[0]

    @property
    def fix(self) -> str:
        """How its fixes may be applied: "safe", "unsafe" or "none"."""
        return self.applicability.value if self.applicability is not None else "none"


RULES: dict[str, Rule] = {}


def rule(
    code: str, *, severity: Severity = Severity.ERROR, off: bool = False, fix: Applicability | None = None
) -> Callable[[C], C]:
    """Register a check under its code; the function's name, with dashes, is the rule's name."""

    def register(check: C) -> C:
        name = check.__name__.replace("_", "-")
        if name in RULES or any(r.code == code for r in RULES.values()):
            raise ValueError(f"{code} {name} is registered twice")
        first = next(iter(check.__annotations__))
        RULES[name] = Rule(code, name, severity, off, fix, check.__doc__ or "", check.__annotations__[first], check)
        return check

    return register
