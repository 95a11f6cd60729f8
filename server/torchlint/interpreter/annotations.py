"""Annotations that say the shape of a tensor, in the notations that people use.

jaxtyping's `Float[Tensor, "*batch c h//2"]`, torchtyping's `TensorType["b", 3]`, torchshapeflow's
`Annotated[Tensor, Shape("B", 3)]` and Pyrefly's `Tensor[B, 3, H // 2]`. A name stands for one size throughout a call of a
function. What cannot be read says nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from torchlint.dims.expr import Kind, Size, Symbol, symbol
from torchlint.dims.facts import facts
from torchlint.dims.parsing import parse_shape, parse_size
from torchlint.dims.printing import show_shape
from torchlint.dims.truth import Truth
from torchlint.values.dtype import DTYPES, DType
from torchlint.values.tensor import InputTensor, Shape, Tensor

_FLOATS, _INTS, _COMPLEX = "float32 float16 bfloat16 float64", "int64 int32 int16 int8 uint8", "complex64 complex128"
_EXACT = ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "complex64", "complex128")
_NAMES = {
    "Float": _FLOATS, "Int": _INTS.removesuffix(" uint8"), "UInt": "uint8", "Bool": "bool", "Complex": _COMPLEX,
    "Inexact": f"{_FLOATS} {_COMPLEX}", "Integer": _INTS, "Real": f"{_FLOATS} {_INTS}", "Num": f"{_FLOATS} {_INTS} {_COMPLEX}",
    "Shaped": "", "BFloat16": "bfloat16", "UInt8": "uint8", **{name.capitalize(): name for name in _EXACT},
}  # fmt: skip
_DTYPES = {name: tuple(DTYPES[dtype] for dtype in dtypes.split()) for name, dtypes in _NAMES.items()}
"""The dtypes that a name of jaxtyping stands for, the usual one first; none where it allows all."""
_TENSORS = ("Tensor", "FloatTensor", "LongTensor", "Parameter", "Buffer")
_NAME = re.compile(r"[A-Za-z_]\w*")
_ANY = "_"
"""A size that is not named, and may be any."""


class Declared(NamedTuple):
    """What an annotation says: a text for each axis (`*name` or `...` for several), and the dtypes that it allows, if any."""

    node: ast.expr
    axes: tuple[str, ...]
    dtypes: tuple[DType, ...]

    @property
    def several(self) -> str | None:
        """The axis that stands for any number of axes."""
        return next((axis for axis in self.axes if _is_several(axis)), None)


def read_annotation(node: ast.expr | None) -> Declared | None:
    """What an annotation says of a tensor's shape, or None; `Optional` and quotes are looked through."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return read_annotation(ast.parse(node.value, mode="eval").body)
        except SyntaxError:
            return None
    if isinstance(node, ast.BinOp):
        return read_annotation(node.left) or read_annotation(node.right)
    if not isinstance(node, ast.Subscript):
        return None
    name = _last_name(node.value)
    inner = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    axes: list[str] | None = None
    dtypes: tuple[DType, ...] = ()
    if name in ("Optional", "Union"):
        return next((found for part in inner if (found := read_annotation(part)) is not None), None)
    if name in _DTYPES and len(inner) == 2 and _last_name(inner[0]) in _TENSORS and isinstance(inner[1], ast.Constant):
        dtypes = _DTYPES[name]
        axes = [_of_jaxtyping(word) for word in str(inner[1].value).split()]
    elif name == "Annotated" and _last_name(inner[0]) in _TENSORS:
        shape = next((p for p in inner[1:] if isinstance(p, ast.Call) and _last_name(p.func) == "Shape"), None)
        axes = None if shape is None else [_written(a) for a in shape.args]
    elif name == "TensorType" or (name == "Tensor" and not _is_quoted(inner)):
        axes = [_written(part) for part in inner if not isinstance(part, (ast.Attribute, ast.Slice))]
    if axes is None or sum(map(_is_several, axes)) > 1:
        return None
    return Declared(node, tuple(axes), dtypes)


def _is_quoted(parts: list[ast.expr]) -> bool:
    return all(isinstance(p, ast.Constant) and isinstance(p.value, str) for p in parts)


def _is_several(axis: str) -> bool:
    return axis == "..." or axis.startswith("*")


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _of_jaxtyping(word: str) -> str:
    """`#n` may be 1 as well, `_n` may be anything, `n=3` is 3 with a name for the reader, `{...}` is computed."""
    if "=" in word:
        word = word.rpartition("=")[2]
    if word.startswith("*"):
        return "..." if word.startswith("*_") or not _NAME.fullmatch(word[1:]) else word
    if word.startswith(("#", "_", "?")) or "{" in word:
        return _ANY
    return word


def _written(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Constant) and node.value is Ellipsis:
        return "..."
    return _ANY if isinstance(node, ast.Constant) and type(node.value) is not int else ast.unparse(node).replace(" ", "")


class Sizes:
    """What the names in the annotations of one call stand for."""

    def __init__(self) -> None:
        self._one: dict[str, Symbol | Size] = {}
        self._several: dict[str, Shape] = {}

    def shape(self, declared: Declared, count: Callable[[str], int]) -> Shape | None:
        """The shape that is declared, with new symbols for new names; `count` says how many axes a `*name` stands for."""
        sizes: list[Size] = []
        for axis in declared.axes:
            if _is_several(axis):
                if axis == "..." or axis not in self._several:
                    self._several[axis] = tuple(symbol(f"{axis.strip('*.') or 'd'}{i}") for i in range(count(axis)))
                sizes += self._several[axis]
            elif axis == _ANY:
                sizes.append(symbol(f"d{len(sizes)}", Kind.INPUT))
            else:
                try:
                    # The first axis may be the batch, which a shape tells by its place.
                    sizes += parse_shape(f"[{axis}]", self._one) if not sizes else (parse_size(axis, self._one),)
                except ValueError:
                    return None
        return tuple(sizes)

    def mismatch(self, declared: Declared, tensor: Tensor) -> str | None:
        """What an annotation says that a tensor is not, or None; names that are new are those of its sizes from here on."""
        if isinstance(tensor, InputTensor) and tensor.is_inferred:
            return None
        shape = tensor.shape
        if declared.dtypes and tensor.dtype not in declared.dtypes:
            return f"is {tensor.dtype.name}"
        several, more = declared.several, len(shape) - len(declared.axes) + 1
        if more < 0 or (several is None and more != 1) or len(self._several.get(several or "", (0,) * more)) != more:
            return f"is {show_shape(shape)}"
        if several is not None and several != "...":
            before = declared.axes.index(several)
            self._several.setdefault(several, shape[before : before + more])
        wrong = any(self._differs(axis, size) for axis, size in _aligned(declared, shape))
        return f"is {show_shape(shape)}" if wrong else None

    def _differs(self, axis: str, size: Size) -> bool:
        """Whether the size is certainly not the one of the axis."""
        names = set(_NAME.findall(axis)) - {"min", "max"}
        if axis == _ANY:
            return False
        if names <= self._one.keys():
            try:
                return facts().same(parse_size(axis, self._one), size) is Truth.NO
            except ValueError:
                return False
        if axis in names:
            self._one[axis] = size
        return False


def _aligned(declared: Declared, shape: Shape) -> Iterator[tuple[str, Size]]:
    """Each axis with its size, but for what several axes stand for."""
    several = declared.several
    if several is None:
        yield from zip(declared.axes, shape)
        return
    before = declared.axes.index(several)
    after = len(declared.axes) - before - 1
    yield from zip(declared.axes[:before], shape)
    yield from zip(declared.axes[len(declared.axes) - after :], shape[len(shape) - after :])


def declarations_in(node: Any) -> dict[str, Declared]:
    """What the annotations of a function say of its parameters, by name, and of its result, as `return`."""
    if isinstance(node, ast.Lambda):
        return {}
    arguments = node.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    annotated = [(a.arg, a.annotation) for a in every] + [("return", node.returns)]
    found = ((name, annotation, read_annotation(annotation)) for name, annotation in annotated)
    return {name: said._replace(node=node) for name, node, said in found if said is not None and node is not None}
