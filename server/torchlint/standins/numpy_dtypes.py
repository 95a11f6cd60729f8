"""numpy's dtypes, and what its scalars have in common: they are numbers, see `torchlint.values.scalar`."""

import torch
from _torchlint import dtype_name, gathered, is_unknown, plain, result_of, torch_dtype, unknown


class dtype:
    def __init__(self, dtype, align=False, copy=False):
        self._torch = torch_dtype(dtype)

    @property
    def name(self):
        return dtype_name(self._torch)

    @property
    def itemsize(self):
        return self._torch.itemsize

    @property
    def kind(self):
        if self._torch == torch.bool:
            return "b"
        return "f" if self._torch.is_floating_point else "u" if self.name[0] == "u" else "i"

    def __eq__(self, other):
        return self._torch == torch_dtype(other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return unknown("a hash")

    def __getattr__(self, name):
        return unknown("a part of a dtype")


class generic:
    """Scalars are numbers, and know their dtype."""

    shape = ()
    ndim = 0
    size = 1

    def __new__(cls, value=0):
        return cast(value, cls)

    @property
    def dtype(self):
        return dtype(type(self))

    @property
    def T(self):
        return self

    def item(self, *args):
        return plain(self)

    def tolist(self):
        return plain(self)

    def astype(self, dtype, *args, **kwargs):
        return cast(self, dtype)

    def copy(self, order="C"):
        return self

    def squeeze(self, axis=None):
        return self

    def __getattr__(self, name):
        return unknown("a part of a scalar")


class number(generic):
    pass


class integer(number):
    pass


class signedinteger(integer):
    pass


class unsignedinteger(integer):
    pass


class inexact(number):
    pass


class floating(inexact):
    pass


class bool_(generic):
    pass


class float16(floating):
    pass


class float32(floating):
    pass


class float64(floating):
    pass


class int8(signedinteger):
    pass


class int16(signedinteger):
    pass


class int32(signedinteger):
    pass


class int64(signedinteger):
    pass


class uint8(unsignedinteger):
    pass


class uint16(unsignedinteger):
    pass


class uint32(unsignedinteger):
    pass


class uint64(unsignedinteger):
    pass


def cast(data, dtype):
    """A copy in another dtype, or in its own: a scalar or an array."""
    tensor, kept = gathered(data), torch_dtype(dtype)
    if is_unknown(tensor) or is_unknown(kept):
        return tensor if is_unknown(tensor) else kept
    return result_of(tensor.clone() if kept is None else tensor.to(kept, copy=True))


bool = bool_
int_ = intp = longlong = int64
half, single, double, float_ = float16, float32, float64, float64
