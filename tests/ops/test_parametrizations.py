"""Parametrized layers have torch's parameters, buffers and text, and still compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from ops.mirror import OURS, both
from torchlint.ops import parametrizations as ours
from torchlint.ops.parametrize import is_parametrized, register_parametrization, remove_parametrizations
from torchlint.ops.representation import module_repr
from torchlint.values.errors import ShapeError
from torchlint.values.module import named_buffers, named_parameters

LAYERS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda t: t.nn.Linear(3, 4),
    "conv": lambda t: t.nn.Conv2d(3, 4, (2, 5)),
    "transposed": lambda t: t.nn.ConvTranspose1d(3, 4, 2),
}
_NEW = torch.nn.utils.parametrizations
FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "weight_norm": (ours.weight_norm, torch.nn.utils.weight_norm),
    "spectral_norm": (ours.spectral_norm, torch.nn.utils.spectral_norm),
    "parametrizations.weight_norm": (ours.parametrized_weight_norm, _NEW.weight_norm),
    "parametrizations.spectral_norm": (ours.parametrized_spectral_norm, _NEW.spectral_norm),
    "parametrizations.orthogonal": (ours.orthogonal, _NEW.orthogonal),
}
REMOVERS = {
    "weight_norm": (ours.remove_weight_norm, torch.nn.utils.remove_weight_norm),
    "spectral_norm": (ours.remove_spectral_norm, torch.nn.utils.remove_spectral_norm),
}


def _compare(mine: Any, real: torch.nn.Module) -> None:
    assert [(n, list(p.shape)) for n, p in named_parameters(mine)] == [(n, list(p.shape)) for n, p in real.named_parameters()]
    assert [(n, list(b.shape)) for n, b in named_buffers(mine)] == [(n, list(b.shape)) for n, b in real.named_buffers()]
    assert mine.weight.shape == tuple(real.weight.shape)
    assert module_repr(mine) == str(real)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("options", [{}, {"dim": 1}, {"dim": None}], ids=str)
@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_agrees_with_torch(name: str, layer: str, options: dict[str, Any]) -> None:
    """Names, order and shapes of parameters and buffers are torch's, and so are those after removal."""
    if options and name.endswith("orthogonal"):
        pytest.skip("it has no `dim`")
    mine, real = both(LAYERS[layer])
    mine, real = FUNCTIONS[name][0](mine, **options), FUNCTIONS[name][1](real, **options)
    _compare(mine, real)
    if name in REMOVERS:
        _compare(REMOVERS[name][0](mine), REMOVERS[name][1](real))


def test_parametrizations_of_the_users_own() -> None:
    """One after the other, and removed again; a module that changes the shape is refused unless it is meant."""
    torchs = torch.nn.utils.parametrize
    mine, real = both(lambda t: t.nn.Linear(3, 4))
    for make in (lambda t: t.nn.Sigmoid(), lambda t: t.nn.Identity()):
        mine_step, real_step = both(make)
        register_parametrization(mine, "weight", mine_step)
        torchs.register_parametrization(real, "weight", real_step)
        _compare(mine, real)
    assert is_parametrized(mine, "weight") is torchs.is_parametrized(real, "weight") is True
    assert is_parametrized(mine, "bias") is torchs.is_parametrized(real, "bias") is False
    _compare(remove_parametrizations(mine, "weight"), torchs.remove_parametrizations(real, "weight"))
    assert is_parametrized(mine) is torchs.is_parametrized(real) is False
    mine_step, real_step = both(lambda t: t.nn.Linear(3, 5))
    with pytest.raises(ShapeError):
        register_parametrization(mine, "weight", mine_step)
    with pytest.raises(ValueError, match="may not change the shape"):
        torchs.register_parametrization(real, "weight", real_step)
    register_parametrization(mine, "weight", mine_step, unsafe=True)
    torchs.register_parametrization(real, "weight", real_step, unsafe=True)
    _compare(mine, real)


def test_a_parametrized_layer_computes() -> None:
    """The forward uses the computed weight."""
    layer = ours.weight_norm(OURS.nn.Linear(3, 4))
    assert layer.forward(OURS.tensor(2, 3)).shape == (2, 4)


def test_without_a_weight_it_is_refused() -> None:
    """A module without the parameter cannot be parametrized."""
    with pytest.raises(ShapeError):
        ours.weight_norm(OURS.nn.Identity())
