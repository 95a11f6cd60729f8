"""TL104."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL104")
def broadcast_mismatch(failure: Failure, file: CheckedFile) -> Finding:
    """Tensors are combined element by element whose shapes do not broadcast.

    ## Why is this bad?
    Shapes are compared from the last dimension to the first; two sizes fit if they are equal or one of them is 1. Otherwise
    torch raises `The size of tensor a (64) must match the size of tensor b (128) at non-singleton dimension 1`. In models it is
    mostly a residual connection around layers that change the channels or the size of the image, a mask, or a table of
    positions. Where both sizes depend on the input, they are taken to be equal from there on.

    ## Example
    ```python
    import torch
    from torch import nn


    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.reduce = nn.Conv2d(64, 32, 1)
            self.expand = nn.Conv2d(32, 128, 3, padding=1)

        def forward(self, x):
            return x + self.expand(torch.relu(self.reduce(x)))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.reduce = nn.Conv2d(64, 32, 1)
            self.expand = nn.Conv2d(32, 64, 3, padding=1)

        def forward(self, x):
            return x + self.expand(torch.relu(self.reduce(x)))
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/notes/broadcasting.html
    """
    return explain(failure, file)
