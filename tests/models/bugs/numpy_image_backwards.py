"""An image is turned from BGR to RGB by a slice that runs backwards, and from rows first to channels first too late."""

import numpy as np
import torch
import torch.nn as nn


def load(size=64):
    image = np.random.randint(0, 256, (size, size, 3), dtype=np.uint8)
    image = image[:, :, ::-1]
    image = image.transpose(2, 0, 1)
    return torch.from_numpy(image)  # expect: invalid-operation "backwards"  # repair: return torch.from_numpy(image.copy())


model = nn.Sequential(nn.Conv2d(3, 8, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4))
batch = torch.stack([load() for _ in range(2)]).float() / 255
scores = model(batch)
best = scores.argmax(1).numpy()
print([int(i) for i in best])
