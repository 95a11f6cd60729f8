"""TL117."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import takewhile

from torchlint.diagnostics import Applicability, Edit, Fix, Note, Severity, Span
from torchlint.dims.facts import using
from torchlint.dims.printing import show_shape
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding, rule
from torchlint.values.tensor import Shape, Tensor

_LAYERS = {"MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"}
_FUNCTIONS = {f"torch.nn.functional.{name}" for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")}


@rule("TL117", severity=Severity.WARNING, fix=Applicability.UNSAFE)
def loss_broadcast(one: Pass, file: CheckedFile) -> Iterator[Finding]:
    """A loss compares each prediction with every target, because their shapes are broadcast.

    ## Why is this bad?
    `MSELoss` of predictions `[N, 1]` and targets `[N]` broadcasts both to `[N, N]`: each prediction is drawn towards all
    targets of the batch, and the model learns their mean. torch only warns `Using a target size that is different to the input
    size`.

    ## Example
    ```python
    import torch
    from torch import nn

    criterion = nn.MSELoss()
    prediction = nn.Linear(16, 1)(torch.randn(8, 16))
    target = torch.randn(8)
    loss = criterion(prediction, target)
    ```

    Use instead:
    ```python
    import torch
    from torch import nn

    criterion = nn.MSELoss()
    prediction = nn.Linear(16, 1)(torch.randn(8, 16))
    target = torch.randn(8)
    loss = criterion(prediction.squeeze(-1), target)
    ```

    ## Fix safety
    Unsafe: it changes the loss, which is what it is for.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
    - https://docs.pytorch.org/docs/stable/notes/broadcasting.html
    """
    found = list(_broadcasting(one))
    earlier = takewhile(lambda other: found and other is not one, file.main_passes)
    seen = {id(place.node) for other in earlier for place, _, _ in _broadcasting(other)}
    for place, shapes, both in found:
        if id(place.node) not in seen and file.here(place):
            seen.add(id(place.node))
            with using(one.facts):
                finding = _finding(place, shapes, both, file)
            yield finding


def _broadcasting(one: Pass) -> Iterator[tuple[Place, tuple[Shape, Shape], Shape]]:
    """The losses whose input and target are both smaller than what they are broadcast to."""
    for place, values in _losses(one):
        tensors = [v for v in values if isinstance(v, Tensor)]
        if len(tensors) == 2:
            shapes = tensors[0].shape, tensors[1].shape
            both = _broadcast(*shapes)
            if both is not None and both not in shapes:
                yield place, shapes, both


def _losses(one: Pass) -> Iterator[tuple[Place, tuple[object, ...]]]:
    """The calls of losses that broadcast, with what they compare."""
    for call in one.trace.module_calls:
        if call.module.interpreted_class is None and call.module.type_name in _LAYERS and call.place is not None:
            yield call.place, call.inputs
    for operation in one.trace.operations:
        if operation.name in _FUNCTIONS:
            yield operation.place, (operation.bound.get("input"), operation.bound.get("target"))


def _broadcast(a: Shape, b: Shape) -> Shape | None:
    """The shape of both together; None where sizes differ and neither is 1."""
    rank = max(len(a), len(b))
    pairs = list(zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b))
    if any(x != y and x != 1 and y != 1 for x, y in pairs):
        return None
    return tuple(y if x == 1 else x for x, y in pairs)


def _finding(place: Place, shapes: tuple[Shape, Shape], both: Shape, file: CheckedFile) -> Finding:
    nodes = _written(place.node)
    texts = [f"`{place.unit.source(n)}` {show_shape(s)}" for n, s in zip(nodes, shapes)] or [show_shape(s) for s in shapes]
    fix = _squeeze(place, nodes, shapes, file)
    return Finding(
        f"{texts[0]} and {texts[1]} are broadcast to {show_shape(both)}: the loss compares each with every other",
        place,
        (Note("torch warns: Using a target size that is different to the input size"),),
        fix.message if fix is not None else None,
        fix,
    )


def _written(node: ast.AST) -> list[ast.expr]:
    """The two expressions that are compared, if the call says which they are."""
    if not isinstance(node, ast.Call) or any(isinstance(a, ast.Starred) for a in node.args):
        return []
    keywords = {k.arg: k.value for k in node.keywords}
    named = [keywords[name] for name in ("input", "target") if name in keywords]
    compared = [*node.args[:2], *named]
    return compared if len(compared) == 2 else []


def _squeeze(place: Place, nodes: list[ast.expr], shapes: tuple[Shape, Shape], file: CheckedFile) -> Fix | None:
    """Drop the last dimension of the one that has a 1 there and is the other one without it."""
    for node, own, other in zip(nodes, shapes, reversed(shapes)):
        if own and own[-1] == 1 and own[:-1] == other:
            span = file.span(Place(place.unit, node))
            end = Span(span.end, span.end)
            if isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
                edits: tuple[Edit, ...] = (Edit(end, ".squeeze(-1)"),)
            else:
                edits = (Edit(Span(span.start, span.start), "("), Edit(end, ").squeeze(-1)"))
            text = place.unit.source(node)
            return Fix(f"compare `{text}` without its last dimension", edits, Applicability.UNSAFE)
    return None
