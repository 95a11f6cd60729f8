"""TL121."""

from __future__ import annotations

from torchlint.diagnostics import Note
from torchlint.dims.expr import symbols_of
from torchlint.dims.printing import plain
from torchlint.dims.reasons import holes_in
from torchlint.interpreter.holes import FilledHole, Need
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule
from torchlint.rules.why import shown_inputs

_MOST_NEEDS = 3


@rule("TL121")
def unsolvable_hole(failure: Failure | FilledHole, file: CheckedFile) -> Finding | None:
    """No number fits where a size is left open with `...`.

    ## Why is this bad?
    What the passes ask of this size excludes each other: two inputs of different sizes, a sum that only a kernel of no size
    would satisfy, or other holes that depend on it. The mistake is in one of the places that the notes name.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(10, 20)
            self.second = nn.Linear(10, 30)
            self.out = nn.Linear(..., 5)

        def forward(self, x):
            return self.out(self.first(x)) + self.out(self.second(x))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(10, 20)
            self.second = nn.Linear(10, 20)
            self.out = nn.Linear(20, 5)

        def forward(self, x):
            return self.out(self.first(x)) + self.out(self.second(x))
    ```
    """
    if isinstance(failure, FilledHole):
        return _from_passes(failure) if failure.conflict else None
    contradiction = failure.error.contradiction
    symbols = holes_in(contradiction) if contradiction is not None else []
    for place, hole in file.pass_of(failure.error).trace.holes.items():
        if hole.found is not None and not symbols_of(hole.found).isdisjoint(symbols) and file.here(place):
            explained = explain(failure, file)
            notes = (file.note(explained.message, explained.place), *explained.notes)
            return Finding(f"no number fits `{hole.name}`", place, notes)
    return None


def _from_passes(filled: FilledHole) -> Finding:
    """Each pass alone finds a number, but another one."""
    notes = tuple(_need(need) for need in filled.conflict[:_MOST_NEEDS])
    return Finding(f"no number fits `{filled.name}` everywhere", filled.place, notes)


def _need(need: Need) -> Note:
    inputs = shown_inputs(need.one)
    where = f"`{need.one.model.type_name}` of {inputs}" if inputs else "the code of the module"
    return Note(f"{where} needs {plain(need.size)}")
