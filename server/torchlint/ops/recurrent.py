"""Recurrent layers: `RNN`, `LSTM`, `GRU`, for padded batches, single sequences and packed sequences."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import known_int, require, require_same, same
from torchlint.ops.coercion import type_name
from torchlint.ops.registry import layer
from torchlint.ops.results import result
from torchlint.ops.sequences import PackedSequence
from torchlint.values.dtype import DType, float32
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import spend
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor, parameter
from torchlint.values.unknown import Unknown


def recurrent_error(message: str, torch: str, blame: str, tensor: Tensor | None = None, **more: object) -> ShapeError:
    """TL109 recurrent-input-size."""
    label = None if tensor is None else show_shape(tensor.shape)
    return ShapeError("recurrent-input-size", message, torch=torch, blame=blame, label=label, **more)  # type: ignore[arg-type]


def require_positive(**sizes: Size) -> None:
    """Sizes that torch wants to be greater than zero."""
    for name, size in sizes.items():
        if isinstance(size, int) and size <= 0:
            raise recurrent_error(f"`{name}` must be more than 0, but is {size}", f"{name} must be greater than zero", name)


def require_weight_dtype(input: Tensor, weight: Tensor, made: object) -> None:
    """Recurrent layers do not promote: TL115 dtype-mismatch."""
    if input.dtype is not weight.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} computes in {weight.dtype.name}, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"RNN input dtype ({input.dtype.name}) does not match weight dtype ({weight.dtype.name}).",
            label=input.dtype.name,
            result=made,
        )


def require_input_size(input: Tensor, wanted: Size, made: object) -> None:
    """The last size of the input is `input_size`."""
    features = input.shape[-1]
    require_same(
        features,
        wanted,
        lambda: recurrent_error(
            f"{{callee}} takes {show(wanted)} features, but {{input}} has {show(features)}",
            f"input.size(-1) must be equal to input_size. Expected {show(wanted)}, got {show(features)}",
            "input",
            input,
            repair={"input_size": features},
            result=made,
        ),
    )


class _Recurrent(Module):
    """The weights of every layer and direction, and how inputs and hidden states go with them."""

    _gates = 1
    _mode = "RNN"

    def _set_up(
        self,
        input_size: Size,
        hidden_size: Size,
        num_layers: Size,
        bias: object,
        batch_first: object,
        dropout: object,
        bidirectional: bool,
        proj_size: Size,
        dtype: DType | None,
    ) -> None:
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = _flag("bias", bias)
        self.batch_first = _flag("batch_first", batch_first)
        self.dropout = float(dropout) if isinstance(dropout, (int, float)) else dropout
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        if (isinstance(self.dropout, float) and not 0 <= self.dropout <= 1) or isinstance(dropout, bool):
            raise ShapeError(
                "bad-call",
                f"`dropout` must be between 0 and 1, but is {dropout}",
                blame="dropout",
                torch="dropout should be a number in range [0, 1] representing the probability of an element being zeroed",
            )
        require_positive(input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        if proj_size != 0:
            require(
                proj_size,
                "<",
                hidden_size,
                lambda: recurrent_error(
                    f"`proj_size` {show(proj_size)} must be smaller than `hidden_size` {show(hidden_size)}",
                    "proj_size has to be smaller than hidden_size",
                    "proj_size",
                ),
            )
        for index in range(known_int(num_layers, "the number of layers")):
            for suffix in ("", "_reverse")[: self._directions]:
                self._add_weights(index, suffix, dtype)

    def _add_weights(self, index: int, suffix: str, dtype: DType | None) -> None:
        gate = self._gates * self.hidden_size
        given = self.input_size if index == 0 else self._output_size * self._directions
        ending = f"l{index}{suffix}"
        setattr(self, f"weight_ih_{ending}", parameter(gate, given, dtype=dtype))
        setattr(self, f"weight_hh_{ending}", parameter(gate, self._output_size, dtype=dtype))
        if self.bias:
            setattr(self, f"bias_ih_{ending}", parameter(gate, dtype=dtype))
            setattr(self, f"bias_hh_{ending}", parameter(gate, dtype=dtype))
        if self.proj_size != 0:
            setattr(self, f"weight_hr_{ending}", parameter(self.proj_size, self.hidden_size, dtype=dtype))

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def _output_size(self) -> Size:
        return self.hidden_size if self.proj_size == 0 else self.proj_size

    def _states(self, batch: Shape, input: Tensor) -> tuple[Tensor, ...]:
        """The final hidden state, and the cell state of an LSTM."""
        lead = (self.num_layers * self._directions, *batch)
        sizes = (self._output_size, self.hidden_size)[: 2 if self._mode == "LSTM" else 1]
        return tuple(result((*lead, size), input.dtype, input, self.weight_ih_l0) for size in sizes)

    def _run(self, given: object, hx: tuple[Tensor, ...] | None) -> tuple[Tensor | PackedSequence, tuple[Tensor, ...]]:
        input = given.data if isinstance(given, PackedSequence) else _tensor(given)
        width = self._output_size * self._directions
        if isinstance(given, PackedSequence):
            batch: Shape = (given.batch,)
            output: Tensor | PackedSequence = given.holding(
                result((*input.shape[:-1], width), input.dtype, input, self.weight_ih_l0)
            )
        else:
            self._require_rank(input)
            batch = (input.shape[0] if self.batch_first else input.shape[1],) if input.ndim == 3 else ()
            known = input.ndim == 2 or not self.batch_first
            output = result(
                (*input.shape[:-1], width),
                input.dtype,
                input,
                self.weight_ih_l0,
                strides=CONTIGUOUS if known else None,
            )
        states = self._states(batch, input)
        made = (output, states if self._mode == "LSTM" else states[0])
        require_weight_dtype(input, self.weight_ih_l0, made)
        require_input_size(input, self.input_size, made)
        if hx is not None:
            self._require_states(hx, states, made)
        self._spend(input)
        return output, states

    def _require_rank(self, input: Tensor) -> None:
        if input.ndim not in (2, 3):
            order = "[N, L, features]" if self.batch_first else "[L, N, features]"
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes {order} or [L, features], but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch=f"{self._mode}: Expected input to be 2D or 3D, got {input.ndim}D instead",
                label=show_shape(input.shape),
            )

    def _require_states(self, hx: tuple[Tensor, ...], wanted: tuple[Tensor, ...], made: object) -> None:
        if len(hx) != len(wanted):
            raise recurrent_error(
                f"{{hx}} must be {len(wanted)} states, but is {len(hx)}",
                "not enough values to unpack" if len(hx) < len(wanted) else "too many values to unpack",
                "hx",
                result=made,
            )
        for index, (state, expected) in enumerate(zip(hx, wanted)):
            name = f"element {index} of {{hx}}" if len(wanted) > 1 else "the state {hx}"
            _require_state(state, expected, name, made)

    def _spend(self, input: Tensor) -> None:
        rows = input.numel() // input.shape[-1] if input.shape[-1] != 0 else 0
        gate, out = self._gates * self.hidden_size, self._output_size
        layers = known_int(self.num_layers, "the number of layers")
        for index in range(layers):
            given = self.input_size if index == 0 else out * self._directions
            each = gate * (given + out)
            if self.proj_size != 0:
                each = each + self.hidden_size * self.proj_size
            spend(rows * each * self._directions)

    def extra_repr(self) -> str:
        parts = [show(self.input_size), show(self.hidden_size)]
        if self.proj_size != 0:
            parts.append(f"proj_size={show(self.proj_size)}")
        if self.num_layers != 1:
            parts.append(f"num_layers={show(self.num_layers)}")
        if not self.bias:
            parts.append(f"bias={self.bias}")
        if self.batch_first:
            parts.append(f"batch_first={self.batch_first}")
        if self.dropout != 0:
            parts.append(f"dropout={self.dropout}")
        if self.bidirectional:
            parts.append(f"bidirectional={self.bidirectional}")
        return ", ".join(parts)


def _flag(name: str, value: object) -> bool:
    """A bool, and no other number: recurrent layers insist on it."""
    if isinstance(value, Unknown):
        raise Undecided(value.reason)
    if not isinstance(value, bool):
        raise ShapeError(
            "bad-call",
            f"`{name}` of {{callee}} must be a bool, but is {type_name(value)}",
            blame=name,
            torch=f"{name} should be of type bool, got: {type_name(value)}",
        )
    return value


def _states(hx: object, input: Tensor | PackedSequence) -> tuple[Tensor, ...]:
    """The hidden and the cell state that an LSTM begins with; torch takes the parts of a tensor for them."""
    if isinstance(hx, (list, tuple)):
        return tuple(_tensor(state, "hx", "holds") for state in hx)
    if isinstance(hx, Tensor) and isinstance(input, Tensor) and input.ndim in (2, 3):
        if input.ndim == 2 and hx.ndim == 3 and same(hx.shape[0], 2) is Truth.YES:
            return (result(hx.shape[1:], hx.dtype, hx), result(hx.shape[1:], hx.dtype, hx))
        if input.ndim == 3:
            raise recurrent_error(
                f"{{callee}} takes the hidden and the cell state, but {{hx}} is one tensor {show_shape(hx.shape)}",
                "For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors",
                "hx",
                hx,
            )
    raise Undecided(hx.reason if isinstance(hx, Unknown) else "the states are no tuple of tensors")


def _tensor(value: object, name: str = "input", verb: str = "is") -> Tensor:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, Unknown):
        raise Undecided(value.reason)
    raise ShapeError(
        "unpack-mismatch",
        f"{{{name}}} {verb} a {type_name(value)}, not a tensor",
        blame=name,
        torch=f"'{type(value).__name__}' object has no attribute 'dim'",
    )


def _require_state(state: Tensor, expected: Tensor, name: str, made: object) -> None:
    def unfit() -> ShapeError:
        return recurrent_error(
            f"{name} must be {show_shape(expected.shape)}, but is {show_shape(state.shape)}",
            f"Expected hidden size {show_shape(expected.shape)}, got {show_shape(state.shape)}",
            "hx",
            state,
            result=made,
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
            result=made,
        )


@layer("torch.nn.RNN", ranks=(3, 2))
class RNN(_Recurrent):
    """`[L, N, input_size]` to `[L, N, directions * hidden_size]` and the last state."""

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        num_layers: Size = 1,
        nonlinearity: str = "tanh",
        bias: object = True,
        batch_first: object = False,
        dropout: object = 0.0,
        bidirectional: bool = False,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        if nonlinearity not in ("tanh", "relu"):
            raise ShapeError(
                "bad-call",
                f"`nonlinearity` must be tanh or relu, but is {nonlinearity}",
                blame="nonlinearity",
                torch=f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.",
            )
        self.nonlinearity = nonlinearity
        self._set_up(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0, dtype or float32)

    def forward(self, input: object, hx: Tensor | None = None) -> tuple[Tensor | PackedSequence, Tensor]:
        output, states = self._run(input, None if hx is None else (hx,))
        return output, states[0]


@layer("torch.nn.GRU", ranks=(3, 2))
class GRU(_Recurrent):
    """`[L, N, input_size]` to `[L, N, directions * hidden_size]` and the last state."""

    _gates = 3
    _mode = "GRU"

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        num_layers: Size = 1,
        bias: object = True,
        batch_first: object = False,
        dropout: object = 0.0,
        bidirectional: bool = False,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self._set_up(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0, dtype or float32)

    def forward(self, input: object, hx: Tensor | None = None) -> tuple[Tensor | PackedSequence, Tensor]:
        output, states = self._run(input, None if hx is None else (hx,))
        return output, states[0]


@layer("torch.nn.LSTM", ranks=(3, 2))
class LSTM(_Recurrent):
    """`[L, N, input_size]` to `[L, N, directions * hidden_size]` and the last hidden and cell state."""

    _gates = 4
    _mode = "LSTM"

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        num_layers: Size = 1,
        bias: object = True,
        batch_first: object = False,
        dropout: object = 0.0,
        bidirectional: bool = False,
        proj_size: Size = 0,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self._set_up(
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            proj_size,
            dtype or float32,
        )

    def forward(self, input: object, hx: object = None) -> tuple[Tensor | PackedSequence, tuple[Tensor, ...]]:
        given = input if isinstance(input, PackedSequence) else _tensor(input)
        return self._run(given, None if hx is None else _states(hx, given))
