"""What is said of the names of the installed torch."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from torchlint.source.torch_words import lacks_public, layers_lack, tensors_lack

_FOLDER = str(Path(torch.__file__).parent)
_OWNERS = {
    "torch": torch, "nn": torch.nn, "functional": torch.nn.functional, "init": torch.nn.init, "linalg": torch.linalg,
    "fft": torch.fft, "special": torch.special, "Tensor": torch.Tensor, "Parameter": torch.nn.Parameter,
}  # fmt: skip
_BOUND_BY_CPP = {
    "ArgumentSpec", "Code", "CompleteArgumentSpec", "DeepCopyMemoTable", "ExcludeDispatchKeyGuard", "ExecutionPlan",
    "FatalError", "OperatorInfo", "PyObjectType", "ScriptClass", "ScriptClassFunction", "ScriptDictIterator",
    "ScriptDictKeyIterator", "ScriptListIterator", "ScriptObjectProperty", "StaticModule",
}  # fmt: skip
"""Classes of the compiled part that no stub mentions and no model uses."""


@pytest.mark.parametrize("owner", _OWNERS)
def test_no_name_that_torch_has_is_denied(owner: str) -> None:
    """Every attribute that torch really has may be there."""
    assert [n for n in dir(_OWNERS[owner]) if n not in _BOUND_BY_CPP and lacks_public(_FOLDER, n)] == []


@pytest.mark.parametrize("name", ["ccat", "Con2d", "sahpe", "masked_fil"])
def test_a_misspelled_name_is_not_there(name: str) -> None:
    """What no file of torch mentions cannot be there."""
    assert lacks_public(_FOLDER, name)


@pytest.mark.parametrize("tensor", [torch.ones(2), torch.nn.Parameter(torch.ones(2)), torch.ones(2).to_sparse()], ids=repr)
def test_no_attribute_of_a_tensor_is_denied(tensor: torch.Tensor) -> None:
    """What a tensor has may be there."""
    assert [n for n in dir(tensor) if tensors_lack(_FOLDER, n)] == []


@pytest.mark.parametrize("name", ["layers", "conv1", "norm1", "astype"])
def test_a_tensor_has_not_what_only_modules_have(name: str) -> None:
    """A word that stands elsewhere in torch is no attribute of tensors."""
    assert tensors_lack(_FOLDER, name)


@pytest.mark.parametrize("layer", [torch.nn.Conv2d(1, 1, 1), torch.nn.LSTM(2, 2), torch.nn.MultiheadAttention(4, 2)], ids=str)
def test_no_attribute_of_a_layer_is_denied(layer: torch.nn.Module) -> None:
    """What an instance of a layer has may be there."""
    assert [n for n in {*dir(layer), *vars(layer)} if layers_lack(_FOLDER, n)] == []


def test_where_torch_is_not_installed_nothing_is_denied(tmp_path: Path) -> None:
    """Nobody knows what a torch has that cannot be read."""
    assert not lacks_public(str(tmp_path), "ccat")
    assert not layers_lack(str(tmp_path), "leftover")
    assert not tensors_lack(str(tmp_path), "sahpe")
