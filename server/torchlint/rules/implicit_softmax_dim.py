"""TL301."""

from __future__ import annotations

import ast

from torchlint.diagnostics import Applicability, Edit, Fix, Note, Severity, Span
from torchlint.interpreter.places import Place
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding, rule
from torchlint.values.tensor import Tensor

_FUNCTIONS = {f"torch.nn.functional.{name}" for name in ("softmax", "log_softmax", "softmin")}
_LAYERS = {f"torch.nn.{name}" for name in ("Softmax", "LogSoftmax", "Softmin")}


@rule("TL301", severity=Severity.WARNING, fix=Applicability.SAFE)
def implicit_softmax_dim(node: ast.Call, place: Place, file: CheckedFile) -> Finding | None:
    """A softmax does not say which dimension it normalizes over.

    ## Why is this bad?
    Without `dim`, torch picks dimension 0 of tensors with 0, 1 or 3 dimensions and dimension 1 of all others, and warns that
    the choice is deprecated. For `[batch, time, classes]` that is a softmax over the batch: it runs, and learns nothing.

    ## Example
    ```python
    from torch import nn
    from torch.nn import functional as F


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(784, 10)

        def forward(self, x):
            return F.log_softmax(self.fc(x.view(-1, 784)))
    ```

    Use instead:
    ```python
    from torch import nn
    from torch.nn import functional as F


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(784, 10)

        def forward(self, x):
            return F.log_softmax(self.fc(x.view(-1, 784)), dim=1)
    ```

    ## Fix safety
    Safe where it writes down the dimension that torch picks today. For tensors of three dimensions, where that is the batch,
    the fix says `dim=-1` and is unsafe.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
    """
    name = file.qualified_name(node.func)
    if name not in _FUNCTIONS and name not in _LAYERS:
        return None
    most = 1 if name in _FUNCTIONS else 0
    if len(node.args) > most or any(k.arg in ("dim", None) for k in node.keywords) or _has_star(node):
        return None
    ranks = _ranks(node, file, name in _LAYERS)
    written = ast.unparse(node.func)
    fix, notes = _fix(node, place, file, ranks)
    return Finding(
        f"`{written}` does not say which dimension it normalizes over",
        Place(place.unit, node.func),
        notes,
        fix.message if fix is not None else None,
        fix,
    )


def _has_star(node: ast.Call) -> bool:
    return any(isinstance(a, ast.Starred) for a in node.args)


def _ranks(node: ast.Call, file: CheckedFile, is_layer: bool) -> set[int]:
    """The ranks of the tensors that were seen to go in."""
    ranks: set[int] = set()
    for one in file.main_passes:
        if is_layer:
            inputs = [c.inputs[0] for c in one.trace.module_calls if _made_by(c.module.created, node) and c.inputs]
        else:
            inputs = [o.bound.get("input") for o in one.trace.operations if o.place.node is node]
        ranks |= {value.ndim for value in inputs if isinstance(value, Tensor)}
    return ranks


def _made_by(created: object, node: ast.Call) -> bool:
    return isinstance(created, Place) and created.node is node


def _fix(node: ast.Call, place: Place, file: CheckedFile, ranks: set[int]) -> tuple[Fix | None, tuple[Note, ...]]:
    picked = {0 if rank in (0, 1, 3) else 1 for rank in ranks}
    if len(picked) != 1:
        return None, ()
    dim = picked.pop()
    notes = (Note(f"torch picks dim={dim} for a tensor of {_spoken(ranks)}"),)
    over_batch = 3 in ranks
    text = "dim=-1" if over_batch else f"dim={dim}"
    span = file.span(place)
    at = span.end._replace(column=span.end.column - 1)
    separator = ", " if node.args or node.keywords else ""
    edit = Edit(Span(at, at), f"{separator}{text}")
    return Fix(f"write `{text}`", (edit,), Applicability.UNSAFE if over_batch else Applicability.SAFE), notes


def _spoken(ranks: set[int]) -> str:
    return " or ".join(str(r) for r in sorted(ranks)) + " dimensions"
