"""TL225."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL225")
def invalid_operation(failure: Failure, file: CheckedFile) -> Finding:
    """Python is asked for what its own values cannot do.

    ## Why is this bad?
    Operands whose types do not go together, an index past the end of a list, a key that is not in the dictionary, a value that
    cannot be called: Python raises when the line runs, whatever the input.

    ## Example
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self, widths=(64, 128)):
            super().__init__()
            self.fc = nn.Linear(widths[1], widths[2])

        def forward(self, x):
            return self.fc(x)
    ```

    Use instead:
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self, widths=(64, 128)):
            super().__init__()
            self.fc = nn.Linear(widths[0], widths[1])

        def forward(self, x):
            return self.fc(x)
    ```
    """
    return explain(failure, file)
