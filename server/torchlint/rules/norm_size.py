"""TL103."""

from __future__ import annotations

from torchlint.diagnostics import Applicability
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL103", fix=Applicability.UNSAFE)
def norm_size(failure: Failure, file: CheckedFile) -> Finding:
    """A normalization layer was made for another size than it is fed, or for groups that do not divide the channels.

    ## Why is this bad?
    BatchNorm, InstanceNorm and GroupNorm keep one scale for each channel, LayerNorm and RMSNorm one for each element of the
    last dimensions. With another size torch raises `running_mean should contain 16 elements not 32`, or a message about
    `normalized_shape`. BatchNorm in training also needs more than one value for each channel.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 16, 3)
            self.norm = nn.BatchNorm2d(32)

        def forward(self, x):
            return torch.relu(self.norm(self.conv(x)))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 16, 3)
            self.norm = nn.BatchNorm2d(16)

        def forward(self, x):
            return torch.relu(self.norm(self.conv(x)))
    ```

    ## Fix safety
    Unsafe: the number that fits is known, but the mistake may be in the layer before.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
    """
    return explain(failure, file)
