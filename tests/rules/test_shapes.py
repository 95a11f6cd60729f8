"""Operations on tensors whose shapes do not go together: TL104 to TL108, TL111, TL112, TL114."""

from __future__ import annotations

import pytest

from rules.snippets import check, fixed, net, said, script
from torchlint.source.document import Document

_CASES = {
    "table of positions": (
        net("[N, 10, 64]", "return x + self.pos", "self.pos = nn.Parameter(torch.zeros(1, 12, 64))"),
        "broadcast-mismatch",
        "`x` [N, 10, 64] and `self.pos` [1, 12, 64] do not broadcast: 10 against 12 in dimension 1",
        "self.pos",
    ),
    "in place": (
        net("[N, 10, 64]", "x += torch.ones(11, 64)\nreturn x"),
        "broadcast-mismatch",
        "`x` [N, 10, 64] and `torch.ones(11, 64)` [11, 64] do not broadcast: 10 against 11 in dimension 1",
        "torch.ones(11, 64)",
    ),
    "mask": (
        net("[N, 10, 64]", "mask = torch.ones(9, 10).bool()\nreturn x.masked_fill(mask, 0)"),
        "broadcast-mismatch",
        "`x` [N, 10, 64] and `mask` [9, 10] do not broadcast: 10 against 9 in dimension 1",
        "mask",
    ),
    "matmul operator": (
        net("[N, 10, 64]", "return x @ x"),
        "matmul-mismatch",
        "`x` [N, 10, 64] and `x` [N, 10, 64] do not multiply: 64 against 10",
        "x",
    ),
    "matmul function": (
        net("[N, 10, 64]", "return torch.matmul(x, self.w)", "self.w = nn.Parameter(torch.zeros(32, 16))"),
        "matmul-mismatch",
        "`x` [N, 10, 64] and `self.w` [32, 16] do not multiply: 64 against 32",
        "self.w",
    ),
    "einsum": (
        net("[N, 10, 64]", 'return torch.einsum("btd,de->bte", x, self.w)', "self.w = nn.Parameter(torch.zeros(32, 16))"),
        "matmul-mismatch",
        'index `d` of `"btd,de->bte"` is 64 in operand 0 [N, 10, 64] and 32 in operand 1 [32, 16]',
        'torch.einsum("btd,de->bte", x, self.w)',
    ),
    "cat of a list that is written out": (
        net("[N, 3, 30, 30]", "return torch.cat([x, x[:, :, 1:]], dim=1)"),
        "cat-mismatch",
        "`torch.cat` joins along dimension 1, but `x` is [N, 3, 30, 30] and `x[:, :, 1:]` is [N, 3, 29, 30]: "
        "30 against 29 in dimension 2",
        "[x, x[:, :, 1:]]",
    ),
    "cat of a list with a name": (
        net("[N, 3, 30, 30]", "parts = [x, x[:, :, 1:]]\nreturn torch.cat(parts, dim=1)"),
        "cat-mismatch",
        "`torch.cat` joins along dimension 1, but tensor 0 is [N, 3, 30, 30] and tensor 1 is [N, 3, 29, 30]: "
        "30 against 29 in dimension 2",
        "parts",
    ),
    "stack": (
        net("[N, 3, 30, 30]", "return torch.stack([x, x[:, 0]])"),
        "cat-mismatch",
        "`torch.stack` needs tensors of one shape, but `x` is [N, 3, 30, 30] and `x[:, 0]` is [N, 30, 30]",
        "[x, x[:, 0]]",
    ),
    "view": (
        net("[N, 64, 8, 8]", "return x.view(x.size(0), 1024)"),
        "reshape-size",
        "`x` [N, 64, 8, 8] has 4096 elements per sample, but [N, 1024] has 1024",
        "x",
    ),
    "unflatten": (
        net("[N, 64]", "return x.unflatten(1, (7, 9))"),
        "reshape-size",
        "dimension 1 of `x` is 64, which is not [7, 9]",
        "(7, 9)",
    ),
    "repeat": (
        net("[N, 64]", "return x.repeat(2)"),
        "reshape-size",
        "`x.repeat` is given 1 repeat for the 2 dimensions of `x` [N, 64]",
        "x",
    ),
    "permuted": (
        net("[N, 8, 4]", "return x.permute(0, 2, 1).view(-1)"),
        "view-noncontiguous",
        "`x.permute(0, 2, 1)` [N, 4, 8] is not laid out to be viewed as [32*N]",
        "x.permute(0, 2, 1)",
    ),
    "too many dimensions": (
        net("[N, 8, 4, 4]", "return self.norm(x)", "self.norm = nn.BatchNorm1d(8)"),
        "wrong-rank",
        "`self.norm` takes [N, C] or [N, C, L], but `x` is [N, 8, 4, 4]",
        "x",
    ),
    "too few dimensions": (
        net("[N, 64]", "return F.max_pool2d(x, 2)"),
        "wrong-rank",
        "`F.max_pool2d` takes [N, C, H, W] or [C, H, W], but `x` is [N, 64]",
        "x",
    ),
    "backward": (
        net("[N, 64]", "return x.backward()"),
        "wrong-rank",
        "`x.backward` starts from one number, but `x` is [N, 64]",
        "x",
    ),
    "permute": (
        net("[N, 64]", "return x.permute(0, 2, 1)"),
        "wrong-rank",
        "`x.permute` orders 3 dimensions, but `x` [N, 64] has 2",
        "x",
    ),
    "dim of a function": (
        net("[N, 64]", "return torch.softmax(x, dim=2)"),
        "dim-out-of-range",
        "dimension 2 of `x` does not exist: it has 2 dimensions",
        "2",
    ),
    "dim of a method": (
        net("[N, 64]", "return x.transpose(1, 2)"),
        "dim-out-of-range",
        "dimension 2 of `x` does not exist: it has 2 dimensions",
        "2",
    ),
    "index": (
        net("[N, 64]", "return x[:, 64]"),
        "dim-out-of-range",
        "index 64 is out of range for dimension 1 of `x`, which has size 64",
        "x[:, 64]",
    ),
    "index of the shape": (
        net("[N, 64]", "return x * x.shape[2]"),
        "dim-out-of-range",
        "`x.shape` has 2 sizes, but index 2 of it is read",
        "x.shape[2]",
    ),
    "split": (
        net("[N, 64]", "a, b = x.split([30, 30], dim=1)\nreturn a"),
        "dim-out-of-range",
        "`x.split` cuts pieces of [30, 30], which are 60 together, but dimension 1 of `x` is 64",
        "x",
    ),
    "pooled to nothing": (
        net("[N, 3, 8, 8]", "for _ in range(4):\n    x = self.pool(x)\nreturn x", "self.pool = nn.MaxPool2d(2)"),
        "empty-output",
        "the 2 x 2 window of `self.pool` does not fit into `x` [N, 3, 1, 1]",
        "x",
    ),
    "kernel": (
        net("[N, 3, 4, 4]", "return self.conv(x)", "self.conv = nn.Conv2d(3, 8, 5)"),
        "empty-output",
        "the 5 x 5 kernel of `self.conv` does not fit into `x`, which is 4 x 4",
        "x",
    ),
}


@pytest.mark.parametrize(("document", "rule", "message", "at"), _CASES.values(), ids=_CASES)
def test_says_what_does_not_go_together(document: Document, rule: str, message: str, at: str) -> None:
    """The one finding names the tensors as they are written, with the shapes that disagree, and marks the one at fault."""
    assert said(document) == [(rule, message, at)]


@pytest.mark.parametrize(
    "forward",
    [
        "return x + torch.ones(10, 1)",
        "return x @ x.transpose(1, 2)",
        "return torch.cat([x, x[:, 1:]], dim=1)",
        "return x.view(x.size(0), 640)",
        "return x.transpose(0, 1).reshape(-1)",
        "return x.transpose(1, 2).contiguous().view(-1)",
        "return x.unsqueeze(2).view(-1, 640)",
        "return torch.softmax(x, dim=-3)",
        "return x[:, 9, -64]",
        "a, b = x.split([30, 34], dim=2)\nreturn a",
        "return F.max_pool1d(x, 64)",
    ],
)
def test_is_silent_where_it_fits(forward: str) -> None:
    """Nothing is said of the near miss that torch accepts."""
    assert said(net("[N, 10, 64]", forward)) == []


def test_notes_tell_where_both_tensors_came_from() -> None:
    """Each tensor of a list that is joined has its note."""
    document = net(
        "[N, 3, 30, 30]",
        "return torch.cat([self.a(x), self.b(x)], dim=1)",
        "self.a = nn.Conv2d(3, 8, 3)\nself.b = nn.Conv2d(3, 8, 3, padding=1)",
    )
    (found,) = check(document)
    assert [n.message for n in found.notes][:2] == [
        "`self.a(x)` became [N, 8, 28, 28] from [N, 3, 30, 30]",
        "`self.b(x)` became [N, 8, 30, 30] from [N, 3, 30, 30]",
    ]


def test_number_against_number_needs_no_proof() -> None:
    """No note repeats that two numbers of the message differ."""
    (found,) = check(net("[N, 128]", "return x.view(x.shape[0], 8, 4, 5)"))
    assert [n.message.partition(":")[0] for n in found.notes] == ["`x` is an input", "torch says"]


def test_view_becomes_reshape_and_nothing_else_changes() -> None:
    """Only the name of the method is replaced, on whatever line it stands."""
    document = net("[N, 8, 4]", "return (\n    x.transpose(1, 2)\n    .view(  # all\n        -1\n    )\n)")
    assert fixed(document) == document.text.partition("\n\n")[2].replace(".view(", ".reshape(").strip()


def test_view_of_another_dtype_is_not_reshaped() -> None:
    """`reshape` takes no dtype: no fix."""
    (found,) = check(script("torch.zeros(2, 8, 4).transpose(1, 2).view(torch.complex64)"))
    assert (found.name, found.fix) == ("view-noncontiguous", None)
