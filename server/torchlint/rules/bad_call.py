"""TL118."""

from __future__ import annotations

from torchlint.diagnostics import Applicability
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL118", fix=Applicability.SAFE)
def bad_call(failure: Failure, file: CheckedFile) -> Finding:
    """Something of torch, or of the file's own, is called with arguments that it does not take.

    ## Why is this bad?
    Python raises `TypeError: Conv2d.__init__() got an unexpected keyword argument 'kernal_size'` when the line runs, for an
    argument that does not exist, is missing, is given twice or is one too many. Arguments whose values are never allowed
    (`dropout=1.5`, a string where a number belongs, `reduction="avg"`) and calls of modules that have no `forward` are reported
    under the same name.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 16, kernal_size=3)

        def forward(self, x):
            return torch.relu(self.conv(x))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 16, kernel_size=3)

        def forward(self, x):
            return torch.relu(self.conv(x))
    ```

    ## Fix safety
    Safe: only a keyword that nearly spells one the callee takes, and that is not given, is renamed. The call raised before.

    ## References
    - https://docs.pytorch.org/docs/stable/nn.html
    """
    return explain(failure, file)
