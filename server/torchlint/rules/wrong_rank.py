"""TL111."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL111")
def wrong_rank(failure: Failure, file: CheckedFile) -> Finding:
    """An operation is given a tensor of too many or too few dimensions.

    ## Why is this bad?
    `Conv2d` takes `[N, C, H, W]` or `[C, H, W]`, `BatchNorm1d` takes `[N, C]` or `[N, C, L]`, `bmm` takes `[N, n, m]`; with
    another number of dimensions torch raises, or worse, takes the batch for channels. Mostly a `view`, `flatten` or `unsqueeze`
    is missing or stands on the wrong line.

    ## Example
    ```python
    from torch import nn


    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(16, 3136)
            self.deconv = nn.ConvTranspose2d(64, 1, 4, stride=4)

        # torchlint: input z: [N, 16]
        def forward(self, z):
            return self.deconv(self.fc(z))
    ```

    Use instead:
    ```python
    from torch import nn


    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(16, 3136)
            self.deconv = nn.ConvTranspose2d(64, 1, 4, stride=4)

        # torchlint: input z: [N, 16]
        def forward(self, z):
            return self.deconv(self.fc(z).view(-1, 64, 7, 7))
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
    - https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html
    """
    return explain(failure, file)
