"""The few functions of numpy that model code makes sizes and schedules with. Arrays are tensors; everything else is Unknown."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.interpreter.objects import HostFunction
from torchlint.ops.registry import OPERATIONS
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def _of_torch(name: str) -> HostFunction:
    """The operation of torch that makes the same values, in double precision where torch would take single."""

    def run(m: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("dtype", None)
        return m.call_value(OPERATIONS[name], args, kwargs)

    return HostFunction(name, run, takes_unknown=True)


def _scalar(name: str, host: Callable[[float], Any]) -> HostFunction:
    def run(m: Any, value: Any) -> Any:
        if isinstance(value, Unknown):
            return m.derived(name, value)
        if isinstance(value, (Expr, Real, Tensor, list, tuple)):
            return m.unknown(f"`numpy.{name}` of something that is no plain number")
        return host(value)

    return HostFunction(f"numpy.{name}", run, takes_unknown=True)


def _product(m: Any, values: Any, *rest: Any) -> Any:
    if isinstance(values, Tensor) or rest:
        return m.unknown("`numpy.prod` of an array")
    total: Any = 1
    for value in m.iterate(values):
        total = m.binary(ast.Mult, total, value)
    return total


def _linspace(m: Any, start: Any, stop: Any, num: Any = 50, *rest: Any) -> Any:
    return m.call_value(OPERATIONS["torch.linspace"], (start, stop, num), {})


NUMPY: dict[str, Any] = {
    "pi": math.pi, "inf": math.inf, "nan": math.nan, "e": math.e, "newaxis": None,
    "prod": HostFunction("numpy.prod", _product, takes_unknown=True),
    "linspace": HostFunction("numpy.linspace", _linspace, takes_unknown=True),
    "arange": _of_torch("torch.arange"), "cumsum": _of_torch("torch.cumsum"),
    "sqrt": _scalar("sqrt", math.sqrt), "ceil": _scalar("ceil", lambda v: float(math.ceil(v))),
    "floor": _scalar("floor", lambda v: float(math.floor(v))), "log2": _scalar("log2", math.log2),
    "log": _scalar("log", math.log), "exp": _scalar("exp", math.exp), "log10": _scalar("log10", math.log10),
    "int64": int, "int32": int, "float32": float, "float64": float,
}  # fmt: skip
