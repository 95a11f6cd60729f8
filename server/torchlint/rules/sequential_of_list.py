"""TL209."""

from __future__ import annotations

import ast

from torchlint.diagnostics import Applicability, Edit, Fix, Span
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL209", fix=Applicability.SAFE)
def sequential_of_list(failure: Failure, file: CheckedFile) -> Finding:
    """`nn.Sequential` is given a list of layers where it takes them one by one.

    ## Why is this bad?
    `ModuleList` takes a list, `Sequential` takes layers as arguments. A list raises `list is not a Module subclass`.

    ## Example
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            layers = [nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)]
            self.layers = nn.Sequential(layers)

        def forward(self, x):
            return self.layers(x)
    ```

    Use instead:
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            layers = [nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)]
            self.layers = nn.Sequential(*layers)

        def forward(self, x):
            return self.layers(x)
    ```

    ## Fix safety
    Safe: the call raised before.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html
    """
    found = explain(failure, file)
    fix = _unpack(failure, file)
    return found._replace(fix=fix, help=fix.message) if fix is not None else found


def _unpack(failure: Failure, file: CheckedFile) -> Fix | None:
    """Put a star before the only argument."""
    node = failure.place.node
    if failure.inside is not None or not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
        return None
    argument = node.args[0]
    if isinstance(argument, ast.Starred) or file.qualified_name(node.func) != "torch.nn.Sequential":
        return None
    at = file.span(Place(failure.place.unit, argument)).start
    return Fix("unpack it with `*`", (Edit(Span(at, at), "*"),), Applicability.SAFE)
