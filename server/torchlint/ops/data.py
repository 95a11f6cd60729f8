"""Tensors from Python data and from other tensors: `tensor`, `one_hot`, `meshgrid`, `tril`, `complex`, `cartesian_prod`.

Arrays of numpy are the interpreter's business: operations see the tensors that they hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from torchlint.dims.expr import Expr, Kind, Size, product, symbol
from torchlint.dims.printing import show, show_shape
from torchlint.dims.real import Real
from torchlint.ops.agree import broadcast_shapes
from torchlint.ops.casting import cast
from torchlint.ops.coercion import Number, type_name
from torchlint.ops.creation import made
from torchlint.ops.dtypes import dtype_of_number
from torchlint.ops.elements import MAX_VALUES, stored
from torchlint.ops.registry import op
from torchlint.ops.results import elementwise, result
from torchlint.values.dtype import DType, bool_, complex_dtype, float32, int64, promote_types
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.scalar import dtype_of_scalar
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Free, SomeInteger, SomeNumber, Unknown


@op("torch.tensor", "torch.as_tensor", "torch.asarray")
def tensor(
    data: object,
    dtype: DType | None = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
    copy: object = None,
) -> Tensor:
    """A tensor of the numbers in nested lists; their types decide the dtype."""
    where = device if isinstance(device, str) else None
    if isinstance(data, Tensor):
        return cast(data, dtype, where)
    if isinstance(data, Free) and not data.is_size:
        raise Undecided(f"{data.reason}: it may be a list")
    shape, numbers = _gathered(data)
    kept = dtype or _common_dtype(numbers)
    if any(isinstance(n, complex) for n in numbers) and not (kept.is_complex or kept is bool_):
        raise ShapeError(
            "dtype-mismatch",
            f"{{data}} holds complex numbers, which {kept.name} does not",
            blame="data",
            torch=f"value cannot be converted to type {kept.name}",
        )
    holder = made(shape, kept, device, requires_grad)
    if len(numbers) <= MAX_VALUES and all(isinstance(n, (int, float, Expr)) for n in numbers):
        holder.values = stored(tuple(numbers), kept)
    return holder


@op("torch.from_numpy")
def from_numpy(ndarray: object) -> Tensor:
    """A tensor that shares the elements of an array, for which the tensor stands that the array holds."""
    if isinstance(ndarray, Tensor):
        return ndarray
    if isinstance(ndarray, Unknown):
        raise Undecided(ndarray.reason)
    if isinstance(ndarray, (list, tuple, bool, int, float)):
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes an array of numpy, but {{ndarray}} is a {type_name(ndarray)}",
            blame="ndarray",
            torch=f"expected np.ndarray (got {type_name(ndarray)})",
        )
    raise Undecided(f"data of type {type_name(ndarray)} is not modelled")


def _gathered(data: object) -> tuple[Shape, list[Any]]:
    if isinstance(data, (list, tuple)):
        parts = [_gathered(element) for element in data]
        if not parts:
            return (0,), []
        for shape, _ in parts:
            if shape != parts[0][0]:
                raise ShapeError(
                    "cat-mismatch",
                    f"the lists in {{data}} are not of one length: {show_shape(parts[0][0])} beside {show_shape(shape)}",
                    blame="data",
                    torch="expected sequence of equal lengths",
                )
        return (len(parts), *parts[0][0]), [number for _, numbers in parts for number in numbers]
    if isinstance(data, Free):
        return (), [data.size]
    if isinstance(data, (SomeNumber, SomeInteger)):
        return (), [data]
    if isinstance(data, Unknown):
        raise Undecided(data.reason)
    if isinstance(data, Tensor) and data.ndim == 0:
        return (), [data.values[0] if data.values is not None else data]
    if isinstance(data, (bool, int, float, complex, Expr, Real)):
        return (), [data]
    if isinstance(data, str):
        raise ShapeError("bad-call", "{data} is a str, not numbers", blame="data", torch="new(): invalid data type 'str'")
    raise Undecided(f"data of type {type_name(data)} is not modelled")


def _dtype_of(number: object) -> DType:
    """numpy's scalars keep their dtype here; in arithmetic they are numbers of Python's."""
    if isinstance(number, SomeInteger):
        return number.dtype or int64
    return dtype_of_scalar(number) or dtype_of_number(number)


def _common_dtype(numbers: list[Any]) -> DType:
    common: DType | None = None
    for number in numbers:
        dtype = number.dtype if isinstance(number, Tensor) else _dtype_of(number)
        common = dtype if common is None else promote_types(common, dtype)
    return common or float32


@op("torch.scalar_tensor")
def scalar_tensor(
    s: object,
    *,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """A 0-D tensor of a number, float32 unless said otherwise."""
    return made((), dtype or float32, device)


@op("torch.Tensor.new_tensor")
def new_tensor(
    input: Tensor,
    data: object,
    *,
    dtype: DType | None = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    """A tensor of the numbers in nested lists, on the input's device."""
    return tensor(data, dtype or input.dtype, device or input.device, requires_grad)


@op("torch.nn.functional.one_hot")
def one_hot(tensor: Tensor, num_classes: Size = -1) -> Tensor:
    """`[..., num_classes]` of 0 and 1; as many classes as the largest index asks for where -1 is given."""
    if tensor.dtype is not int64:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes int64 indices, but {{tensor}} is {tensor.dtype.name}",
            blame="tensor",
            torch="one_hot is only applicable to index tensor of type LongTensor.",
            label=tensor.dtype.name,
            result=None if num_classes == -1 else made((*tensor.shape, num_classes), int64),
        )
    classes = symbol("classes", Kind.DATA) if num_classes == -1 else num_classes
    return result((*tensor.shape, classes), int64, tensor)


@op("torch.meshgrid")
def meshgrid(*tensors: Tensor | Sequence[Tensor], indexing: str | None = None) -> tuple[Tensor, ...]:
    """One grid for each 1-D tensor, all of them `[len(a), len(b), ...]` ("xy" swaps the first two)."""
    given: tuple[Tensor, ...] = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], tuple) else tensors  # type: ignore[assignment]
    for each in given:
        if each.ndim > 1:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes 1-D tensors, but one is {show_shape(each.shape)}",
                torch=f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {each.ndim}D",
            )
    if not given:
        raise ShapeError("bad-call", "{callee} takes at least one tensor", torch="meshgrid expects a non-empty TensorList")
    if indexing not in (None, "ij", "xy"):
        raise ShapeError(
            "bad-call",
            f"`indexing` of {{callee}} is 'ij' or 'xy', not {indexing!r}",
            blame="indexing",
            torch='torch.meshgrid: indexing must be one of "xy" or "ij"',
        )
    order = list(range(len(given)))
    if indexing == "xy" and len(given) > 1:
        order[0], order[1] = 1, 0
    shape = tuple(given[i].shape[0] if given[i].ndim else 1 for i in order)
    grids: list[Tensor] = []
    for index, each in enumerate(given):
        own = each.strides[0] if each.ndim and each.strides is not None else 1
        strides = tuple(own if i == index else 0 for i in order)
        grids.append(result(shape, each.dtype, each, strides=strides if each.strides is not None else None))
    return tuple(grids)


def _require_matrix(input: Tensor) -> None:
    if input.ndim < 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes at least 2 dimensions, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="input tensor must have at least 2 dimensions",
            label=show_shape(input.shape),
        )


@op("torch.tril", "torch.triu", "torch.Tensor.tril", "torch.Tensor.triu")
def triangle(input: Tensor, diagonal: object = 0, *, out: object = None) -> Tensor:
    """The part of each matrix on one side of a diagonal, 0 elsewhere: the same shape."""
    _require_matrix(input)
    return result(input.shape, input.dtype, input)


@op("torch.Tensor.tril_", "torch.Tensor.triu_")
def triangle_in_place(input: Tensor, diagonal: object = 0) -> Tensor:
    """The part of each matrix on one side of a diagonal, in place."""
    _require_matrix(input)
    input.written()
    return input


def _triangle_size(row: Size, col: Size, offset: Size, upper: bool) -> Size:
    if isinstance(row, int) and isinstance(col, int) and isinstance(offset, int):
        below = sum(min(max(r + offset + (0 if upper else 1), 0), col) for r in range(row))
        return row * col - below if upper else below
    if row == col and offset == 0:
        return row * (row + 1) // 2
    if row == col and offset == (1 if upper else -1):
        return row * (row - 1) // 2
    return symbol("n", Kind.DATA, minimum=0)


def _register_triangle_indices(name: str) -> None:
    @op(f"torch.{name}_indices")
    def function(
        row: Size,
        col: Size,
        offset: Size = 0,
        *,
        dtype: DType | None = None,
        device: object = None,
        layout: object = None,
    ) -> Tensor:
        return made((2, _triangle_size(row, col, offset, name == "triu")), dtype or int64, device)

    function.__doc__ = f"`[2, n]`: the indices of what `{name}` keeps."


_register_triangle_indices("tril")
_register_triangle_indices("triu")


def _complex_of(first: Tensor, second: Tensor, names: tuple[str, str]) -> Tensor:
    if not first.dtype.is_floating_point or first.dtype is not second.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes two real tensors of one dtype, not {first.dtype.name} and {second.dtype.name}",
            blame=names[1],
            torch="Expected both inputs to be Half, Float or Double tensors but got "
            f"{first.dtype.name} and {second.dtype.name}",
        )
    shape = broadcast_shapes(first.shape, second.shape, names=names)
    return elementwise(shape, complex_dtype(first.dtype), first, second)


@op("torch.complex")
def complex_(real: Tensor, imag: Tensor, *, out: object = None) -> Tensor:
    """`real + imag * 1j`, broadcast."""
    return _complex_of(real, imag, ("real", "imag"))


@op("torch.polar")
def polar(abs: Tensor, angle: Tensor, *, out: object = None) -> Tensor:
    """`abs * exp(angle * 1j)`, broadcast."""
    return _complex_of(abs, angle, ("abs", "angle"))


@op("torch.cartesian_prod")
def cartesian_prod(*tensors: Tensor) -> Tensor:
    """Every combination of elements of 1-D tensors: `[len(a) * len(b) * ..., how many tensors]`."""
    for each in tensors:
        if each.ndim != 1:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes 1-D tensors, but one is {show_shape(each.shape)}",
                torch=f"Expect a 1D vector, but got shape {show_shape(each.shape)}",
            )
    if len(tensors) == 1:
        return tensors[0]
    return result((product(tuple(t.shape[0] for t in tensors)), len(tensors)), tensors[0].dtype, *tensors, strides=None)


@op("torch.combinations")
def combinations(input: Tensor, r: Size = 2, with_replacement: bool = False) -> Tensor:
    """Every choice of `r` elements of a 1-D tensor: `[how many, r]`."""
    if input.ndim != 1:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes a 1-D tensor, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expect a 1D vector, but got shape {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )
    size = input.shape[0]
    if isinstance(size, Expr) or isinstance(r, Expr):
        raise Undecided("the number of combinations of a symbolic size")
    if r == 0:
        return result((0,), input.dtype, input)
    count = math.comb(size + r - 1, r) if with_replacement and size else math.comb(size, r)
    return result((count, r), input.dtype, input, strides=None)


@op("torch.bernoulli", "torch.Tensor.bernoulli")
def bernoulli(input: Tensor, p: object = None, *, generator: object = None, out: object = None) -> Tensor:
    """0 or 1 with the given probabilities: the same shape."""
    return result(input.shape, input.dtype, input)


@op("torch._sample_dirichlet")
def sample_dirichlet(input: Tensor, generator: object = None) -> Tensor:
    """Samples of Dirichlet distributions, whose parameters are in the last dimension: the same shape."""
    return result(input.shape, input.dtype, input)


@op("torch.poisson")
def poisson(input: Tensor, generator: object = None) -> Tensor:
    """Counts at random with the given rates: the same shape."""
    return result(input.shape, input.dtype, input, strides=None)


@op("torch.binomial")
def binomial(count: Tensor, prob: Tensor, generator: object = None) -> Tensor:
    """How many of `count` trials succeed with probability `prob`, broadcast."""
    shape = broadcast_shapes(count.shape, prob.shape, names=("count", "prob"))
    return result(shape, count.dtype, count, prob, strides=None)


@op("torch.multinomial", "torch.Tensor.multinomial")
def multinomial(
    input: Tensor,
    num_samples: Size,
    replacement: object = False,
    *,
    generator: object = None,
    out: object = None,
) -> Tensor:
    """Indices drawn with the probabilities of each row: `[num_samples]` or `[rows, num_samples]`."""
    if input.ndim not in (1, 2):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes one or several rows of probabilities, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="prob_dist must be 1 or 2 dim",
            label=show_shape(input.shape),
        )
    if not input.dtype.is_floating_point:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"multinomial only supports floating-point dtypes for input, got: {input.dtype.name}",
            label=input.dtype.name,
        )
    categories = input.shape[-1]
    if isinstance(categories, int) and categories > _MOST_CATEGORIES:
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes at most {_MOST_CATEGORIES} categories, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="number of categories cannot exceed 2^24",
            label=show_shape(input.shape),
        )
    if isinstance(num_samples, int):
        _require_samples(input, num_samples, replacement)
    return result((*input.shape[:-1], num_samples), int64, input)


_MOST_CATEGORIES = 1 << 24


def _require_samples(input: Tensor, num_samples: int, replacement: object) -> None:
    categories = input.shape[-1]
    few = replacement is False and isinstance(categories, int) and num_samples > categories
    if num_samples <= 0 or few:
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} draws {num_samples} of {show(categories)} categories",
            blame="num_samples",
            torch="cannot sample n_sample <= 0 samples"
            if num_samples <= 0
            else "cannot sample n_sample > prob_dist.size(-1) samples without replacement",
        )


@op("torch.normal")
def normal(
    mean: Tensor | Number,
    std: Tensor | Number = 1.0,
    size: Shape | None = None,
    *,
    generator: object = None,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """Numbers of a normal distribution: of `size`, or one for each mean and deviation."""
    tensors = [t for t in (mean, std) if isinstance(t, Tensor)]
    if size is not None:
        return made(size, dtype or float32, device, requires_grad)
    if not tensors:
        raise ShapeError(
            "bad-call",
            "{callee} is called without `size`",
            torch="received an invalid combination of arguments",
        )
    shape = broadcast_shapes(*(t.shape for t in tensors), names=("mean", "std"))
    return result(shape, tensors[0].dtype, *tensors)
