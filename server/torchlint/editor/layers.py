"""What a layer is, in words: its parameters and the sizes of its output, with the arithmetic of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.representation import module_repr
from torchlint.summary import ShapeTree, SummaryRow
from torchlint.summary_text import shape_text, size_text
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor

_SIDES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_LONGEST_REPR = 90


def layer_text(module: Module, row: SummaryRow, times: Size) -> str:
    """Markdown about a layer where it is constructed; `times` is how often that happens."""
    head = module.type_name if vars(module).get("_modules") else module_repr(module).split("\n")[0].rstrip("(")
    one_of = f", one of {size_text(times)}" if times != 1 else ""
    lines = [f"**`{row.path}`** `{head if len(head) <= _LONGEST_REPR else row.type}`{one_of}"]
    facts = [*_flow(module, row), *_parameters(module, row)]
    if row.mult_adds is not None and row.mult_adds != 0:
        facts.append(f"multiply-adds: {size_text(row.mult_adds)}")
    return "\n\n".join([lines[0], "\n".join(f"- {fact}" for fact in facts)])


def flow(row: SummaryRow) -> str:
    """`[N, 1, 28, 28] -> [N, 10, 24, 24]`, or "" where the layer did not run."""
    if row.output_shape is None:
        return ""
    return (
        f"{shape_text(row.input_shape)} → {shape_text(row.output_shape)}" if row.input_shape else shape_text(row.output_shape)
    )


def _flow(module: Module, row: SummaryRow) -> Iterator[str]:
    if row.output_shape is not None:
        yield f"`{flow(row)}`"
        yield from _arithmetic(module, row.input_shape, row.output_shape)


def _parameters(module: Module, row: SummaryRow) -> Iterator[str]:
    own = {n: t for n, t in vars(module).get("_parameters", {}).items() if isinstance(t, Tensor)}
    if row.formula:
        yield f"parameters: `{row.formula}`"
    elif row.params is not None:
        yield f"parameters: {size_text(row.params)}"
    else:
        yield "parameters: not known"
    if own:
        yield ", ".join(f"{name} `{show_shape(tensor.shape)}`" for name, tensor in own.items())


def _arithmetic(module: Module, given: ShapeTree | None, made: ShapeTree) -> Iterator[str]:
    """How each spatial size of a window's output follows from that of its input: `(14 + 2*0 - 5) / 1 + 1 = 10`."""
    if given is None or len(given) != len(made) or any(isinstance(s, tuple) for s in (*given, *made)):
        return
    kernel = getattr(module, "kernel_size", None)
    if kernel is None or "Transpose" in type(module).__name__ or getattr(module, "ceil_mode", False):
        return
    count = _dimensions(type(module).__name__)
    if count is None or len(given) < count:
        return
    parts = [_each(getattr(module, n, d), count) for n, d in (("padding", 0), ("dilation", 1), ("stride", 1))]
    kernels = _each(kernel, count)
    if kernels is None or any(part is None for part in parts):
        return
    padding, dilation, stride = (part or () for part in parts)
    for index, side in enumerate(_SIDES[count]):
        size, result = given[len(given) - count + index], made[len(made) - count + index]
        k, d = kernels[index], dilation[index]
        window = show(k) if d == 1 else f"{show(d)}*({show(k)} - 1) - 1"
        yield f"{side}: `({show(size)} + 2*{show(padding[index])} - {window}) / {show(stride[index])} + 1 = {show(result)}`"


def _dimensions(type_name: str) -> int | None:
    return next((n for n in _SIDES if type_name.endswith(f"{n}d")), None)


def _each(value: Any, count: int) -> Sequence[Any] | None:
    """A setting for each dimension; None where it is none of numbers (`padding="same"`)."""
    if isinstance(value, (tuple, list)):
        return value if len(value) == count else None
    return None if isinstance(value, str) or value is None else (value,) * count
