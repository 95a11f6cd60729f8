"""TL122."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.diagnostics import Applicability, Edit, Fix, Note, Severity
from torchlint.dims.expr import by_age, symbols_of
from torchlint.dims.printing import plain
from torchlint.interpreter.holes import FilledHole
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding, rule
from torchlint.rules.why import shown_inputs

_LONGEST_SIZE = 60
_SOME = 4  # values where there is no end, or none is proved


@rule("TL122", severity=Severity.INFO, fix=Applicability.SAFE)
def hole(filled: FilledHole, file: CheckedFile) -> Finding | None:
    """A size is left open with `...`, and what fits is told.

    ## Why is this bad?
    It is no mistake but a question: `...` in the place of a size asks torchlint for the number. All holes are solved together,
    with everything that the passes ask of sizes: what a layer is fed, what a sum needs, what the calls in the file give. Write
    the number before the model runs, because torch takes no `...`.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 16, 5)
            self.fc = nn.Linear(..., 10)

        def forward(self, x):
            return self.fc(torch.relu(self.conv(x)).flatten(1))


    Net()(torch.randn(8, 3, 32, 32))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 16, 5)
            self.fc = nn.Linear(12544, 10)

        def forward(self, x):
            return self.fc(torch.relu(self.conv(x)).flatten(1))


    Net()(torch.randn(8, 3, 32, 32))
    ```

    ## Fix safety
    Safe: it is offered only where there is a proof that no other number works. It is unsafe where a condition that nobody can
    decide was met on the way to the proof.
    """
    if filled.conflict:
        return None  # TL121 says it
    message = f"`{filled.name}` {_what_fits(filled)}"
    if filled.is_all and len(filled.values) == 1:
        number = str(filled.values[0])
        how = Applicability.UNSAFE if filled.is_doubtful else Applicability.SAFE
        fix = Fix(f"write `{number}`", (Edit(file.span(filled.place), number),), how)
        return Finding(message, filled.place, help=fix.message, fix=fix)
    shown = [f"`{need.one.model.type_name}` is fed {inputs}" for need in filled.needs if (inputs := shown_inputs(need.one))]
    return Finding(message, filled.place, tuple(Note(text) for text in dict.fromkeys(shown)))


def _what_fits(filled: FilledHole) -> str:
    if filled.is_all:
        return f"can only be {_listed(filled.values, 'or')}"
    if filled.size is not None:
        text = plain(filled.size)
        names = [symbol.name for symbol in by_age(symbols_of(filled.size))]
        return f"must be {text}" if len(text) <= _LONGEST_SIZE else f"depends on {_listed(names, 'and')}"
    return f"can be {', '.join(map(str, filled.values[:_SOME]))}, ..." if filled.values else "can be any number"


def _listed(values: Sequence[object], last: str) -> str:
    texts = [str(value) for value in values]
    return f" {last} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
