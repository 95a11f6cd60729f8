"""Layers that are fed other sizes than they were made for: TL101, TL102, TL103, TL109, TL110."""

from __future__ import annotations

import pytest

from rules.snippets import check, fixed, net, said
from torchlint.source.document import Document

_CASES = {
    "linear after flatten": (
        net("[N, 512, 7, 7]", "return self.fc(torch.flatten(x, 1))", "self.fc = nn.Linear(512, 10)"),
        "linear-in-features",
        "`self.fc` takes 512 features, but `torch.flatten(x, 1)` has 25088",
        "torch.flatten(x, 1)",
    ),
    "linear inside a Sequential": (
        net("[N, 64]", "return self.layers(x)", "self.layers = nn.Sequential(nn.Linear(64, 32), nn.Linear(64, 10))"),
        "linear-in-features",
        "`self.layers[1]` takes 64 features, but its input has 32",
        "self.layers(x)",
    ),
    "functional linear": (
        net("[N, 64]", "return F.linear(x, self.w)", "self.w = nn.Parameter(torch.randn(10, 32))"),
        "linear-in-features",
        "`F.linear` takes 32 features, but `x` has 64",
        "x",
    ),
    "gray image": (
        net("[N, 1, 28, 28]", "return self.conv(x)", "self.conv = nn.Conv2d(3, 64, 7)"),
        "conv-in-channels",
        "`self.conv` takes 3 channels, but `x` has 1",
        "x",
    ),
    "groups that do not divide": (
        net("[N, 8, 28, 28]", "return self.conv(x)", "self.conv = nn.Conv2d(8, 16, 3, groups=3)"),
        "conv-in-channels",
        "`groups` 3 of `nn.Conv2d` does not divide `in_channels` 8",
        "3",
    ),
    "functional convolution": (
        net("[N, 8, 28, 28]", "return F.conv2d(x, self.w)", "self.w = nn.Parameter(torch.zeros(4, 3, 3, 3))"),
        "conv-in-channels",
        "`F.conv2d` takes 3 channels, but `x` has 8",
        "x",
    ),
    "transposed convolution": (
        net("[N, 8, 28, 28]", "return self.up(x)", "self.up = nn.ConvTranspose2d(16, 4, 2, 2)"),
        "conv-in-channels",
        "`self.up` takes 16 channels, but `x` has 8",
        "x",
    ),
    "layer norm": (
        net("[N, 10, 64]", "return self.norm(x)", "self.norm = nn.LayerNorm(128)"),
        "norm-size",
        "`self.norm` normalizes 128 features, but `x` ends in 64",
        "x",
    ),
    "group norm that cannot be made": (
        net("[N, 10, 64]", "return self.norm(x)", "self.norm = nn.GroupNorm(3, 10)"),
        "norm-size",
        "the 3 groups of `nn.GroupNorm` do not divide its 10 channels",
        "3",
    ),
    "group norm of other channels": (
        net("[N, 8, 4, 4]", "return self.norm(x)", "self.norm = nn.GroupNorm(4, 16)"),
        "norm-size",
        "`self.norm` normalizes 16 channels, but `x` has 8",
        "x",
    ),
    "hidden state of another batch": (
        net("[7, 5, 64]", "y, _ = self.gru(x, torch.zeros(1, 4, 32))\nreturn y", "self.gru = nn.GRU(64, 32)"),
        "recurrent-input-size",
        "the state `torch.zeros(1, 4, 32)` must be [1, 5, 32], but is [1, 4, 32]",
        "torch.zeros(1, 4, 32)",
    ),
    "recurrent cell": (
        net("[N, 64]", "h, c = self.cell(x)\nreturn h", "self.cell = nn.LSTMCell(32, 16)"),
        "recurrent-input-size",
        "`self.cell` takes 32 features, but `x` has 64",
        "x",
    ),
    "heads that do not divide": (
        net("[N, 10, 64]", "return self.attention(x, x, x)[0]", "self.attention = nn.MultiheadAttention(64, 5)"),
        "attention-size",
        "5 heads do not divide `embed_dim` 64",
        "5",
    ),
    "mask of another length": (
        net(
            "[N, 10, 64]",
            "mask = torch.ones(9, 9).bool()\nreturn self.attention(x, x, x, attn_mask=mask)[0]",
            "self.attention = nn.MultiheadAttention(64, 4, batch_first=True)",
        ),
        "attention-size",
        "`mask` must be [10, 10], but is [9, 9]",
        "mask",
    ),
    "queries and keys of other widths": (
        net("[N, 8, 10, 64]", "return F.scaled_dot_product_attention(x, x[..., :32], x)"),
        "attention-size",
        "`x` has 64 features, but `x[..., :32]` has 32",
        "x[..., :32]",
    ),
    "transformer layer": (
        net("[N, 10, 64]", "return self.layer(x)", "self.layer = nn.TransformerEncoderLayer(128, 4, batch_first=True)"),
        "attention-size",
        "`self.layer` takes 128 features, but `x` has 64",
        "x",
    ),
}


@pytest.mark.parametrize(("document", "rule", "message", "at"), _CASES.values(), ids=_CASES)
def test_says_what_does_not_fit(document: Document, rule: str, message: str, at: str) -> None:
    """The one finding names the layer and the tensor as they are written, and both sizes, and marks what is at fault."""
    assert said(document) == [(rule, message, at)]


@pytest.mark.parametrize(
    "document",
    [
        net("[N, 10, 512]", "return self.fc(x)", "self.fc = nn.Linear(512, 10)"),
        net("[N, 3, H, W]", "return self.conv(x)", "self.conv = nn.Conv2d(3, 64, 7)"),
        net("[3, H, W]", "return self.conv(x)", "self.conv = nn.Conv2d(3, 64, 7)"),
        net("[N, C, H, W]", "return self.conv(x)", "self.conv = nn.Conv2d(3, 64, 7)"),
        net("[N, 8, 28, 28]", "return self.conv(x)", "self.conv = nn.Conv2d(8, 16, 3, groups=4)"),
        net("[N, 10, 64]", "return self.norm(x)", "self.norm = nn.LayerNorm([10, 64])"),
        net("[7, N, 64]", "return self.gru(x, torch.zeros(1, x.size(1), 32))[0]", "self.gru = nn.GRU(64, 32)"),
        net("[N, 10, 64]", "return self.attention(x, x, x)[0]", "self.attention = nn.MultiheadAttention(64, 4)"),
    ],
    ids=["sequence", "image", "unbatched", "any channels", "groups", "two dimensions", "state", "heads"],
)
def test_is_silent_where_it_fits(document: Document) -> None:
    """Nothing is said of the near miss that torch accepts."""
    assert said(document) == []


def test_notes_tell_where_the_sizes_came_from() -> None:
    """A note for the layer, one for the tensor, and torch's words; each place is where it was written."""
    document = net(
        "[N, 3, 32, 32]", "x = self.pool(x)\nreturn self.conv(x)", "self.pool = nn.MaxPool2d(2)\nself.conv = nn.Conv2d(1, 8, 3)"
    )
    (found,) = check(document)
    assert [(n.message, document.text_of(n.span) if n.span else "") for n in found.notes] == [
        ("`self.conv` is `nn.Conv2d(1, 8, 3)`", "nn.Conv2d(1, 8, 3)"),
        ("`x` became [N, 3, 16, 16] from [N, 3, 32, 32]", "self.pool(x)"),
        (
            "torch says: Given groups=1, weight of size [8, 1, 3, 3], expected input[N, 3, 16, 16] to have 1 channels, "
            "but got 3 channels instead",
            "",
        ),
    ]
    assert found.label == "[N, 3, 16, 16]"


def test_sizes_that_the_pass_found_out_are_put_in() -> None:
    """An input is shown with the channels that its first layer has settled."""
    document = net("[N, C, H, W]", "return x + self.conv(x)", "self.conv = nn.Conv2d(64, 32, 1)")
    assert said(document) == [
        (
            "broadcast-mismatch",
            "`x` [N, 64, H, W] and `self.conv(x)` [N, 32, H, W] do not broadcast: 64 against 32 in dimension 1",
            "self.conv(x)",
        )
    ]


def test_image_is_flattened_for_a_layer_that_takes_all_of_it() -> None:
    """The features are right and only spread over three dimensions: the fix flattens them."""
    document = net("[N, 16, 5, 5]", "return self.fc(x)", "self.fc = nn.Linear(400, 10)")
    assert said(document) == [("linear-in-features", "`self.fc` takes 400 features, but `x` has 5", "x")]
    assert "return self.fc(x.flatten(1))" in fixed(document)


@pytest.mark.parametrize(
    ("shape", "init"),
    [
        ("[N, 512, 7, 7]", "self.layer = nn.Linear(512, 10)"),
        ("[N, F]", "self.layer = nn.Linear(64, 10)"),
        ("[N, 10, 66]", "self.layer = nn.TransformerEncoderLayer(64, 4)"),
        ("[N, 64]", "size = 32\nself.layer = nn.Linear(size, 10)"),
    ],
    ids=["width of an image", "any size", "heads do not divide", "a name"],
)
def test_offers_no_number_that_would_not_help(shape: str, init: str) -> None:
    """A repair is offered only where it is a number in the call and a layer can be made with it."""
    assert all(d.fix is None and d.help is None for d in check(net(shape, "return self.layer(x)", init)))
