"""Samples for functions of one tensor that torch's op_db does not call by their names."""

from __future__ import annotations

import torch

from ops.calls import call

OPERATIONS = {"torch.polygamma": [call(1, torch.rand(2, 3)), call(2, torch.ones(3, dtype=torch.int64))]}
