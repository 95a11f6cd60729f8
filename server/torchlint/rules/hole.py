"""TL122."""

from __future__ import annotations

from torchlint.diagnostics import Applicability, Edit, Fix, Note, Severity
from torchlint.interpreter.holes import FilledHole
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding, rule
from torchlint.rules.why import shown_inputs, what_fits


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
    message = f"`{filled.name}` {what_fits(filled)}"
    if filled.is_all and len(filled.values) == 1:
        number = str(filled.values[0])
        how = Applicability.UNSAFE if filled.is_doubtful else Applicability.SAFE
        fix = Fix(f"write `{number}`", (Edit(file.span(filled.place), number),), how)
        return Finding(message, filled.place, help=fix.message, fix=fix)
    shown = [f"`{need.one.model.type_name}` is fed {inputs}" for need in filled.needs if (inputs := shown_inputs(need.one))]
    return Finding(message, filled.place, tuple(Note(text) for text in dict.fromkeys(shown)))
