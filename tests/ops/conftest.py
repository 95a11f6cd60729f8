"""torch on one thread: its tensors here are tiny, and the tests themselves run side by side."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
