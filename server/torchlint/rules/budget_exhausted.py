"""TL902."""

from __future__ import annotations

from torchlint.diagnostics import Note, Severity
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding, rule


@rule("TL902", severity=Severity.INFO)
def budget_exhausted(one: Pass, file: CheckedFile) -> Finding | None:
    """The analysis stopped early, because something took too many steps, too much time or too much memory.

    ## Why is this bad?
    Nothing is wrong with the file, but what comes after the place is not checked. Opening a file must never hang an editor, so
    steps, recursion depth, sizes of collections and numbers, and wall time are all bounded.

    ## Example
    ```python
    TABLE = [0] * 10**9
    ```

    Use instead:
    ```python
    TABLE = [0] * 10**3
    ```
    """
    if one.trace.exhausted is None or one.trace.exhausted_at is None:
        return None
    place: Place = one.trace.exhausted_at
    if not file.here(place):
        return None
    resource = one.trace.exhausted
    return Finding(
        f"the analysis stopped here: its budget of {resource} is used up",
        place,
        (Note("what was found before is reported; what comes after is not checked"),),
    )
