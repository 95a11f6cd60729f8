"""Every name that a tensor has is known, with a rule or without."""

from __future__ import annotations

import torch

from torchlint.ops.registry import ATTRIBUTES, OPERATIONS
from torchlint.ops.tensor_names import WITHOUT_RULE


def test_the_names_of_a_tensor_are_torchs() -> None:
    """A name that is none of these is not torch's, and may be the program's own."""
    ruled = {n.rpartition(".")[2] for n in (*OPERATIONS, *ATTRIBUTES) if n.startswith("torch.Tensor.")}
    assert {n for n in dir(torch.Tensor) if not n.startswith("__")} <= ruled | WITHOUT_RULE
    assert not ruled & WITHOUT_RULE
