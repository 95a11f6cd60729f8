"""Annotations that say shapes, in each notation: they give the input, and are held against what really comes."""

from __future__ import annotations

import pytest

from rules.snippets import said, script

_WRONG = [
    ('Float[Tensor, "b 16"]', "[b, 16]"),
    ('Float[Tensor, "b t=16"]', "[b, 16]"),
    ('Float32[torch.Tensor, "*batch 16"]', "[batch0, 16]"),
    ('Float[Tensor, "... 16"]', "[d0, 16]"),
    ("\"Float[Tensor, 'b 16']\"", "[b, 16]"),
    ('Float[Tensor, "b 16"] | None', "[b, 16]"),
    ('Annotated[Tensor, Shape("B", 16)]', "[B, 16]"),
    ("Tensor[B, 16]", "[B, 16]"),
    ("Tensor[B, 4 * 4]", "[B, 16]"),
    ('TensorType["b", 16]', "[b, 16]"),
]


def _net(annotation: str, result: str = "Tensor", body: str = "return self.fc(x)", init: str = "nn.Linear(32, 4)") -> list[str]:
    document = script(
        f"""
        from typing import Annotated
        from torch import Tensor
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = {init}
            def forward(self, x: {annotation}) -> {result}:
                {body}
        """
    )
    return [message for _, message, _ in said(document)]


@pytest.mark.parametrize(("annotation", "shape"), _WRONG)
def test_an_annotation_says_the_input(annotation: str, shape: str) -> None:
    """A layer that does not take what is annotated is reported, and one that does is not."""
    assert _net(annotation) == ["`self.fc` takes 32 features, but `x` has 16"], shape
    assert _net(annotation, init="nn.Linear(16, 4)") == []


def test_an_annotation_says_the_dtype() -> None:
    """`Int` is what an embedding takes, and `Float` is not."""
    assert _net('Int[Tensor, "b t"]', init="nn.Embedding(10, 4)") == []
    (message,) = _net('Float[Tensor, "b t"]', init="nn.Embedding(10, 4)")
    assert "float32" in message


@pytest.mark.parametrize(
    ("given", "result", "found"),
    [
        ('Float[Tensor, "b t 16"]', 'Float[Tensor, "b 4"]', "[b, t, 4]"),
        ('Float[Tensor, "b t 16"]', 'Float[Tensor, "b t 5"]', "[b, t, 4]"),
        ('Float[Tensor, "b t 16"]', 'Float[Tensor, "b t+1 4"]', "[b, t, 4]"),
        ('Float[Tensor, "*batch 16"]', 'Float[Tensor, "*batch 2 4"]', "[batch0, 4]"),
        ('Float[Tensor, "b t 16"]', 'Int[Tensor, "b t 4"]', "float32"),
        ("Tensor[B, T, 16]", "Tensor[B, T, 2 * T]", ""),
        ('Float[Tensor, "b t 16"]', 'Float[Tensor, "b t out"]', ""),
        ('Float[Tensor, "b t 16"]', 'Float[Tensor, "... 4"]', ""),
        ('Float[Tensor, "b t 16"]', 'Float[Tensor, "#b _ {self.out}"]', ""),
        ('Float[Tensor, "*batch 16"]', 'Float[Tensor, "*batch 4"]', ""),
    ],
)
def test_a_result_is_held_against_its_annotation(given: str, result: str, found: str) -> None:
    """What certainly differs is reported at the `return`; sizes that the code may leave equal are not."""
    assert _net(given, result, init="nn.Linear(16, 4)") == (
        [f"what `forward` returns is {found}, not `{result}`"] if found else []
    )


def test_a_call_is_held_against_the_annotations() -> None:
    """A name is one size in all arguments of a call; what is wrong with them is said once, at the call."""
    document = script(
        """
        def scores(q: Float[Tensor, "b d"], k: Float[Tensor, "n d"]) -> Float[Tensor, "b n"]:
            return q.sum() * torch.ones(q.shape[0], k.shape[0])

        scores(torch.randn(2, 8), torch.randn(5, 8))
        scores(torch.randn(2, 8), torch.randn(5, 7))
        """
    )
    assert said(document) == [
        ("annotation-mismatch", '`k` is [5, 7], not `Float[Tensor, "n d"]`', "scores(torch.randn(2, 8), torch.randn(5, 7))")
    ]
