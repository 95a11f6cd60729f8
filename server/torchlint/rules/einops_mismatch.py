"""TL125."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL125")
def einops_mismatch(failure: Failure, file: CheckedFile) -> Finding:
    """A pattern of einops does not fit the tensor, or itself.

    ## Why is this bad?
    `rearrange`, `reduce` and `repeat` take one name for each dimension, the same names on both sides, and lengths that multiply
    up to the sizes they divide. Otherwise einops raises an `EinopsError` that begins `Error while processing
    rearrange-reduction pattern`.

    ## Example
    ```python
    from einops import rearrange
    from torch import nn


    class Heads(nn.Module):
        def __init__(self):
            super().__init__()
            self.project = nn.Linear(64, 192)

        # torchlint: input x: [N, 16, 64]
        def forward(self, x):
            return rearrange(self.project(x), "b (heads d) t -> b heads t d", heads=6)
    ```

    Use instead:
    ```python
    from einops import rearrange
    from torch import nn


    class Heads(nn.Module):
        def __init__(self):
            super().__init__()
            self.project = nn.Linear(64, 192)

        # torchlint: input x: [N, 16, 64]
        def forward(self, x):
            return rearrange(self.project(x), "b t (heads d) -> b heads t d", heads=6)
    ```

    ## References
    - https://einops.rocks/api/rearrange/
    """
    return explain(failure, file, "einops")
