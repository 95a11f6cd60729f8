"""`numpy`: functions that make arrays and compute with them. Names that are not told of here are Unknown."""

import torch
from _torchlint import (
    array_of, common_dtype, first_unknown, gathered, is_array, is_list, is_number, is_tensor, is_unknown, result_of,
    size_product, torch_dtype, unknown,
)  # fmt: skip
from numpy._arrays import arithmetic, matmul, ndarray, rearranged
from numpy._dtypes import (
    bool, bool_, cast, double, dtype, float16, float32, float64, float_, floating, generic, half, inexact, int8, int16,
    int32, int64, int_, integer, intp, longlong, number, signedinteger, single, uint8, uint16, uint32, uint64,
    unsignedinteger,
)  # fmt: skip
from numpy._ufuncs import (
    abs, absolute, add, all, amax, amin, any, arccos, arcsin, arctan, argmax, argmin, argsort, around, ceil, clip, cos,
    cosh, cumprod, cumsum, deg2rad, degrees, diagonal, divide, dot, equal, exp, exp2, expm1, fabs, floor, floor_divide,
    greater, isfinite, isinf, isnan, less, log, log1p, log2, log10, logical_and, logical_not, logical_or, max, maximum,
    mean, min, minimum, mod, multiply, nanmax, nanmean, nanmin, nanstd, nansum, negative, nonzero, not_equal, power,
    rad2deg, radians, ravel, remainder, repeat, reshape, rint, round, round_, sign, sin, sinh, sqrt, square, squeeze, std,
    subtract, sum, swapaxes, take, tan, tanh, trace, true_divide, trunc, var,
)  # fmt: skip

pi = 3.141592653589793
e = 2.718281828459045
inf = float("inf")
nan = float("nan")
newaxis = None


def _array(data):
    return array_of(gathered(data))


def array(object, dtype=None, copy=True, order="K", subok=False, ndmin=0, like=None):
    tensor = gathered(object)
    kept = torch_dtype(dtype)
    if is_unknown(tensor) or is_unknown(kept) or ndmin:
        return unknown("an array of what is not known")
    return array_of(tensor.clone() if kept is None else tensor.to(kept, copy=True))


def asarray(a, dtype=None, order=None, device=None, copy=None, like=None):
    if is_array(a) and not is_unknown(dtype) and (dtype is None or a.dtype == dtype):
        return a
    return array(a, dtype)


asanyarray = ascontiguousarray = asarray


def copy(a, order="K", subok=False):
    return array(a)


def _or(dtype, usual):
    return dtype if is_unknown(dtype) or dtype is not None else usual


def _made(function, shape, dtype, **kwargs):
    kept = torch_dtype(dtype)
    if is_unknown(kept):
        return kept
    if is_array(shape):
        shape = shape.tolist()
    return array_of(function(shape if is_list(shape) else (shape,), dtype=kept, **kwargs))


def zeros(shape, dtype=float, order="C", device=None, like=None):
    return _made(torch.zeros, shape, dtype)


def ones(shape, dtype=None, order="C", device=None, like=None):
    return _made(torch.ones, shape, _or(dtype, float))


def empty(shape, dtype=float, order="C", device=None, like=None):
    return _made(torch.empty, shape, dtype)


def full(shape, fill_value, dtype=None, order="C", device=None, like=None):
    filling = gathered(fill_value)
    if is_unknown(filling):
        return filling
    made = _made(torch.empty, shape, _or(dtype, filling.dtype))
    if not is_unknown(made):
        made[...] = fill_value
    return made


def _like(make, a, dtype, shape):
    tensor = gathered(a)
    return tensor if is_unknown(tensor) else make(tuple(tensor.shape) if shape is None else shape, _or(dtype, tensor.dtype))


def zeros_like(a, dtype=None, order="K", subok=True, shape=None, device=None):
    return _like(zeros, a, dtype, shape)


def ones_like(a, dtype=None, order="K", subok=True, shape=None, device=None):
    return _like(ones, a, dtype, shape)


def empty_like(prototype, dtype=None, order="K", subok=True, shape=None, device=None):
    return _like(empty, prototype, dtype, shape)


def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, device=None):
    made = _like(empty, a, dtype, shape)
    if not is_unknown(made):
        made[...] = fill_value
    return made


def eye(N, M=None, k=0, dtype=float, order="C", device=None, like=None):
    kept = torch_dtype(dtype)
    if is_unknown(kept):
        return kept
    columns = N if M is None else M
    return array_of(torch.eye(N, columns, dtype=kept) if k == 0 else torch.empty(N, columns, dtype=kept))


def identity(n, dtype=float, like=None):
    return eye(n, dtype=dtype)


def arange(start, stop=None, step=1, dtype=None, device=None, like=None):
    if stop is None:
        start, stop = 0, start
    kept = torch_dtype(dtype)
    if kept is None:
        bounds = gathered([start, stop, step])
        kept = bounds if is_unknown(bounds) else bounds.dtype
    return kept if is_unknown(kept) else array_of(torch.arange(start, stop, step, dtype=kept))


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, device=None):
    if retstep or gathered([start, stop]).ndim != 1:
        return unknown("a range that is not told of")
    if is_unknown(start) or is_unknown(stop) or endpoint is not True:
        return cast(torch.empty((num,), dtype=torch.float64), dtype)
    return cast(torch.linspace(start, stop, num, dtype=torch.float64), dtype)


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    return cast(torch.empty((num,), dtype=torch.float64), dtype)


geomspace = logspace


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    tensors = [gathered(x) for x in xi]
    if sparse or first_unknown(tensors) is not None:
        return unknown("a grid of what is not known")
    return tuple(array_of(grid) for grid in torch.meshgrid(*tensors, indexing=indexing))


def prod(a, axis=None, dtype=None, out=None, keepdims=False):
    if is_list(a) and axis is None and dtype is None and not keepdims:
        return size_product(a)
    made = _array(a)
    return made if is_unknown(made) else made.prod(axis, dtype, out, keepdims)


def transpose(a, axes=None):
    made = _array(a)
    return made if is_unknown(made) else made.transpose(axes) if axes is not None else made.T


def shape(a):
    made = _array(a)
    return made if is_unknown(made) else made.shape


def ndim(a):
    made = _array(a)
    return made if is_unknown(made) else made.ndim


def size(a, axis=None):
    made = _array(a)
    return made if is_unknown(made) else made.size if axis is None else made.shape[axis]


def sort(a, axis=-1, kind=None, order=None):
    made = array(a)
    if not is_unknown(made):
        made.sort(axis)
    return made


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None):
    tensor = gathered(ar)
    if return_index or is_unknown(tensor) or axis is not None:
        return unknown("what is found once")
    found = torch.unique(tensor, return_inverse=return_inverse, return_counts=return_counts)
    return array_of(found) if is_tensor(found) else tuple(map(array_of, found))


def where(condition, *choices):
    if len(choices) != 2:
        return nonzero(condition)
    chosen = gathered(condition)
    made = arithmetic(torch.add, *choices)
    if is_unknown(chosen) or is_unknown(made):
        return unknown("a choice that is not known")
    both = gathered(made)
    try:
        return array_of(torch.where(chosen.to(torch.bool), both, both))
    except Exception:
        raise ValueError(
            f"operands could not be broadcast together with shapes {tuple(chosen.shape)} {tuple(both.shape)}"
        ) from None


def _joined(function, arrays, axis, at_least=0):
    if is_array(arrays):
        arrays = list(arrays)
    if not is_list(arrays) or not arrays:
        return unknown("arrays that are not known")
    tensors = [gathered(one) for one in arrays]
    if first_unknown(tensors) is not None:
        return first_unknown(tensors)
    tensors = [_of_dimensions(tensor, at_least) for tensor in tensors]
    kept = tensors[0].dtype
    for tensor in tensors[1:]:
        kept = common_dtype(torch.empty(1, dtype=kept), torch.empty(1, dtype=tensor.dtype), False)
    shapes = ", ".join([str(tuple(tensor.shape)) for tensor in tensors[:4]])
    try:
        return array_of(function([tensor.to(kept) for tensor in tensors], axis))
    except Exception:
        raise ValueError(f"arrays of the shapes {shapes} do not fit together along axis {axis}") from None


def _of_dimensions(tensor, count):
    """The tensor with axes of size 1 in front, as many as it lacks."""
    return torch.reshape(tensor, (1,) * (count - tensor.ndim) + tuple(tensor.shape)) if tensor.ndim < count else tensor


def _of_dtype(made, dtype):
    return made if dtype is None or is_unknown(made) else made.astype(dtype)


def concatenate(arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    made = _joined(torch.cat, arrays, 0 if axis is None else axis)
    return _of_dtype(made, dtype) if axis is not None else unknown("arrays are joined as lists of elements")


concat = concatenate


def stack(arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    return _of_dtype(_joined(torch.stack, arrays, axis), dtype)


def vstack(tup, dtype=None, casting="same_kind"):
    return _of_dtype(_joined(torch.cat, tup, 0, at_least=2), dtype)


row_stack = vstack


def hstack(tup, dtype=None, casting="same_kind"):
    first = gathered(tup[0]) if is_list(tup) and tup else unknown("arrays that are not known")
    if is_unknown(first):
        return first
    return _of_dtype(_joined(torch.cat, tup, 0 if first.ndim <= 1 else 1, at_least=1), dtype)


def column_stack(tup):
    if not is_list(tup):
        return unknown("arrays that are not known")
    columns = [_array(one) for one in tup]
    if first_unknown(columns) is not None:
        return first_unknown(columns)
    return _joined(torch.cat, [column if column.ndim > 1 else column.reshape(-1, 1) for column in columns], 1)


def append(arr, values, axis=None):
    if axis is None:
        return concatenate([ravel(arr), ravel(values)])
    return concatenate([arr, values], axis)


def _parts(ary, indices_or_sections, axis, is_even):
    tensor = gathered(ary)
    if is_unknown(tensor) or is_unknown(indices_or_sections):
        return unknown("parts of what is not known")
    places = indices_or_sections
    if is_array(places):
        places = places.tolist()
    length = tensor.shape[axis]
    if is_even and is_number(places) and is_number(length) and length % places:
        raise ValueError("array split does not result in an equal division")
    try:
        parts = torch.tensor_split(tensor, tuple(places) if is_list(places) else places, axis)
    except Exception:
        raise ValueError(f"an array of shape {tuple(tensor.shape)} cannot be split along axis {axis}") from None
    return parts if is_unknown(parts) else [array_of(part) for part in parts]


def split(ary, indices_or_sections, axis=0):
    return _parts(ary, indices_or_sections, axis, True)


def array_split(ary, indices_or_sections, axis=0):
    return _parts(ary, indices_or_sections, axis, False)


def expand_dims(a, axis):
    made = _array(a)
    if is_list(axis) or is_unknown(made):
        return unknown("several axes are added") if is_list(axis) else made
    return rearranged(torch.unsqueeze, gathered(a), axis)


def atleast_1d(*arys):
    return _at_least(1, arys)


def atleast_2d(*arys):
    return _at_least(2, arys)


def _at_least(count, given):
    made = [gathered(one) for one in given]
    if first_unknown(made) is not None:
        return first_unknown(made)
    arrays = [array_of(_of_dimensions(tensor, count)) for tensor in made]
    return arrays[0] if len(arrays) == 1 else arrays


def moveaxis(a, source, destination):
    return rearranged(torch.movedim, gathered(a), source, destination)


def tile(A, reps):
    reps = tuple(reps) if is_list(reps) else (reps,)
    return rearranged(torch.tile, gathered(A), reps)


def flip(m, axis=None):
    tensor = gathered(m)
    if is_unknown(tensor):
        return tensor
    made = rearranged(torch.flip, tensor, tuple(range(tensor.ndim)) if axis is None else axis)
    if not is_unknown(made):
        made._is_backward = True
    return made


def fliplr(m):
    return flip(m, 1)


def flipud(m):
    return flip(m, 0)


def roll(a, shift, axis=None):
    return cast(gathered(a), None)


def rot90(m, k=1, axes=(0, 1)):
    return rearranged(torch.rot90, gathered(m), k, axes)


def pad(array, pad_width, mode="constant", **kwargs):
    tensor = gathered(array)
    if is_unknown(tensor) or is_unknown(pad_width) or is_array(pad_width):
        return unknown("a margin that is not known")
    if is_number(pad_width):
        pad_width = (pad_width, pad_width)
    if is_number(pad_width[0]):
        pad_width = [pad_width if len(pad_width) == 2 else (pad_width[0], pad_width[0])] * tensor.ndim
    sizes = [size + before + after for size, (before, after) in zip(tensor.shape, pad_width)]
    return array_of(torch.empty(sizes, dtype=tensor.dtype))


def outer(a, b, out=None):
    return arithmetic(torch.mul, ravel(a)[:, None], ravel(b))


def diag(v, k=0):
    return rearranged(torch.diag, gathered(v), k)


def tril(m, k=0):
    return rearranged(torch.tril, gathered(m), k)


def triu(m, k=0):
    return rearranged(torch.triu, gathered(m), k)


def count_nonzero(a, axis=None, keepdims=False):
    made = _array(a)
    return made if is_unknown(made) else (made != 0).sum(axis, keepdims=keepdims)


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return mean(a, axis, keepdims=keepdims)
