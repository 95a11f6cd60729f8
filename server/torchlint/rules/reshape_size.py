"""TL107."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL107")
def reshape_size(failure: Failure, file: CheckedFile) -> Finding:
    """A tensor is given a shape that its number of elements does not allow.

    ## Why is this bad?
    `view`, `reshape` and `unflatten` keep the number of elements, and `-1` stands for one whole size; `expand` only enlarges
    sizes of 1, and `repeat` needs a count for each dimension. Otherwise torch raises `shape '[8, 8, 4, 5]' is invalid for input
    of size 1024`. The sizes of an image, or of the heads of an attention, are mostly written down in two places and changed in
    one.

    ## Example
    ```python
    import torch
    from torch import nn


    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(100, 128)
            self.deconv = nn.ConvTranspose2d(8, 1, 2, stride=2)

        # torchlint: input x: [N, 100]
        def forward(self, x):
            x = torch.relu(self.fc(x))
            return self.deconv(x.view(x.shape[0], 8, 4, 5))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(100, 128)
            self.deconv = nn.ConvTranspose2d(8, 1, 2, stride=2)

        # torchlint: input x: [N, 100]
        def forward(self, x):
            x = torch.relu(self.fc(x))
            return self.deconv(x.view(x.shape[0], 8, 4, 4))
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
    - https://docs.pytorch.org/docs/stable/generated/torch.reshape.html
    - https://docs.pytorch.org/docs/stable/generated/torch.Tensor.expand.html
    """
    return explain(failure, file)
