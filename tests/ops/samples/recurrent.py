"""Samples for recurrent layers and sequences of unequal lengths."""

from __future__ import annotations

from typing import Any

import torch

from ops.calls import LayerCall, call, layer_call

rand = torch.rand
X = rand(5, 2, 3)
PACKED = torch.nn.utils.rnn.pack_padded_sequence(X, torch.tensor([5, 3]))
UNSORTED = torch.nn.utils.rnn.pack_padded_sequence(X, torch.tensor([2, 4]), enforce_sorted=False)


def _layers(kind: str) -> list[LayerCall]:
    states: Any = (lambda *s: (rand(*s), rand(*s))) if kind == "LSTM" else rand
    return [
        layer_call(call(3, 4), call(X)),
        layer_call(call(3, 4), call(X, states(1, 2, 4))),
        layer_call(call(3, 4), call(X, states(1, 2, 5))),
        layer_call(call(3, 4), call(X, states(2, 4))),
        layer_call(call(3, 4), call(X, states(1, 3, 4))),
        layer_call(call(3, 4), call(rand(5, 2, 7))),
        layer_call(call(3, 4), call(rand(1, 5, 2, 3))),
        layer_call(call(3, 4), call(X.double())),
        layer_call(call(3, 4), call(rand(5, 3))),
        layer_call(call(3, 4), call(rand(5, 3), states(1, 4))),
        layer_call(call(3, 4), call(rand(5, 3), states(1, 1, 4))),
        layer_call(
            call(3, 4, num_layers=2, bidirectional=True, batch_first=True, dropout=0.5),
            call(rand(2, 5, 3), states(4, 2, 4)),
        ),
        layer_call(call(3, 4, 2, bias=False, bidirectional=True), call(X)),
        layer_call(call(0, 4)),
        layer_call(call(3, 4, num_layers=0)),
        layer_call(call(3, 4, dropout=1.5)),
        layer_call(call(3, 4, hidden=1)),
    ]


def _cells(kind: str) -> list[LayerCall]:
    states: Any = (lambda *s: (rand(*s), rand(*s))) if kind == "LSTMCell" else rand
    return [
        layer_call(call(3, 4), call(rand(2, 3))),
        layer_call(call(3, 4, bias=False), call(rand(2, 3), states(2, 4))),
        layer_call(call(3, 4), call(rand(3), states(4))),
        layer_call(call(3, 4), call(rand(2, 5))),
        layer_call(call(3, 4), call(rand(2, 3), states(2, 5))),
        layer_call(call(3, 4), call(rand(2, 3), states(3, 4))),
        layer_call(call(3, 4), call(rand(1, 2, 3))),
        layer_call(call(3, 4), call(rand(2, 3).double())),
    ]


LAYERS = {
    "torch.nn.RNN": [*_layers("RNN"), layer_call(call(3, 4, 1, "relu"), call(X)), layer_call(call(3, 4, 1, "elu"))],
    "torch.nn.GRU": _layers("GRU"),
    "torch.nn.LSTM": [
        *_layers("LSTM"),
        layer_call(call(3, 4, 2, proj_size=2), call(X, (rand(2, 2, 2), rand(2, 2, 4)))),
        layer_call(call(3, 4, 2, proj_size=2, bidirectional=True), call(X)),
        layer_call(call(3, 4, proj_size=4)),
        *(
            layer_call(call(3, 4, layers), call(given, rand(*state)))
            for layers in (1, 2)
            for given in (X, X[:, 0])
            for state in ((layers, 2, 4), (2, layers, 4), (2, layers, 2, 4), (layers, 4))
        ),
    ],
    "torch.nn.RNNCell": [*_cells("RNNCell"), layer_call(call(3, 4, nonlinearity="relu"), call(rand(2, 3)))],
    "torch.nn.GRUCell": _cells("GRUCell"),
    "torch.nn.LSTMCell": _cells("LSTMCell"),
}

OPERATIONS = {
    "torch.nn.utils.rnn.pack_padded_sequence": [
        call(X, torch.tensor([5, 3])),
        call(X, [5, 3]),
        call(X, torch.tensor([5, 3, 2])),
        call(X, torch.tensor([3, 5]), enforce_sorted=False),
        call(rand(2, 5, 3), [4, 3], batch_first=True),
        call(rand(5), [4]),
    ],
    "torch.nn.utils.rnn.pad_packed_sequence": [
        call(X),
        call(PACKED),
        call(PACKED, True),
        call(PACKED, total_length=9),
        call(PACKED, total_length=2),
        call(UNSORTED),
    ],
    "torch.nn.utils.rnn.unpack_sequence": [call(PACKED), call(UNSORTED), call(X)],
    "torch.nn.utils.rnn.pad_sequence": [
        call([rand(3, 2), rand(5, 2)]),
        call([rand(3, 2), rand(5, 2)], batch_first=True),
        call([rand(3), rand(5)], True),
        call([rand(3, 2), rand(5, 3)]),
        call([]),
    ],
    "torch.nn.utils.rnn.pack_sequence": [call([rand(5, 2), rand(3, 2)]), call([rand(5, 2), rand(3, 3)])],
    "torch.nn.utils.rnn.unpad_sequence": [
        call(X, torch.tensor([5, 3])),
        call(rand(2, 5, 3), torch.tensor([5, 3]), batch_first=True),
    ],
}
