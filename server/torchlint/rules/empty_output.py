"""TL114."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL114")
def empty_output(failure: Failure, file: CheckedFile) -> Finding:
    """A window is larger than what it slides over, so that nothing would come out.

    ## Why is this bad?
    A kernel, or a pooling window, with its dilation must fit into the padded input: the output size `(size + 2 * padding -
    dilation * (kernel - 1) - 1) // stride + 1` must be at least 1. Otherwise torch raises `Kernel size can't be greater than
    actual input size` or `Output size is too small`. Each stride of 2 halves an image; five of them leave one pixel of 32.

    ## Example
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 16, 3)
            self.pool = nn.AdaptiveAvgPool2d(4)
            self.conv2 = nn.Conv2d(16, 32, 5)

        def forward(self, x):
            return self.conv2(self.pool(self.conv1(x)))
    ```

    Use instead:
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 16, 3)
            self.pool = nn.AdaptiveAvgPool2d(8)
            self.conv2 = nn.Conv2d(16, 32, 5)

        def forward(self, x):
            return self.conv2(self.pool(self.conv1(x)))
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """
    return explain(failure, file)
