"""TL108."""

from __future__ import annotations

import ast

from torchlint.diagnostics import Applicability, Edit, Fix, Span
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL108", fix=Applicability.SAFE)
def view_noncontiguous(failure: Failure, file: CheckedFile) -> Finding:
    """A tensor is viewed in another shape that its layout in memory does not allow.

    ## Why is this bad?
    `view` never copies: dimensions can only be merged if their elements follow each other in memory. After `transpose`,
    `permute` or `expand` they often do not, and torch raises `view size is not compatible with input tensor's size and stride`.

    ## Example
    ```python
    from torch import nn


    class Merge(nn.Module):
        def __init__(self):
            super().__init__()
            self.project = nn.Linear(64, 64)

        # torchlint: input x: [N, 16, 64]
        def forward(self, x):
            x = self.project(x).transpose(1, 2)
            return x.view(x.shape[0], 1024)
    ```

    Use instead:
    ```python
    from torch import nn


    class Merge(nn.Module):
        def __init__(self):
            super().__init__()
            self.project = nn.Linear(64, 64)

        # torchlint: input x: [N, 16, 64]
        def forward(self, x):
            x = self.project(x).transpose(1, 2)
            return x.reshape(x.shape[0], 1024)
    ```

    ## Fix safety
    Safe: `reshape` gives the elements in the same order, and copies only where `view` would have raised. What is written into
    the copy does not reach the tensor it was made from.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
    - https://docs.pytorch.org/docs/stable/tensor_view.html
    """
    found = explain(failure, file)
    fix = _reshape(failure, file)
    return found._replace(fix=fix, help=fix.message) if fix is not None else found


def _reshape(failure: Failure, file: CheckedFile) -> Fix | None:
    node = failure.place.node
    if failure.inside is not None or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    names_a_dtype = failure.error.repair is None
    if node.func.attr != "view" or names_a_dtype:
        return None
    end = file.span(failure.place._replace(node=node.func)).end
    start = end._replace(column=end.column - len("view"))
    return Fix("use `reshape`, which copies where it must", (Edit(Span(start, end), "reshape"),), Applicability.SAFE)
