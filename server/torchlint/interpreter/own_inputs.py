"""The input that a model carries with it: Lightning's `example_input_array`, and timm's `pretrained_cfg`, whose `input_size` is
that of one image."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Kind, symbol
from torchlint.interpreter.interpreter import Interpreter
from torchlint.interpreter.trace import tensors_in
from torchlint.values.module import Module
from torchlint.values.tensor import InputTensor, Shape


def example_inputs(model: Module) -> tuple[Shape, ...]:
    """The shapes of the tensors that the model names as an example of what it takes, in order."""
    tensors = tensors_in(vars(model).get("example_input_array"))
    return tuple(t.shape for t in tensors if not isinstance(t, InputTensor))


def usual_inputs(machine: Interpreter, model: Module) -> tuple[Shape, ...]:
    """A batch of the images that the model was trained on: a choice where others would do as well."""
    config = vars(model).get("pretrained_cfg")
    size = config.get("input_size") if isinstance(config, dict) else _attribute(machine, config)
    if isinstance(size, (tuple, list)) and len(size) == 3 and all(type(n) is int for n in size):
        return ((symbol("N", Kind.BATCH), *size),)
    return ()


def _attribute(machine: Interpreter, config: Any) -> Any:
    return None if config is None else machine.attribute_or(config, "input_size", None)
