"""TL102."""

from __future__ import annotations

from torchlint.diagnostics import Applicability
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL102", fix=Applicability.UNSAFE)
def conv_in_channels(failure: Failure, file: CheckedFile) -> Finding:
    """A convolution is fed another number of channels than it was made for.

    ## Why is this bad?
    A convolution has one filter slice for each of its `in_channels`; with any other number of channels torch raises `expected
    input[8, 16, 30, 30] to have 32 channels, but got 16 channels instead`. Mostly `out_channels` of the layer before was
    changed, two branches were joined, or an image has one channel and not three. `groups` that do not divide the channels, and
    weights or biases that do not fit them, are reported under the same name.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 16, 3)
            self.conv2 = nn.Conv2d(32, 64, 3)

        def forward(self, x):
            return self.conv2(torch.relu(self.conv1(x)))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 16, 3)
            self.conv2 = nn.Conv2d(16, 64, 3)

        def forward(self, x):
            return self.conv2(torch.relu(self.conv1(x)))
    ```

    ## Fix safety
    Unsafe: the number that fits is known, but the mistake may be in the layer before.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
    """
    return explain(failure, file)
