"""TL106."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL106")
def cat_mismatch(failure: Failure, file: CheckedFile) -> Finding:
    """Tensors are joined whose shapes do not fit together.

    ## Why is this bad?
    `cat` needs equal sizes in every dimension but the one it joins, which is the first where `dim` is not given; `stack` needs
    equal shapes. Otherwise torch raises `Sizes of tensors must match except in dimension 0`. In models it is mostly a forgotten
    `dim=1`, or a skip connection whose image has another size because a convolution without padding came between.

    ## Example
    ```python
    import torch
    from torch import nn


    class Branches(nn.Module):
        def __init__(self):
            super().__init__()
            self.narrow = nn.Conv2d(3, 16, 1)
            self.wide = nn.Conv2d(3, 24, 3, padding=1)

        # torchlint: input x: [N, 3, 32, 32]
        def forward(self, x):
            return torch.cat([self.narrow(x), self.wide(x)])
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Branches(nn.Module):
        def __init__(self):
            super().__init__()
            self.narrow = nn.Conv2d(3, 16, 1)
            self.wide = nn.Conv2d(3, 24, 3, padding=1)

        # torchlint: input x: [N, 3, 32, 32]
        def forward(self, x):
            return torch.cat([self.narrow(x), self.wide(x)], dim=1)
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.cat.html
    - https://docs.pytorch.org/docs/stable/generated/torch.stack.html
    """
    return explain(failure, file)
