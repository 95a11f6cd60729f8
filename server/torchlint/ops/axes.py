"""Dimensions moved, added, dropped and reversed: `transpose`, `permute`, `squeeze`, `flip` and their kin."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import decide_same, known_int, normalize_dim, same
from torchlint.ops.elements import flipped
from torchlint.ops.registry import attribute, op
from torchlint.ops.shaping import sizes_of
from torchlint.ops.strides import copy_of, view_of
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor
from torchlint.values.unknown import Unknown


def permuted(input: Tensor, order: tuple[int, ...]) -> Tensor:
    """The view whose dimension `i` is dimension `order[i]` of `input`."""
    if order == tuple(range(input.ndim)):
        return view_of(input, input.shape, input.strides, input.values)
    strides = input.strides
    return view_of(
        input,
        tuple(input.shape[d] for d in order),
        None if strides is None else tuple(strides[d] for d in order),
    )


def become(input: Tensor, result: Tensor) -> Tensor:
    """`input` itself with the shape and strides of a view of it: what an in-place operation does."""
    input.shape = result.shape
    input._strides = CONTIGUOUS if result.is_contiguous_by_construction else result.strides
    input.values = result.values
    return input


def distinct_dims(dims: Shape, rank: int, blame: str = "dims") -> tuple[int, ...]:
    """The dimensions counted from the front; each may come only once."""
    found = tuple(normalize_dim(d, rank, blame) for d in dims)
    repeated = next((d for i, d in enumerate(found) if d in found[:i]), None)
    if repeated is not None:
        raise ShapeError(
            "dim-out-of-range",
            f"dimension {repeated} is named twice in {show_shape(dims)}",
            blame=blame,
            torch=f"dim {repeated} appears multiple times in the list of dims",
        )
    return found


@op("torch.transpose", "torch.Tensor.transpose", "torch.swapdims", "torch.Tensor.swapdims", ranks=(3, 4, 2))
def transpose(input: Tensor, dim0: Size, dim1: Size) -> Tensor:
    """Two dimensions change places."""
    first, second = normalize_dim(dim0, input.ndim, "dim0"), normalize_dim(dim1, input.ndim, "dim1")
    order = list(range(input.ndim))
    if order:
        order[first], order[second] = second, first
    return permuted(input, tuple(order))


@op("torch.swapaxes", "torch.Tensor.swapaxes", ranks=(3, 4, 2))
def swapaxes(input: Tensor, axis0: Size, axis1: Size) -> Tensor:
    """Two dimensions change places."""
    return transpose(input, axis0, axis1)


@op("torch.Tensor.transpose_", "torch.Tensor.swapdims_")
def transpose_(input: Tensor, dim0: Size, dim1: Size) -> Tensor:
    """Two dimensions change places, in `input` itself."""
    return become(input, transpose(input, dim0, dim1))


@op("torch.Tensor.swapaxes_")
def swapaxes_(input: Tensor, axis0: Size, axis1: Size) -> Tensor:
    """Two dimensions change places, in `input` itself."""
    return become(input, transpose(input, axis0, axis1))


def _permute(input: Tensor, dims: Shape) -> Tensor:
    if len(dims) != input.ndim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} orders {len(dims)} dimensions, but {{input}} {show_shape(input.shape)} has {input.ndim}",
            blame="input",
            torch="permute(sparse_coo): number of dimensions in the tensor input does not match the length "
            "of "
            f"the desired ordering of dimensions i.e. input.dim() = {input.ndim} is not equal to len(dims) "
            f"= {len(dims)}",
            label=show_shape(input.shape),
        )
    return permuted(input, distinct_dims(dims, input.ndim))


@op("torch.permute")
def permute(input: Tensor, dims: Shape) -> Tensor:
    """The dimensions in another order."""
    return _permute(input, dims)


@op("torch.Tensor.permute")
def permute_method(input: Tensor, *dims: Size | Shape, **keyword: Shape) -> Tensor:
    """The dimensions in another order."""
    return _permute(input, sizes_of(dims, keyword.get("dims")))


@op("torch.movedim", "torch.Tensor.movedim", "torch.moveaxis", "torch.Tensor.moveaxis")
def movedim(input: Tensor, source: Size | Shape, destination: Size | Shape) -> Tensor:
    """The dimensions of `source` stand at `destination`; the others keep their order."""
    sources = source if isinstance(source, tuple) else (source,)
    targets = destination if isinstance(destination, tuple) else (destination,)
    if len(sources) != len(targets):
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} moves {len(sources)} dimensions to {len(targets)} places",
            blame="destination",
            torch=f"movedim: Invalid source or destination dims: source ({len(sources)} dims) should "
            "contain the same "
            f"number of dims as destination ({len(targets)} dims)",
        )
    from_dims = distinct_dims(sources, input.ndim, "source")
    to_dims = distinct_dims(targets, input.ndim, "destination")
    if input.ndim == 0:
        return permuted(input, ())
    rest = iter([d for d in range(input.ndim) if d not in from_dims])
    placed = dict(zip(to_dims, from_dims))
    return permuted(input, tuple(placed[d] if d in placed else next(rest) for d in range(input.ndim)))


def _require_matrix(input: Tensor, most: int) -> None:
    if input.ndim > most:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes at most {most} dimensions, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D",
            label=show_shape(input.shape),
        )


@op("torch.t", "torch.Tensor.t", ranks=(2,))
def t(input: Tensor) -> Tensor:
    """`[n, m]` to `[m, n]`; fewer dimensions stay."""
    _require_matrix(input, 2)
    return permuted(input, tuple(reversed(range(input.ndim))))


@op("torch.Tensor.t_", ranks=(2,))
def t_(input: Tensor) -> Tensor:
    """`[n, m]` to `[m, n]`, in `input` itself."""
    return become(input, t(input))


@attribute("torch.Tensor.T")
def reversed_dims(input: Tensor) -> Tensor:
    """All dimensions in reverse order."""
    return permuted(input, tuple(reversed(range(input.ndim))))


@attribute("torch.Tensor.H")
def hermitian(input: Tensor) -> Tensor:
    """The conjugate transpose of a matrix."""
    if input.ndim not in (0, 2):
        raise ShapeError(
            "wrong-rank",
            f"`.H` is for matrices, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"tensor.H is only supported on matrices (2-D tensors). Got {input.ndim}-D tensor.",
            label=show_shape(input.shape),
        )
    return permuted(input, tuple(reversed(range(input.ndim))))


@attribute("torch.Tensor.mT", "torch.Tensor.mH")
def matrix_transpose(input: Tensor) -> Tensor:
    """The last two dimensions change places."""
    if input.ndim == 1:
        raise ShapeError(
            "wrong-rank",
            "`.mT` needs two dimensions, but {input} has one",
            blame="input",
            torch="tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor.",
            label=show_shape(input.shape),
        )
    return transpose(input, -2, -1) if input.ndim else view_of(input, (), ())


@op("torch.adjoint", "torch.Tensor.adjoint", ranks=(2, 3))
def adjoint(input: Tensor) -> Tensor:
    """The last two dimensions change places, conjugated."""
    return matrix_transpose(input)


def _without(input: Tensor, dims: tuple[int, ...]) -> Tensor:
    kept = [d for d in range(input.ndim) if d not in dims]
    strides = input.strides
    return view_of(
        input,
        tuple(input.shape[d] for d in kept),
        None if strides is None else tuple(strides[d] for d in kept),
        input.values,
    )


@op("torch.squeeze", "torch.Tensor.squeeze")
def squeeze(input: Tensor, dim: Size | Shape | None = None, *more: Size) -> Tensor:
    """Without the dimensions of size 1, or without those of `dim` that have size 1."""
    if more and not isinstance(dim, tuple) and dim is not None:
        dim = (dim, *more)
    if dim is None:
        # A symbol may be 1; an author who squeezes everything does not count on that.
        return _without(input, tuple(d for d, s in enumerate(input.shape) if same(s, 1) is Truth.YES))
    dims = distinct_dims(dim if isinstance(dim, tuple) else (dim,), input.ndim, "dim")
    return _without(input, tuple(d for d in dims if input.ndim and decide_same(input.shape[d], 1)))


@op("torch.Tensor.squeeze_")
def squeeze_(input: Tensor, dim: Size | Shape | None = None, *more: Size) -> Tensor:
    """Without dimensions of size 1, in `input` itself."""
    return become(input, squeeze(input, dim, *more))


@op("torch.unsqueeze", "torch.Tensor.unsqueeze")
def unsqueeze(input: Tensor, dim: Size) -> Tensor:
    """With one more dimension of size 1 at `dim`."""
    index = known_int(dim, "the dimension")
    places = input.ndim + 1
    if not -places <= index < places:
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} cannot put a dimension at {index}: {{input}} has {input.ndim} dimensions",
            blame="dim",
            torch=f"Dimension out of range (expected to be in range of [{-places}, {places - 1}], but got {index})",
        )
    index %= places
    strides = input.strides
    if strides is not None:
        step = input.shape[index] * strides[index] if index < input.ndim else 1
        strides = (*strides[:index], step, *strides[index:])
    return view_of(input, (*input.shape[:index], 1, *input.shape[index:]), strides, input.values)


@op("torch.Tensor.unsqueeze_")
def unsqueeze_(input: Tensor, dim: Size) -> Tensor:
    """With one more dimension of size 1, in `input` itself."""
    return become(input, unsqueeze(input, dim))


def rearranged(input: Tensor, shape: Shape | None = None) -> Tensor:
    """A copy that may keep the memory order of `input`: row-major if that was."""
    result = copy_of(input, input.shape if shape is None else shape)
    if not input.is_contiguous_by_construction:
        result._strides = None
    return result


@op("torch.flip")
def flip(input: Tensor, dims: Size | Shape) -> Tensor:
    """Elements in reverse order along `dims`."""
    axes = distinct_dims(dims if isinstance(dims, tuple) else (dims,), input.ndim)
    result = rearranged(input)
    result.values = flipped(input, axes)
    return result


@op("torch.Tensor.flip")
def flip_method(input: Tensor, *dims: Size | Shape, **keyword: Shape) -> Tensor:
    """Elements in reverse order along `dims`."""
    return flip(input, sizes_of(dims, keyword.get("dims")))


@op("torch.fliplr", "torch.Tensor.fliplr", ranks=(2, 3))
def fliplr(input: Tensor) -> Tensor:
    """Reversed along dimension 1."""
    return _flip_side(input, 1)


@op("torch.flipud", "torch.Tensor.flipud", ranks=(2, 3))
def flipud(input: Tensor) -> Tensor:
    """Reversed along dimension 0."""
    return _flip_side(input, 0)


def _flip_side(input: Tensor, dim: int) -> Tensor:
    if input.ndim <= dim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} needs at least {dim + 1} dimension{'s' * dim}, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Input must be >= {dim + 1}-d.",
            label=show_shape(input.shape),
        )
    return rearranged(input)


@op("torch.rot90", "torch.Tensor.rot90", ranks=(2, 4))
def rot90(input: Tensor, k: Size = 1, dims: Shape = (0, 1)) -> Tensor:
    """Turned `k` times by 90 degrees in the plane of two dimensions."""
    if len(dims) != 2:
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} turns the plane of 2 dimensions, but is given {len(dims)}",
            blame="dims",
            torch=f"expected total rotation dims == 2, but got dims = {len(dims)}",
        )
    if input.ndim < 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} needs at least 2 dimensions, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"expected total dims >= 2, but got total dims = {input.ndim}",
            label=show_shape(input.shape),
        )
    first, second = distinct_dims(dims, input.ndim)
    shape = list(input.shape)
    if known_int(k, "the number of turns") % 2:
        shape[first], shape[second] = shape[second], shape[first]
    result = copy_of(input, tuple(shape))
    result._strides = None
    return result


@op("torch.roll", "torch.Tensor.roll")
def roll(input: Tensor, shifts: Size | Shape | Unknown, dims: Size | Shape | None = None) -> Tensor:
    """Elements shifted around along `dims`."""
    if dims is not None and dims != ():
        axes = dims if isinstance(dims, tuple) else (dims,)
        if input.ndim == 0:
            raise ShapeError(
                "dim-out-of-range",
                "{callee} rolls a dimension of {input}, which has none",
                blame="dims",
                torch="Dimension specified as 0 but tensor has no dimensions",
            )
        for axis in axes:
            normalize_dim(axis, input.ndim, "dims")
        count = len(shifts) if isinstance(shifts, tuple) else 1
        if count != len(axes):
            raise ShapeError(
                "dim-out-of-range",
                f"{{callee}} has {count} shift{'s' * (count != 1)} for {len(axes)} dimension{'s' * (len(axes) != 1)}",
                blame="dims",
                torch=f"shifts and dimensions must align. shifts: {count}, dims:{len(axes)}",
            )
    elif isinstance(shifts, tuple) and len(shifts) != 1:
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} has {len(shifts)} shifts and no dimensions for them",
            blame="dims",
            torch=f"shifts and dimensions must align. shifts: {len(shifts)}, dims:0",
        )
    return rearranged(input) if dims is not None else copy_of(input, input.shape)
