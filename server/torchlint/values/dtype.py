"""torch's dtypes and its type promotion (https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion)."""

from __future__ import annotations

from enum import IntEnum


class Category(IntEnum):
    """Promotion never goes down this ladder."""

    BOOL = 0
    INTEGER = 1
    FLOAT = 2
    COMPLEX = 3


class DType:
    """One of torch's dtypes; compared by identity. `bits` is the width of one element."""

    __slots__ = ("bits", "category", "name", "signed")

    def __init__(self, name: str, category: Category, bits: int, signed: bool = True) -> None:
        self.name = name
        self.category = category
        self.bits = bits
        self.signed = signed

    @property
    def is_floating_point(self) -> bool:
        return self.category is Category.FLOAT

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self.bits // 8

    @property
    def is_complex(self) -> bool:
        return self.category is Category.COMPLEX

    @property
    def is_integral(self) -> bool:
        """Integers and bool, as torch counts them for indices and divisions."""
        return self.category <= Category.INTEGER

    @property
    def scalar_name(self) -> str:
        """What torch's messages about types call it: "Float", "Long"."""
        return _SCALAR_NAMES.get(self.name, self.name.capitalize())

    def __repr__(self) -> str:
        return f"torch.{self.name}"


_SCALAR_NAMES = {
    "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int", "int64": "Long", "float16": "Half", "float32": "Float",
    "float64": "Double", "bfloat16": "BFloat16", "complex32": "ComplexHalf", "complex64": "ComplexFloat",
    "complex128": "ComplexDouble", "uint16": "UInt16", "uint32": "UInt32", "uint64": "UInt64",
}  # fmt: skip


bool_ = DType("bool", Category.BOOL, 8, signed=False)
uint8 = DType("uint8", Category.INTEGER, 8, signed=False)
uint16 = DType("uint16", Category.INTEGER, 16, signed=False)
uint32 = DType("uint32", Category.INTEGER, 32, signed=False)
uint64 = DType("uint64", Category.INTEGER, 64, signed=False)
int8 = DType("int8", Category.INTEGER, 8)
int16 = DType("int16", Category.INTEGER, 16)
int32 = DType("int32", Category.INTEGER, 32)
int64 = DType("int64", Category.INTEGER, 64)
float8_e4m3fn = DType("float8_e4m3fn", Category.FLOAT, 8)
float8_e5m2 = DType("float8_e5m2", Category.FLOAT, 8)
float16 = DType("float16", Category.FLOAT, 16)
bfloat16 = DType("bfloat16", Category.FLOAT, 16)
float32 = DType("float32", Category.FLOAT, 32)
float64 = DType("float64", Category.FLOAT, 64)
complex32 = DType("complex32", Category.COMPLEX, 32)
complex64 = DType("complex64", Category.COMPLEX, 64)
complex128 = DType("complex128", Category.COMPLEX, 128)

PYTHON_DTYPES: dict[type, DType] = {bool: bool_, int: int64, float: float64, complex: complex128}
"""What Python's own types mean where torch wants a dtype."""

DTYPES: dict[str, DType] = {
    d.name: d
    for d in (
        bool_, uint8, uint16, uint32, uint64, int8, int16, int32, int64, float8_e4m3fn, float8_e5m2,
        float16, bfloat16, float32, float64, complex32, complex64, complex128,
    )
}  # fmt: skip
DTYPES.update(
    half=float16, float=float32, double=float64, short=int16, int=int32, long=int64, chalf=complex32, cfloat=complex64,
    cdouble=complex128,
)  # fmt: skip

_COMPLEX_OF = {16: complex32, 32: complex64, 64: complex128}


def real_dtype(dtype: DType) -> DType:
    """The dtype of the real part of a complex dtype; any other dtype itself."""
    return {complex32: float16, complex64: float32, complex128: float64}.get(dtype, dtype)


def complex_dtype(dtype: DType) -> DType:
    """The complex dtype whose parts have this floating dtype (bfloat16 has none: complex64)."""
    return complex64 if dtype is bfloat16 else _COMPLEX_OF.get(dtype.bits, complex64)


def promote_types(a: DType, b: DType) -> DType:
    """`torch.promote_types(a, b)`."""
    if a is b:
        return a
    if a.category > b.category:
        a, b = b, a
    if a.category is not b.category:
        if b.category is Category.COMPLEX and a.category is Category.FLOAT:
            return complex128 if a.bits == 64 else promote_types(complex_dtype(a), b)
        return b
    if a.category is Category.INTEGER:
        if a.signed == b.signed:
            return a if a.bits > b.bits else b
        unsigned, signed = (b, a) if a.signed else (a, b)
        if signed.bits > unsigned.bits:
            return signed
        return {8: int16, 16: int32, 32: int64}.get(unsigned.bits, float32)
    if a.category is Category.FLOAT and a.bits == b.bits:
        return float32  # float16 with bfloat16
    return a if a.bits > b.bits else b


def default_float_for(dtype: DType) -> DType:
    """What true division and mathematical functions make of the dtype: integers become the default float."""
    return float32 if dtype.is_integral else dtype
