"""TL202."""

from __future__ import annotations

import ast

from torchlint.diagnostics import Applicability, Edit, Fix, Span
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule
from torchlint.values.module import Module


@rule("TL202", fix=Applicability.SAFE)
def missing_super_init(failure: Failure, file: CheckedFile) -> Finding:
    """A layer, parameter or buffer is assigned before `nn.Module.__init__` has run.

    ## Why is this bad?
    `nn.Module.__init__` makes the registries that layers go into. Without them torch raises `AttributeError: cannot assign
    module before Module.__init__() call`.

    ## Example
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            self.fc = nn.Linear(784, 10)

        def forward(self, x):
            return self.fc(x)
    ```

    Use instead:
    ```python
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(784, 10)

        def forward(self, x):
            return self.fc(x)
    ```

    ## Fix safety
    Safe: nothing could be constructed before. It is not offered where `__init__` calls that of its bases, but too late.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
    """
    found = explain(failure, file)
    fix = _call_super(failure, file) if failure.inside is None else None
    return found._replace(fix=fix, help=fix.message) if fix is not None else found


def _call_super(failure: Failure, file: CheckedFile) -> Fix | None:
    unit = failure.place.unit
    init = _enclosing_init(failure.place, file)
    if failure.module is not None and failure.module.interpreted_class is not None:  # the call of one that lacks it
        if failure.module.interpreted_class.host_base is not Module:
            return None  # what a container is given belongs into the call
        constructor = failure.module.interpreted_class.lookup("__init__")[1]
        unit, init = constructor.unit, constructor.node
    if init is None or not unit.checked or any(isinstance(n, ast.Attribute) and n.attr == "__init__" for n in ast.walk(init)):
        return None
    has_docstring = isinstance(init.body[0], ast.Expr) and isinstance(init.body[0].value, ast.Constant)
    following = init.body[1:] if has_docstring else init.body
    if not following or following[0].lineno == init.lineno:
        return None
    first = file.span(Place(unit, following[0])).start
    indent = " " * following[0].col_offset
    edit = Edit(Span(first, first), f"super().__init__(){file.document.newline}{indent}")
    return Fix("call `super().__init__()` first", (edit,), Applicability.SAFE)


def _enclosing_init(place: Place, file: CheckedFile) -> ast.FunctionDef | None:
    """The `__init__` around the place."""
    for unit, tree in file.units:
        if unit is place.unit:
            inits = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
            return next((f for f in inits if any(n is place.node for n in ast.walk(f))), None)
    return None
