"""TL105."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL105")
def matmul_mismatch(failure: Failure, file: CheckedFile) -> Finding:
    """Matrices are multiplied whose inner sizes differ.

    ## Why is this bad?
    `a @ b` of `[..., n, k]` and `[..., k, m]` needs the same `k` twice. Otherwise torch raises `mat1 and mat2 shapes cannot be
    multiplied` or `Expected size for first two dimensions of batch2 tensor to be ...`. The same holds for `matmul`, `mm`,
    `bmm`, `addmm`, `tensordot`, and for a letter of an `einsum` that stands for two sizes.

    ## Example
    ```python
    from torch import nn


    class Scores(nn.Module):
        def __init__(self):
            super().__init__()
            self.query = nn.Linear(64, 32)
            self.key = nn.Linear(64, 48)

        def forward(self, x):
            return self.query(x) @ self.key(x).transpose(-2, -1)
    ```

    Use instead:
    ```python
    from torch import nn


    class Scores(nn.Module):
        def __init__(self):
            super().__init__()
            self.query = nn.Linear(64, 32)
            self.key = nn.Linear(64, 32)

        def forward(self, x):
            return self.query(x) @ self.key(x).transpose(-2, -1)
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.matmul.html
    - https://docs.pytorch.org/docs/stable/generated/torch.einsum.html
    """
    return explain(failure, file)
