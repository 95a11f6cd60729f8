"""numpy's arrays: each holds a tensor; the methods, dtypes and errors are numpy's.

What versions of numpy make different dtypes of is Unknown.
"""

import torch
from _torchlint import (
    array_of, common_dtype, gathered, is_list, is_number, is_tensor, is_unknown, item, plain, result_of, torch_dtype,
    unknown,
)  # fmt: skip
from numpy._dtypes import cast, dtype

_UNSIGNED = (torch.uint8, torch.uint16, torch.uint32, torch.uint64)


def as_float(tensor):
    return tensor if is_unknown(tensor) or tensor.is_floating_point() else tensor.to(torch.float64)


def without_bool(tensor):
    return tensor.to(torch.uint8) if tensor.dtype == torch.bool else tensor


def arithmetic(function, a, b, divides=False, compares=False):
    """An operation of two operands, broadcast; of a tensor and an array it is a tensor."""
    x, y = gathered(a), gathered(b)
    if is_unknown(x) or is_unknown(y):
        return x if is_unknown(x) else y
    kept = common_dtype(a, b, compares)
    if is_unknown(kept):
        return kept
    if divides and not kept.is_floating_point:
        kept = torch.float64
    try:
        made = function(x.to(kept), y.to(kept))
    except Exception:
        raise ValueError(f"operands could not be combined with shapes {tuple(x.shape)} {tuple(y.shape)}") from None
    return made if is_tensor(a) or is_tensor(b) else result_of(made)


def matmul(a, b):
    x, y = gathered(a), gathered(b)
    if is_unknown(x) or is_unknown(y):
        return x if is_unknown(x) else y
    kept = common_dtype(a, b, False)
    try:
        made = torch.matmul(x.to(torch.float64), y.to(torch.float64))
    except Exception:
        raise ValueError(f"matmul: arrays of shapes {tuple(x.shape)} and {tuple(y.shape)} do not fit") from None
    if is_unknown(kept):
        return kept
    made = made.to(kept)
    return made if is_tensor(a) or is_tensor(b) else result_of(made)


def _operators(symbol, function, divides=False):
    """`array + other`, `other + array` and `array += other`."""

    def of_array(self, other):
        if is_tensor(other) and not divides:
            raise TypeError(f"unsupported operand type(s) for {symbol}: 'numpy.ndarray' and 'Tensor'")
        return arithmetic(function, self, other, divides)

    def of_other(self, other):
        return arithmetic(function, other, self, divides)

    def in_place(self, other):
        if is_tensor(other):
            raise TypeError(f"unsupported operand type(s) for {symbol}: 'numpy.ndarray' and 'Tensor'")
        made = arithmetic(function, self, other, divides)
        kept = self._tensor.dtype
        new = torch.empty((), dtype=kept) if is_unknown(made) else gathered(made)
        if new.is_floating_point() and not kept.is_floating_point:
            raise TypeError(f"floats cannot be written to an array of {self.dtype.name}")
        self._write(..., new)
        return self

    return of_array, of_other, in_place


def _comparison(symbol, function):
    def method(self, other):
        if is_tensor(other):
            raise TypeError(f"'{symbol}' not supported between instances of 'numpy.ndarray' and 'Tensor'")
        return arithmetic(function, self, other, compares=True)

    return method


def reduced(function, tensor, axis, keepdims, **kwargs):
    """`function` of the elements along the axes, all of them if there is no axis."""
    if is_unknown(tensor) or is_unknown(axis) or is_unknown(keepdims):
        return unknown("a reduction of what is not known")
    if tensor.ndim == 0:
        return result_of(function(tensor, **kwargs))
    dims = tuple(range(tensor.ndim)) if axis is None else tuple(axis) if is_list(axis) else axis
    try:
        return result_of(function(tensor, dims, bool(keepdims), **kwargs))
    except Exception:
        raise ValueError(f"an array of shape {tuple(tensor.shape)} cannot be reduced along axis {axis}") from None


def reduced_once(function, tensor, axis, keepdims, **kwargs):
    """The same for functions that torch has for one axis, or for all elements."""
    if is_unknown(axis) or is_unknown(keepdims):
        return unknown("a reduction of what is not known")
    if axis is None and not keepdims:
        return result_of(function(tensor, **kwargs))
    if is_list(axis) or axis is None:
        return unknown("several axes are reduced")
    return reduced(function, tensor, axis, keepdims, **kwargs)


def rearranged(function, tensor, *args, **kwargs):
    """What a function makes of a tensor that only moves its elements."""
    if is_unknown(tensor):
        return tensor
    try:
        return array_of(function(tensor, *args, **kwargs))
    except Exception:
        raise ValueError(f"the arguments do not fit an array of shape {tuple(tensor.shape)}") from None


def _sizes(given):
    """Sizes that are given one by one or together."""
    return given[0] if len(given) == 1 and (given[0] is None or is_list(given[0])) else given


def total_dtype(tensor, dtype):
    """The dtype of sums and products."""
    if is_unknown(dtype) or dtype is not None or tensor.is_floating_point():
        return torch_dtype(dtype)
    return torch.uint64 if tensor.dtype in _UNSIGNED else torch.int64


class ndarray:
    _is_backward = False  # whether a stride is negative

    def __init__(self, shape, dtype=float, buffer=None, offset=0, strides=None, order=None):
        self._tensor = torch.empty(shape, dtype=torch_dtype(dtype))

    @property
    def shape(self):
        return tuple(self._tensor.shape)

    @property
    def ndim(self):
        return self._tensor.ndim

    @property
    def size(self):
        return self._tensor.numel()

    @property
    def dtype(self):
        return dtype(self._tensor.dtype)

    @property
    def itemsize(self):
        return self._tensor.dtype.itemsize

    @property
    def nbytes(self):
        return self.size * self.itemsize

    @property
    def T(self):
        return self.transpose()

    @property
    def real(self):
        return self

    @property
    def imag(self):
        return array_of(torch.zeros_like(self._tensor))

    argpartition = base = byteswap = choose = compress = ctypes = data = device = dump = dumps = unknown("a part of an array")
    flags = flat = getfield = itemset = mT = newbyteorder = partition = ptp = put = resize = searchsorted = argpartition
    setfield = setflags = strides = to_device = tobytes = tofile = tostring = view = argpartition

    def __len__(self):
        if self.ndim == 0:
            raise TypeError("len() of unsized object")
        return self._tensor.shape[0]

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return iter([result_of(row) for row in self._tensor])

    def __bool__(self):
        if is_number(self.size) and self.size > 1:
            raise ValueError("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")
        return unknown("the truth of an array")

    def __contains__(self, value):
        return unknown("what an array holds")

    def __getitem__(self, index):
        try:
            return item(self, index)
        except Exception:
            raise IndexError(f"the index does not fit an array of shape {self.shape}") from None

    def __setitem__(self, index, value):
        new = gathered(value)
        self._write(index, torch.empty((), dtype=self._tensor.dtype) if is_unknown(new) else new)

    def _write(self, index, new):
        try:
            self._tensor[index] = new.to(self._tensor.dtype)
        except IndexError:
            raise IndexError(f"the index does not fit an array of shape {self.shape}") from None
        except Exception:
            raise ValueError(
                f"could not broadcast input array from shape {tuple(new.shape)} into a part of {self.shape}"
            ) from None

    __add__, __radd__, __iadd__ = _operators("+", torch.add)
    __sub__, __rsub__, __isub__ = _operators("-", torch.sub)
    __mul__, __rmul__, __imul__ = _operators("*", torch.mul)
    __truediv__, __rtruediv__, __itruediv__ = _operators("/", torch.div, divides=True)
    __floordiv__, __rfloordiv__, __ifloordiv__ = _operators("//", torch.floor_divide)
    __mod__, __rmod__, __imod__ = _operators("%", torch.remainder)
    __pow__, __rpow__, __ipow__ = _operators("** or pow()", torch.pow)
    __and__, __rand__, __iand__ = _operators("&", torch.bitwise_and)
    __or__, __ror__, __ior__ = _operators("|", torch.bitwise_or)
    __xor__, __rxor__, __ixor__ = _operators("^", torch.bitwise_xor)
    __lt__, __le__ = _comparison("<", torch.lt), _comparison("<=", torch.le)
    __gt__, __ge__ = _comparison(">", torch.gt), _comparison(">=", torch.ge)

    def __eq__(self, other):
        return arithmetic(torch.eq, self, other, compares=True)

    def __ne__(self, other):
        return unknown("`!=` of an array and a tensor") if is_tensor(other) else _UNEQUAL(self, other)

    def __matmul__(self, other):
        if is_tensor(other):
            raise TypeError("unsupported operand type(s) for @: 'numpy.ndarray' and 'Tensor'")
        return matmul(self, other)

    def __rmatmul__(self, other):
        return matmul(other, self)

    def __invert__(self):
        return result_of(torch.bitwise_not(self._tensor))

    def __neg__(self):
        return result_of(torch.neg(self._tensor))

    def __pos__(self):
        return self.copy()

    def __abs__(self):
        return result_of(torch.abs(self._tensor))

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        return cast(self, dtype)

    def copy(self, order="C"):
        return cast(self, None)

    def item(self, *args):
        if args:
            return plain(item(self, args) if len(args) > 1 else self.ravel()[args[0]])
        if is_number(self.size) and self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self._tensor.item()

    def tolist(self):
        return self._tensor.tolist()

    def fill(self, value):
        self[...] = value

    def reshape(self, *shape, order="C", copy=None):
        shape = _sizes(shape)
        try:
            return array_of(torch.reshape(self._tensor, shape if is_list(shape) else (shape,)))
        except Exception:
            raise ValueError(f"cannot reshape array of shape {self.shape} into shape {shape}") from None

    def flatten(self, order="C"):
        return array_of(torch.reshape(self._tensor, (-1,)).clone())

    def ravel(self, order="C"):
        return array_of(torch.reshape(self._tensor, (-1,)))

    def transpose(self, *axes):
        axes = _sizes(axes)
        made = rearranged(torch.permute, self._tensor, axes or tuple(range(self.ndim))[::-1])
        if self._is_backward and not is_unknown(made):
            made._is_backward = True
        return made

    def swapaxes(self, axis1, axis2):
        return rearranged(torch.transpose, self._tensor, axis1, axis2)

    def squeeze(self, axis=None):
        if axis is None:
            return array_of(torch.squeeze(self._tensor))
        made = rearranged(torch.squeeze, self._tensor, axis)
        if not is_unknown(made) and is_number(axis) and made.ndim == self.ndim:
            raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
        return made

    def repeat(self, repeats, axis=None):
        if not is_number(repeats):
            return unknown("elements are repeated differently often")
        if axis is None:
            return array_of(torch.repeat_interleave(self._tensor.reshape(-1), repeats))
        return rearranged(torch.repeat_interleave, self._tensor, repeats, axis)

    def take(self, indices, axis=None, out=None, mode="raise"):
        if axis is None:
            return array_of(torch.reshape(self._tensor, (-1,)))[indices]
        return unknown("`take` along an axis")

    def diagonal(self, offset=0, axis1=0, axis2=1):
        return rearranged(torch.diagonal, self._tensor, offset, axis1, axis2)

    def trace(self, *args, **kwargs):
        return unknown("a trace")

    def nonzero(self):
        return tuple(array_of(index) for index in torch.nonzero(self._tensor, as_tuple=True))

    def argsort(self, axis=-1, kind=None, order=None):
        return rearranged(torch.argsort, without_bool(self._tensor), axis)

    def sort(self, axis=-1, kind=None, order=None):
        self._tensor[...] = torch.empty((), dtype=self._tensor.dtype)

    def clip(self, min=None, max=None, out=None):
        made = self
        if is_unknown(min) or min is not None:
            made = arithmetic(torch.maximum, made, min)
        return arithmetic(torch.minimum, made, max) if is_unknown(max) or max is not None else made

    def round(self, decimals=0, out=None):
        return result_of(self._tensor.round(decimals=decimals) if self._tensor.is_floating_point() else self._tensor)

    def conj(self):
        return self

    conjugate = conj

    def dot(self, other, out=None):
        x, y = self, gathered(other)
        if is_unknown(y):
            return y
        if x.ndim == 0 or y.ndim == 0:
            return arithmetic(torch.mul, self, other)
        return matmul(self, other) if y.ndim <= 2 else unknown("`dot` of many dimensions")

    def sum(self, axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True):
        return reduced(torch.sum, self._tensor, axis, keepdims, dtype=total_dtype(self._tensor, dtype))

    def prod(self, axis=None, dtype=None, out=None, keepdims=False, initial=1, where=True):
        return reduced_once(torch.prod, self._tensor, axis, keepdims, dtype=total_dtype(self._tensor, dtype))

    def mean(self, axis=None, dtype=None, out=None, keepdims=False, where=True):
        return reduced(torch.mean, as_float(self._tensor), axis, keepdims, dtype=torch_dtype(dtype))

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True):
        made = reduced(torch.amax, as_float(self._tensor), axis, keepdims)  # of the same shape
        return made if dtype is None or is_unknown(made) else cast(made, dtype)

    var = std

    def max(self, axis=None, out=None, keepdims=False, initial=None, where=True):
        made = reduced(torch.amax, without_bool(self._tensor), axis, keepdims)
        return cast(made, self.dtype)

    def min(self, axis=None, out=None, keepdims=False, initial=None, where=True):
        made = reduced(torch.amin, without_bool(self._tensor), axis, keepdims)
        return cast(made, self.dtype)

    def argmax(self, axis=None, out=None, keepdims=False):
        return reduced_once(torch.argmax, without_bool(self._tensor), axis, keepdims)

    def argmin(self, axis=None, out=None, keepdims=False):
        return reduced_once(torch.argmin, without_bool(self._tensor), axis, keepdims)

    def any(self, axis=None, out=None, keepdims=False, where=True):
        return reduced(torch.any, self._tensor.to(torch.bool), axis, keepdims)

    def all(self, axis=None, out=None, keepdims=False, where=True):
        return reduced(torch.all, self._tensor.to(torch.bool), axis, keepdims)

    def cumsum(self, axis=None, dtype=None, out=None):
        return self._cumulated(torch.cumsum, axis, dtype)

    def cumprod(self, axis=None, dtype=None, out=None):
        return self._cumulated(torch.cumprod, axis, dtype)

    def _cumulated(self, function, axis, dtype):
        tensor = torch.reshape(self._tensor, (-1,)) if axis is None else self._tensor
        return rearranged(function, tensor, 0 if axis is None else axis, dtype=total_dtype(tensor, dtype))


_UNEQUAL = _comparison("!=", torch.ne)
