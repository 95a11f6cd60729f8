"""TL224."""

from __future__ import annotations

from torchlint.diagnostics import Applicability
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL224", fix=Applicability.UNSAFE)
def undefined_name(failure: Failure, file: CheckedFile) -> Finding:
    """A name is used that nothing defines.

    ## Why is this bad?
    Python raises `NameError: name 'out' is not defined` when the line runs: the name is misspelled, is not imported, or stands
    before the statement that would define it.
    Nothing is said where the name may come from a way that is not followed: `from module import *`, `globals()`, a branch that
    nobody can decide.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(784, 10)

        def forward(self, images):
            return self.fc(torch.flatten(image, 1))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(784, 10)

        def forward(self, images):
            return self.fc(torch.flatten(images, 1))
    ```

    ## Fix safety
    Unsafe: the nearest name is a guess.
    """
    return explain(failure, file, speaker="Python")
