"""TL101."""

from __future__ import annotations

import ast

from torchlint.diagnostics import Applicability, Edit, Fix, Span
from torchlint.dims.expr import product
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Argument, Failure
from torchlint.ops.linear import Linear
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule
from torchlint.values.tensor import Tensor

_IMAGE = 4  # dimensions


@rule("TL101", fix=Applicability.UNSAFE)
def linear_in_features(failure: Failure, file: CheckedFile) -> Finding:
    """A linear layer is fed another number of features than it was made for.

    ## Why is this bad?
    `nn.Linear(in_features, out_features)` multiplies the last dimension of its input by a weight of `in_features` columns. With
    any other size torch raises `mat1 and mat2 shapes cannot be multiplied`, usually after the data has been loaded. The number
    changes whenever a layer before it changes: a kernel size, a stride, the size of the image.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden = nn.Linear(784, 128)
            self.out = nn.Linear(100, 10)

        def forward(self, x):
            return self.out(torch.relu(self.hidden(x)))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden = nn.Linear(784, 128)
            self.out = nn.Linear(128, 10)

        def forward(self, x):
            return self.out(torch.relu(self.hidden(x)))
    ```

    ## Fix safety
    Unsafe: the number that fits is known, but the mistake may be in the layer before. Where the features are right and only
    spread over several dimensions, the fix flattens the input instead.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
    """
    found = explain(failure, file)
    argument = failure.arguments.get("input")
    if argument is None or not isinstance(argument.value, Tensor) or argument.value.ndim < _IMAGE:
        return found
    fix = _flatten(argument, failure, file)  # a layer made for the width of an image is never what is meant
    return found._replace(fix=fix, help=fix.message if fix is not None else None)


def _flatten(argument: Argument, failure: Failure, file: CheckedFile) -> Fix | None:
    """Make the input `[N, features]`, if that gives the features that the layer takes."""
    layer, node = failure.module, argument.node
    if not isinstance(layer, Linear) or not isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        return None
    if product(argument.value.shape[1:]) != layer.in_features:
        return None
    at = file.span(Place(failure.place.unit, node)).end
    return Fix("flatten it before", (Edit(Span(at, at), ".flatten(1)"),), Applicability.UNSAFE)
