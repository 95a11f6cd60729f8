"""The same elements in another shape: `view`, `reshape`, `flatten`, `unflatten` and their kin.

A reshape of strides that cannot be told has strides that are not known.
"""

from __future__ import annotations

from torchlint.dims.expr import Expr, Size, product
from torchlint.dims.facts import facts
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import normalize_dim, require, require_same, same
from torchlint.ops.registry import op
from torchlint.ops.strides import Viewing, copy_of, view_of, view_strides
from torchlint.values.dtype import DType, complex_dtype, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor


def sizes_of(sizes: tuple[object, ...], keyword: Shape | None) -> Shape:
    """The sizes of `f(2, 3)`, `f((2, 3))` or `f(size=(2, 3))`."""
    if keyword is not None:
        return keyword
    if not sizes:
        raise ShapeError("bad-call", "{callee} is called without sizes", torch="missing 1 required positional arguments")
    if len(sizes) == 1 and isinstance(sizes[0], tuple):
        return sizes[0]
    return sizes  # type: ignore[return-value]


def inferred_shape(input: Tensor, shape: Shape, spoken: str = "input") -> Shape:
    """The shape with its -1 replaced, or TL107 reshape-size where the elements do not fill it."""
    inferred = [d for d, size in enumerate(shape) if size == -1]
    negative = next((size for size in shape if isinstance(size, int) and size < -1), None)
    if len(inferred) > 1 or negative is not None:
        raise ShapeError(
            "reshape-size",
            f"{{callee}} is asked for {show_shape(shape)}, which has more than one -1"
            if negative is None
            else f"{{callee}} is asked for {show_shape(shape)}, which has a negative size",
            torch="only one dimension can be inferred" if negative is None else f"invalid shape dimension {negative}",
        )
    total = input.numel()
    if not inferred:
        require_same(product(shape), total, lambda: _unequal(input, shape, spoken))
        return shape
    dim = inferred[0]
    rest = product([size for size in shape if size != -1])
    if rest == 0:
        raise ShapeError(
            "reshape-size",
            f"{{callee}} cannot tell what -1 is in {show_shape(shape)}: any size gives 0 elements",
            torch=f"cannot reshape tensor of {show(total)} elements into shape {show_shape(shape)} because "
            "the unspecified dimension size -1 can be any value and is ambiguous",
        )
    is_asking = facts().compare(rest, "divides", total) is not Truth.YES
    if is_asking and dim == 0 and input.ndim and isinstance(input.shape[0], Expr):
        facts().prefer(product(input.shape[1:]), product(shape[1:]))
    filled = (*shape[:dim], total // rest, *shape[dim + 1 :])
    require(rest, "divides", total, lambda: _unequal(input, shape, spoken, filled))
    return filled


def _unequal(input: Tensor, shape: Shape, spoken: str, result: Shape | None = None) -> ShapeError:
    total, wanted = input.numel(), product([size for size in shape if size != -1])
    text = f"{{{spoken}}} {show_shape(input.shape)} has "
    if input.ndim and shape and isinstance(input.shape[0], Expr) and shape[0] in (input.shape[0], -1):
        total, wanted = product(input.shape[1:]), product([size for size in shape[1:] if size != -1])
        text += f"{show(total)} elements per sample, but {show_shape(shape)} "
    else:
        text += f"{show(total)} elements, but {show_shape(shape)} "
    text += f"needs a multiple of {show(wanted)}" if -1 in shape else f"has {show(wanted)}"
    return ShapeError(
        "reshape-size",
        text,
        blame=spoken,
        torch=f"shape '{show_shape(shape)}' is invalid for input of size {show(input.numel())}",
        label=show_shape(input.shape),
        result=copy_of(input, shape) if result is None else None,
    )


@op("torch.Tensor.view")
def view(input: Tensor, *shape: Size | Shape | DType, size: Shape | None = None, dtype: DType | None = None) -> Tensor:
    """The elements in another shape without a copy, or the bytes read as another dtype."""
    if dtype is None and len(shape) == 1 and isinstance(shape[0], DType):
        dtype = shape[0]
    if dtype is not None:
        return _view_dtype(input, dtype)
    return viewed(input, inferred_shape(input, sizes_of(shape, size)))


def viewed(input: Tensor, shape: Shape) -> Tensor:
    """`input.view(shape)` for a shape of as many elements, or TL108 view-noncontiguous."""
    strides = view_strides(input, shape)
    if strides is Viewing.IMPOSSIBLE:
        raise ShapeError(
            "view-noncontiguous",
            f"{{input}} {show_shape(input.shape)} is not laid out to be viewed as {show_shape(shape)}",
            blame="input",
            torch="view size is not compatible with input tensor's size and stride (at least one dimension "
            "spans across two contiguous subspaces). Use .reshape(...) instead.",
            result=copy_of(input, shape, values=input.values),
            repair={"callee": "reshape"},
            label=f"strides {show_shape(input.strides or ())}",
        )
    return view_of(input, shape, None if isinstance(strides, Viewing) else strides, input.values)


def _view_dtype(input: Tensor, dtype: DType) -> Tensor:
    old, new = input.dtype.bits, dtype.bits
    if old == new:
        return view_of(input, input.shape, input.strides, dtype=dtype)
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            f"{{input}} has no dimension to view {input.dtype.name} as {dtype.name} in",
            blame="input",
            torch="self.dim() cannot be 0 to view a tensor of another element size",
        )
    last = input.shape[-1]
    strides = input.strides
    if strides is not None and strides[-1] != 1 and isinstance(strides[-1], int):
        raise ShapeError(
            "view-noncontiguous",
            f"the last dimension of {{input}} has stride {strides[-1]}, so {input.dtype.name} cannot be viewed as {dtype.name}",
            blame="input",
            torch="self.stride(-1) must be 1 to view a tensor as another dtype of different element size",
        )
    if new < old:
        ratio = old // new
        scaled = None if strides is None else (*(s * ratio for s in strides[:-1]), 1)
        return view_of(input, (*input.shape[:-1], last * ratio), scaled, dtype=dtype)
    ratio = new // old
    require(
        ratio,
        "divides",
        last,
        lambda: ShapeError(
            "reshape-size",
            f"the last dimension of {{input}} is {show(last)}, but {ratio} {input.dtype.name} make one {dtype.name}",
            blame="input",
            torch=f"self.size(-1) must be divisible by {ratio} to view {input.dtype.name} as {dtype.name}",
        ),
    )
    for step in (strides or ())[:-1]:
        if isinstance(step, int) and step % ratio:
            raise ShapeError(
                "view-noncontiguous",
                f"{{input}} has stride {step}: {input.dtype.name} cannot be viewed as {dtype.name}",
                blame="input",
                torch=f"self.stride() must be divisible by {ratio} to view {input.dtype.name} as {dtype.name}",
            )
    scaled = None if strides is None else (*(s // ratio for s in strides[:-1]), 1)
    return view_of(input, (*input.shape[:-1], last // ratio), scaled, dtype=dtype)


@op("torch.Tensor.view_as")
def view_as(input: Tensor, other: Tensor) -> Tensor:
    """The elements in the shape of `other`, without a copy."""
    return viewed(input, inferred_shape(input, other.shape))


def reshaped(input: Tensor, shape: Shape) -> Tensor:
    """`input.reshape(shape)` for a shape of as many elements: a view where torch can make one."""
    strides = view_strides(input, shape)
    if strides is Viewing.IMPOSSIBLE:
        return copy_of(input, shape, values=input.values)
    return view_of(input, shape, None if isinstance(strides, Viewing) else strides, input.values)


@op("torch.reshape")
def reshape(input: Tensor, shape: Shape) -> Tensor:
    """The elements in another shape, copied where they cannot be viewed."""
    return reshaped(input, inferred_shape(input, shape))


@op("torch.Tensor.reshape")
def reshape_method(input: Tensor, *shape: Size | Shape, **keyword: Shape) -> Tensor:
    """The elements in another shape, copied where they cannot be viewed."""
    return reshaped(input, inferred_shape(input, sizes_of(shape, keyword.get("shape"))))


@op("torch.Tensor.reshape_as")
def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """The elements in the shape of `other`."""
    return reshaped(input, inferred_shape(input, other.shape))


@op("torch.flatten", "torch.Tensor.flatten", ranks=(4, 3, 2))
def flatten(input: Tensor, start_dim: Size = 0, end_dim: Size = -1) -> Tensor:
    """Dimensions `start_dim` to `end_dim` become one."""
    start = normalize_dim(start_dim, input.ndim, "start_dim")
    end = normalize_dim(end_dim, input.ndim, "end_dim")
    if start > end:
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} flattens from dimension {start} to dimension {end} of {{input}}, which comes before",
            blame="start_dim",
            torch="flatten() has invalid args: start_dim cannot come after end_dim",
        )
    if input.ndim == 0:
        return reshaped(input, (1,))
    if start == end:
        return input
    return reshaped(input, (*input.shape[:start], product(input.shape[start : end + 1]), *input.shape[end + 1 :]))


@op("torch.ravel", "torch.Tensor.ravel")
def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension, row-major."""
    return reshaped(input, (input.numel(),)) if input.is_contiguous_by_construction else copy_of(input, (input.numel(),))


@op("torch.unflatten", "torch.Tensor.unflatten")
def unflatten(input: Tensor, dim: Size, sizes: Shape) -> Tensor:
    """Dimension `dim` becomes several of the given sizes, one of which may be -1."""
    axis = normalize_dim(dim, input.ndim)
    if not sizes:
        raise ShapeError(
            "reshape-size",
            "{callee} needs at least one size",
            blame="sizes",
            torch="unflatten: sizes must be non-empty",
        )
    size = input.shape[axis] if input.ndim else 1
    known = product([s for s in sizes if s != -1])
    count = sum(s == -1 for s in sizes)
    if count > 1:
        raise ShapeError(
            "reshape-size",
            "{callee} can infer only one size",
            blame="sizes",
            torch="only one dimension can be inferred",
        )

    def unequal() -> ShapeError:
        return ShapeError(
            "reshape-size",
            f"dimension {axis} of {{input}} is {show(size)}, which is not {show_shape(sizes)}",
            blame="sizes",
            torch=f"unflatten: Provided sizes {show_shape(sizes)} don't multiply up to the size of dim "
            f"{axis} ({show(size)}) in the input tensor",
            label=show_shape(input.shape),
        )

    if count:
        if known == 0:
            raise unequal()
        require(known, "divides", size, unequal)
        sizes = tuple(size // known if s == -1 else s for s in sizes)
    else:
        require_same(known, size, unequal)
    shape = (*input.shape[:axis], *sizes, *input.shape[axis + 1 :])
    strides = input.strides
    if strides is None or input.ndim == 0:
        return view_of(input, shape, None if strides is None else (1,) * len(shape), input.values)
    steps: list[Size] = []
    step = strides[axis]
    for part in reversed(sizes):
        steps.append(step)
        step = step * part
    return view_of(input, shape, (*strides[:axis], *reversed(steps), *strides[axis + 1 :]), input.values)


@op("torch.view_as_real")
def view_as_real(input: Tensor) -> Tensor:
    """Complex `[...]` to real `[..., 2]`."""
    if not input.dtype.is_complex:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes a complex tensor, but {{input}} is {input.dtype.name}",
            blame="input",
            torch="view_as_real is only supported for complex tensors",
            label=input.dtype.name,
        )
    strides = None if input.strides is None else (*(s * 2 for s in input.strides), 1)
    return view_of(input, (*input.shape, 2), strides, dtype=real_dtype(input.dtype))


@op("torch.view_as_complex")
def view_as_complex(input: Tensor) -> Tensor:
    """Real `[..., 2]` to complex `[...]`."""
    if not input.dtype.is_floating_point or input.dtype.bits < 16 or input.dtype.name == "bfloat16":
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes a float tensor, but {{input}} is {input.dtype.name}",
            blame="input",
            torch="view_as_complex is only supported for half, float and double tensors",
            label=input.dtype.name,
        )
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            "{callee} needs a last dimension of 2, but {input} has none",
            blame="input",
            torch="Input tensor must have one or more dimensions",
        )
    last = input.shape[-1]
    require_same(
        last,
        2,
        lambda: ShapeError(
            "reshape-size",
            f"{{callee}} needs a last dimension of 2, but {{input}} has {show(last)}",
            blame="input",
            torch="Tensor must have a last dimension of size 2",
            label=show_shape(input.shape),
        ),
    )
    strides = input.strides
    if strides is not None and (strides[-1] != 1 or any(isinstance(s, int) and s % 2 for s in strides[:-1])):
        decided = same(strides[-1], 1) is Truth.NO or any(isinstance(s, int) and s % 2 for s in strides[:-1])
        if decided:
            raise ShapeError(
                "view-noncontiguous",
                "the pairs of {input} do not lie side by side in memory",
                blame="input",
                torch="Tensor must have a last dimension with stride 1",
            )
        strides = None
    halves = None if strides is None else tuple(s // 2 for s in strides[:-1])
    return view_of(input, input.shape[:-1], halves, dtype=complex_dtype(input.dtype))
