"""The methods behind operators whose first operand is no tensor: `x.__radd__(1)` is `1 + x`."""

from __future__ import annotations

from typing import Any

from torchlint.ops.coercion import Number
from torchlint.ops.registry import OPERATIONS, op
from torchlint.values.tensor import Tensor

_OPERATORS = {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "true_divide", "div": "true_divide", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "pow", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "lshift": "bitwise_left_shift", "rshift": "bitwise_right_shift",
}  # fmt: skip

"""What they compute, by operator."""


def _register(name: str, function: str) -> None:
    operation = OPERATIONS[f"torch.{function}"]

    def reflected(input: Tensor, other: Tensor | Number) -> Any:
        return operation.run({"input": other, operation.signature.positional[1].name: input})

    reflected.__doc__ = f"`{function}` of the other operand and the tensor."
    op(f"torch.Tensor.__r{name}__")(reflected)


for _name, _function in _OPERATORS.items():
    _register(_name, _function)
