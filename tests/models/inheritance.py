"""Classes that inherit: template methods, super().forward, mixins, abstract bases; a twin with a misspelled layer."""

from abc import ABC, abstractmethod

import torch
from torch import nn


class InitMixin:
    def init_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.xavier_uniform_(m.weight)


class BaseModel(nn.Module, ABC):
    def __init__(self, hidden=64):
        super().__init__()
        self.hidden = hidden
        self.encoder = self.build_encoder()
        self.head = nn.Linear(hidden, self.n_outputs)

    @property
    def n_outputs(self):
        return 1

    @abstractmethod
    def build_encoder(self):
        raise NotImplementedError

    def forward(self, x):
        return self.head(self.encoder(x))


class DenseModel(InitMixin, BaseModel):  # params: 1539
    def __init__(self, in_features=20, **kwargs):
        self.in_features = in_features
        super().__init__(**kwargs)
        self.init_weights()

    @property
    def n_outputs(self):
        return 3

    def build_encoder(self):
        return nn.Sequential(nn.Linear(self.in_features, self.hidden), nn.ReLU())


# run: DenseModel()(randn(2, 20))
# run: Scaled()(randn(2, 20))
class Scaled(DenseModel):  # params: 774
    def __init__(self):
        super().__init__(in_features=20, hidden=32)
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x):
        out = super().forward(x)  # shape: [B, 3]
        return out * self.scale


# run: Misspelled()(randn(2, 20))
class Misspelled(DenseModel):
    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout(0.1)

    def forward(self, x):
        return self.head(self.droput(self.encoder(x)))  # expect: undefined-attribute "droput"


