"""The input of a class that nothing says: in which order others are tried until one works."""

from __future__ import annotations

from pathlib import Path

from torchlint.analysis import Project, analyze
from torchlint.settings import Settings
from torchlint.source.document import Document

_NET = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 32)

    def forward(self, ids):
        mask = (ids != 0).unsqueeze(1).unsqueeze(1)
        x = self.embed(ids).view(ids.size(0), -1, 8, 4).transpose(1, 2)
        scores = x @ x.transpose(-2, -1)
        return scores.masked_fill(mask == 0, 0.0)
"""


def test_a_dtype_that_is_needed_is_kept() -> None:
    """Where a pass got further with another dtype, inputs of other ranks have that dtype at once."""
    project = Project(Settings(), Path("/"))
    found = analyze(Document("net.py", _NET), project, Settings()).file.classes["Net"]
    inputs = [one.inputs["ids"] for one in found.tried]
    tried = [(len(ids.shape), str(ids.dtype)) for ids in inputs]
    assert tried[0][1] == "torch.float32"
    assert {dtype for _, dtype in tried[1:]} == {"torch.int64"}
    assert found.main.is_clean
