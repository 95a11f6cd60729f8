"""Which of torch's errors are about shapes and dtypes, so that we must raise them too."""

from __future__ import annotations

import re

_NOT_ABOUT_SHAPES = re.compile(
    r"[ar]tol must be|TensorBase' objects doesn't apply|"
    r"not implemented for|memory location|overlap|unsupported operation|'out'|\bout tensor|input and out|"
    r"out of bounds for|index \S+ is out of|on the same device|device|sparse|named|quantized|autocast|complex32|"
    r"probability|expects (std|sigma|lambda|p |to return)|without overflow|overflow|weights cannot be negative|"
    r"storage|Long tensor out|does not support (automatic|complex)|nan|"
    r"up to 64 dims|multinomial distribution|singular|positive-definite|finite|"
    r"not supported on|"
    r"Target \d+ is out|index out of range|divisor|deprecated|must be in range \[0|supported for",
)


def is_about_shapes(error: BaseException) -> bool:
    """Whether torch's error is one that a shape, a dtype or the call itself explains (not values, devices, storage)."""
    return not isinstance(error, NotImplementedError) and _NOT_ABOUT_SHAPES.search(str(error)) is None
