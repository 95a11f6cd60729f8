"""What fails with some choices of the caller only, in words: a warning that names them."""

from __future__ import annotations

from typing import Any

from torchlint.diagnostics import Note, Severity
from torchlint.interpreter.choices import Choice, Conditional, Decided
from torchlint.interpreter.places import Place
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding
from torchlint.values.unknown import GIVEN

_LONGEST = 60


def under(finding: Finding, conditional: Conditional, file: CheckedFile) -> Finding:
    """The finding as a warning: with the choices that it depends on and where they decide, and no fix, which would be one for
    these choices alone."""
    is_own = conditional.owner.unit == finding.place.unit
    whose = "" if is_own else f" of `{conditional.owner.name}`"
    names = " and ".join(f"{_named(d.choice, whose)} is {_shown(d.choice.value)}" for d in conditional.decided)
    notes = tuple(_note(decided, whose, file) for decided in conditional.decided)
    return finding._replace(
        message=f"{finding.message} when {names}",
        notes=(*notes, *finding.notes),
        help=None,
        fix=None,
        severity=Severity.WARNING,
    )


def _named(choice: Choice, whose: str) -> str:
    return f"`{choice.name}`{whose}"


def _shown(value: Any) -> str:
    if value is GIVEN:
        return "given"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else "None" if value is None else repr(value)


def _note(decided: Decided, whose: str, file: CheckedFile) -> Note:
    condition, choice = decided.condition, decided.choice
    if condition is None or not _is_line(condition):
        return file.note(f"{_named(choice, whose)} is chosen by the caller", choice.parameter)
    is_itself = condition.text.removeprefix("self.") == choice.name
    return file.note(f"{_named(choice, whose)} decides " + ("here" if is_itself else f"`{condition.text}`"), condition)


def _is_line(place: Place) -> bool:
    return 0 < len(place.text) <= _LONGEST and "\n" not in place.text
