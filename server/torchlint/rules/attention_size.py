"""TL110."""

from __future__ import annotations

from torchlint.diagnostics import Applicability
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL110", fix=Applicability.UNSAFE)
def attention_size(failure: Failure, file: CheckedFile) -> Finding:
    """Attention is fed queries, keys, values or masks that do not fit it or each other.

    ## Why is this bad?
    Queries must have `embed_dim` features, keys and values `kdim` and `vdim` (which are `embed_dim` if not given), keys and
    values the same length, and a mask one entry for each pair of them. `embed_dim` must be a multiple of `num_heads`. Otherwise
    torch raises `was expecting embedding dimension of 64, but got 96` or an assertion about the mask's shape.

    ## Example
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.project = nn.Linear(80, 96)
            self.attention = nn.MultiheadAttention(64, 8, batch_first=True)

        # torchlint: input x: [N, T, 80]
        def forward(self, x):
            x = self.project(x)
            x, _ = self.attention(x, x, x)
            return x
    ```

    Use instead:
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.project = nn.Linear(80, 96)
            self.attention = nn.MultiheadAttention(96, 8, batch_first=True)

        # torchlint: input x: [N, T, 80]
        def forward(self, x):
            x = self.project(x)
            x, _ = self.attention(x, x, x)
            return x
    ```

    ## Fix safety
    Unsafe: the number that fits is known, but the mistake may be in the layer before.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html
    """
    return explain(failure, file)
