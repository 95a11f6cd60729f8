"""TL112."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL112")
def dim_out_of_range(failure: Failure, file: CheckedFile) -> Finding:
    """A dimension or an index is used that the tensor does not have.

    ## Why is this bad?
    A tensor of `[N, 10]` has the dimensions 0 and 1, which are also -2 and -1; torch raises `Dimension out of range (expected
    to be in range of [-2, 1], but got 2)`. An index past the end of a known size raises `index 10 is out of bounds`, and sizes
    for `split` that do not add up raise too. Mostly the code was written for a tensor that had one more dimension.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(784, 10)

        # torchlint: input x: [N, 1, 28, 28]
        def forward(self, x):
            logits = self.fc(torch.flatten(x, 1))
            return torch.softmax(logits, dim=2)
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(784, 10)

        # torchlint: input x: [N, 1, 28, 28]
        def forward(self, x):
            logits = self.fc(torch.flatten(x, 1))
            return torch.softmax(logits, dim=1)
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/tensor_view.html
    """
    return explain(failure, file)
