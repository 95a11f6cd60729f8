"""TL101."""

from __future__ import annotations

from torchlint.diagnostics import Applicability
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL101", fix=Applicability.UNSAFE)
def linear_in_features(failure: Failure, file: CheckedFile) -> Finding:
    """A linear layer is fed another number of features than it was made for.

    ## Why is this bad?
    `nn.Linear(in_features, out_features)` multiplies the last dimension of its input by a weight of `in_features` columns.
    With any other size torch raises `mat1 and mat2 shapes cannot be multiplied`, usually after the data has been loaded.
    The number changes whenever a layer before it changes: a kernel size, a stride, the size of the image.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden = nn.Linear(784, 128)
            self.out = nn.Linear(100, 10)

        def forward(self, x):
            return self.out(torch.relu(self.hidden(x)))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden = nn.Linear(784, 128)
            self.out = nn.Linear(128, 10)

        def forward(self, x):
            return self.out(torch.relu(self.hidden(x)))
    ```

    ## Fix safety
    Unsafe: the number that fits is known, but the mistake may be in the layer before.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
    """
    return explain(failure, file)
