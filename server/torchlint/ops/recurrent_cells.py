"""One step of recurrence: `RNNCell`, `LSTMCell`, `GRUCell`."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.recurrent import recurrent_error, require_input_size, require_weight_dtype
from torchlint.ops.registry import layer
from torchlint.ops.results import result
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import spend
from torchlint.values.tensor import Tensor, parameter
from torchlint.values.unknown import Unknown


class _Cell(Module):
    """The weights of a step."""

    def _set_up(self, input_size: Size, hidden_size: Size, bias: object, gates: int, dtype: DType | None) -> None:
        self.input_size = input_size
        self.hidden_size = hidden_size
        if isinstance(bias, Unknown):
            raise Undecided(bias.reason)
        self.bias = bias
        gate = gates * hidden_size
        self.weight_ih = parameter(gate, input_size, dtype=dtype)
        self.weight_hh = parameter(gate, hidden_size, dtype=dtype)
        self.register_parameter("bias_ih", parameter(gate, dtype=dtype) if bias else None)
        self.register_parameter("bias_hh", parameter(gate, dtype=dtype) if bias else None)

    def _step(self, input: Tensor, states: Sequence[Tensor], count: int) -> Tensor | tuple[Tensor, ...]:
        if input.ndim not in (1, 2):
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes [N, {show(self.input_size)}] or [{show(self.input_size)}], but {{input}} "
                "is "
                f"{show_shape(input.shape)}",
                blame="input",
                torch=f"{type(self).__name__}: Expected input to be 1D or 2D, got {input.ndim}D instead",
                label=show_shape(input.shape),
            )
        shape = (*input.shape[:-1], self.hidden_size)
        made = tuple(result(shape, input.dtype, input, self.weight_ih) for _ in range(count))
        step = made if count > 1 else made[0]
        require_input_size(input, self.input_size, step)
        require_weight_dtype(input, self.weight_ih, step)
        for index, state in enumerate(states):
            _require_state(state, made[0], f"element {index} of {{hx}}" if count > 1 else "{hx}", step)
        rows = input.shape[0] if input.ndim == 2 else 1
        spend(rows * self.weight_ih.shape[0] * (self.input_size + self.hidden_size))
        return step

    def extra_repr(self) -> str:
        text = f"{show(self.input_size)}, {show(self.hidden_size)}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        nonlinearity = vars(self).get("nonlinearity", "tanh")
        return text if nonlinearity == "tanh" else f"{text}, nonlinearity={nonlinearity}"


def _require_state(state: Tensor, expected: Tensor, name: str, step: object) -> None:
    def unfit() -> ShapeError:
        return recurrent_error(
            f"{name} must be {show_shape(expected.shape)}, but is {show_shape(state.shape)}",
            f"hidden0 has inconsistent hidden_size: got {show_shape(state.shape)}, expected {show_shape(expected.shape)}",
            "hx",
            state,
            result=step,
        )

    if state.ndim != expected.ndim:
        raise unfit()
    for given, wanted in zip(state.shape, expected.shape):
        require_same(given, wanted, unfit)
    if state.dtype is not expected.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{name} is {state.dtype.name}, but {{input}} is {expected.dtype.name}",
            blame="hx",
            torch=f"expected m1 and m2 to have the same dtype, but got: {state.dtype.name} != {expected.dtype.name}",
            label=state.dtype.name,
            result=step,
        )


@layer("torch.nn.RNNCell", ranks=(2, 1))
class RNNCell(_Cell):
    """`[N, input_size]` and a state `[N, hidden_size]` to the next state."""

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        bias: object = True,
        nonlinearity: str = "tanh",
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self._set_up(input_size, hidden_size, bias, 1, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
        if self.nonlinearity not in ("tanh", "relu"):
            raise ShapeError(
                "bad-call",
                f"`nonlinearity` of {{callee}} must be tanh or relu, but is {self.nonlinearity}",
                torch=f"Unknown nonlinearity: {self.nonlinearity}",
            )
        return self._step(input, () if hx is None else (hx,), 1)


@layer("torch.nn.GRUCell", ranks=(2, 1))
class GRUCell(_Cell):
    """`[N, input_size]` and a state `[N, hidden_size]` to the next state."""

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        bias: object = True,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self._set_up(input_size, hidden_size, bias, 3, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
        return self._step(input, () if hx is None else (hx,), 1)


@layer("torch.nn.LSTMCell", ranks=(2, 1))
class LSTMCell(_Cell):
    """`[N, input_size]` and two states `[N, hidden_size]` to the next two."""

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        bias: object = True,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self._set_up(input_size, hidden_size, bias, 4, dtype)

    def forward(self, input: Tensor, hx: Sequence[Tensor] | None = None) -> Tensor | tuple[Tensor, ...]:
        if hx is not None and len(hx) != 2:
            raise recurrent_error(f"{{hx}} must be 2 states, but is {len(hx)}", "lstm_cell expects two hidden states", "hx")
        return self._step(input, hx or (), 2)
