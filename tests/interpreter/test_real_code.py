"""What real packages do, and no mistake is: each of these was once reported, or took something away that is there."""

from __future__ import annotations

import textwrap

import pytest

from rules.snippets import said, script

_SILENT = {
    "a layer whose weights are properties": """
        class Noisy(nn.Linear):
            def __init__(self, inputs, outputs, bias=True):
                nn.Module.__init__(self)
                self.mean = nn.Parameter(torch.zeros(outputs, inputs))
                self.bias_mean = nn.Parameter(torch.zeros(outputs)) if bias else None

            @property
            def weight(self):
                return self.mean + torch.rand_like(self.mean)

            @property
            def bias(self):
                return self.bias_mean

        Noisy(3, 4)(torch.zeros(2, 3))
        """,
    "layers that are set by a method": """
        class Block(nn.Sequential):
            def __init__(self, dim, name="fc"):
                super().__init__()
                self.__setattr__(name, nn.Linear(dim, 2 * dim))
                self.__setattr__("last", nn.Linear(2 * dim, dim))

        class Residual(nn.Module):
            def __init__(self, dim):
                super().__init__()
                self.block = Block(dim)

            def forward(self, x):
                return torch.cat([x, self.block(x) + self.block.last.bias]).view(2, *x.shape)
        """,
    "a mask that says which keys are left out": """
        class Layer(nn.Module):
            def __init__(self, dim, heads):
                super().__init__()
                self.fc = nn.Linear(dim, dim)
                self.attention = nn.MultiheadAttention(dim, heads)

            def forward(self, x, key_padding_mask):
                x = self.fc(x)
                return self.attention(x, x, x, key_padding_mask=key_padding_mask)[0]
        """,
    "stages that a loop of unknown length makes": """
        class Stages(nn.Module):
            def __init__(self, widths):
                super().__init__()
                self.stages = nn.ModuleList()
                for width in widths:
                    self.stages.append(nn.Linear(width, width))

            def forward(self, x):
                first = self.stages[0](x)
                return first, self.stages[1](first), self.stages[-2](first)
        """,
    "a list that is cut at a size": """
        class Grid(nn.Module):
            def __init__(self, count, dim):
                super().__init__()
                self.rest = [torch.zeros(dim) for _ in range(count)][dim // 2 :]

            def forward(self, x):
                return x + self.rest[0]
        """,
    "a rank that is unpacked with other things": """
        class Attend(nn.Module):
            def __init__(self, heads=4):
                super().__init__()
                self.heads = heads

            def forward(self, x):
                b, h, w, p1, p2, _, device, heads = *x.shape, x.device, self.heads
                (m, n), scale = x.mean(dim=(1, 2, 3, 4)).shape, 2
                return x.reshape(b, h * w, p1 * p2, -1)
        """,
    "a mapping that forward is given": """
        class Fold(nn.Module):
            def __init__(self, dim):
                super().__init__()
                self.fc = nn.Linear(dim, dim)

            def place(self, x, h, w):
                return x.reshape(x.shape[0], h, w, -1)

            def forward(self, x, sizes):
                return self.place(self.fc(x), **sizes)
        """,
    "defaults that pass on what a caller may add": """
        class Decoder(nn.Module):
            def __init__(self, *, dim, depth=None):
                super().__init__()
                assert depth is not None, "depth must be given"
                self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])

        class Causal(Decoder):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
        """,
    "keywords that are sorted by their names": """
        def split(d):
            found = [dict(), dict()]
            for key in d.keys():
                found[int(not key.startswith("enc_"))][key] = d[key]
            return found

        class Inner(nn.Module):
            def __init__(self, *, tokens, width):
                super().__init__()
                self.emb = nn.Embedding(tokens, width)

        class Outer(nn.Module):
            def __init__(self, **kwargs):
                super().__init__()
                inner, rest = split(kwargs)
                self.inner = Inner(**inner)
                self.width = rest.pop("width")
        """,
    "a class method as the forward of a function": """
        class Detach(torch.autograd.Function):
            @classmethod
            def forward(cls, ctx, *tensors):
                return tuple(t.detach() for t in tensors)

        a, b = Detach.apply(torch.zeros(2), torch.zeros(3))
        """,
    "docstrings that are added to": '''
        def loss(x):
            """What it costs."""
            return x

        loss.__doc__ += " In short."
        ''',
    "a named tuple by keywords": """
        from collections import namedtuple

        Sample = namedtuple("Sample", field_names=["x", "y"])
        first = Sample(x=torch.zeros(2), y=1)
        first.x + first[0]
        """,
    "a list that is cut where a tensor says": """
        inputs = [torch.zeros(2, 3)] * 4
        start = 0
        for end in torch.cumsum(torch.unique_consecutive(torch.tensor([3, 3, 2, 2]), return_counts=True)[1], 0):
            torch.cat(inputs[start:end])
            start = end
        """,
    "a layer that a decorator makes once": """
        import functools

        def once(name):
            def outer(function):
                @functools.wraps(function)
                def inner(self, *args):
                    made = getattr(self, name)
                    if made is not None:
                        return made
                    made = function(self, *args)
                    setattr(self, name, made)
                    return made
                return inner
            return outer

        class Lazy(nn.Module):
            def __init__(self):
                super().__init__()
                self.head = None

            @once("head")
            def get(self, x):
                return nn.Sequential(nn.Linear(x.shape[1], 4), nn.ReLU())

            # torchlint: input x: [N, 8]
            def forward(self, x):
                return self.get(x)(x)
        """,
    "keys that the input decides": """
        class Table(nn.Module):
            def __init__(self, sample):
                super().__init__()
                places = {}
                for index, part in enumerate(sample):
                    width = part.size(2)
                    if width == 5:
                        places[width] = index
                self.fc = nn.Linear(places[5], 3)
        """,
    "what is None until somebody chooses it": """
        class Resize(nn.Module):
            def __init__(self, size=None, scale_factor=None):
                super().__init__()
                self.size, self.scale_factor = size, scale_factor

            def forward(self, x):
                return nn.functional.interpolate(x, size=self.size, scale_factor=self.scale_factor)
        """,
    "an option that the command line gives": """
        import argparse

        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("--data", type=str)
            parser.add_argument("--widths", nargs="+", type=int)
            args = parser.parse_args([])
            for width in args.widths or [2]:
                nn.Linear(width, 2)
            return args.data.startswith("x")
        """,
    "keywords that are taken out": """
        class Loss(nn.Module):
            def __init__(self, *args, margin=0.5, **kwargs):
                super().__init__()
                classes = kwargs["classes"]
                del kwargs["classes"]
                self.weight = nn.Parameter(torch.zeros(classes, 4))
        """,
    "a dictionary that is asked for its length first": """
        class Reduce(nn.Module):
            def forward(self, losses, embeddings):
                assert len(losses) == 1
                name = list(losses.keys())[0]
                return losses[name]["losses"].mean()
        """,
    "what another call has kept": """
        class Norm(nn.Module):
            def __init__(self, subtract_last=False):
                super().__init__()
                self.subtract_last = subtract_last

            def forward(self, x, mode):
                if mode == "norm":
                    self.mean = x.mean(dim=1, keepdim=True)
                    return x - self.mean
                return x + self.mean
        """,
    "a function that passes on what a caller adds": """
        class Stream(nn.Module):
            def __init__(self, *, strides, codebook=None):
                super().__init__()
                assert codebook is not None, "codebook must be set"
                self.emb = nn.Embedding(codebook, strides[0])

            def forward(self, x):
                return self.emb(x)

        def usual_stream(strides=(2, 4), **kwargs):
            return Stream(strides=strides, **kwargs)
        """,
    "a default that no function of the file relies on": """
        class Pool(nn.Module):
            def __init__(self, width, factor=2, dims=(47, 96)):
                super().__init__()
                assert dims[1] % dims[0] == 0, "the second must be a multiple"
                self.conv = nn.Conv2d(dims[0], dims[1], 3, groups=dims[0])

            def forward(self, x):
                return self.conv(x)

        def small(**kwargs):
            return Pool(4, dims=(48, 96))

        def large(**kwargs):
            return Pool(4, dims=(32, 64))
        """,
    "what other rounds of a loop may add": """
        import os

        def labels(table):
            found = []
            for key, value in table.items():
                if key == "ignore":
                    continue
                found.append(int(value))
            return max(found)

        class Files:
            def __init__(self):
                self.kept = []

            def read(self):
                for name in os.listdir("."):
                    if name.startswith("_"):
                        continue
                    self.kept.append((name, *name.split("-")))
                return self.kept[-1]

        if __name__ == "__main__":
            import stranger
            labels(stranger.labels())
            Files().read()
        """,
    "arrays that are joined as another type": """
        import numpy as np

        a = np.vstack([np.zeros((1, 3)), np.ones((2, 3))], dtype=np.float32, casting="unsafe")
        b = np.stack([np.zeros(3), np.ones(3)], axis=1, dtype=np.float32)
        nn.Linear(3, 2)(torch.from_numpy(a))
        nn.Linear(2, 3)(torch.from_numpy(b))
        """,
    "a mask that every caller gives": """
        class Sparse(nn.Module):
            def __init__(self, dim):
                super().__init__()
                self.fc = nn.Linear(dim, dim)

            def forward(self, x, mask=None):
                return self.fc(x) + (1.0 - mask) * -10000.0
        """,
    "a function that raises what it is given": """
        def raise_log(exception):
            print(exception)
            raise exception

        class Block(nn.Module):
            def __init__(self, dim, activation):
                super().__init__()
                if activation not in ("relu", "gelu"):
                    raise_log(ValueError("not supported"))
                self.fc = nn.Linear(dim, dim)

            def forward(self, x):
                return self.fc(x)
        """,
    "a class whose constructor is wrapped": """
        import functools

        def reviewed():
            def wrap(cls):
                made = cls.__init__

                @functools.wraps(made)
                def init(self, *args, **kwargs):
                    return made(self, *args, **kwargs)

                cls.__init__ = init
                return cls
            return wrap

        @reviewed()
        class Resize(nn.Module):
            def __init__(self, size=None, scale_factor=None):
                super().__init__()
                self.size, self.scale_factor = size, scale_factor

            def forward(self, x):
                return nn.functional.interpolate(x, size=self.size, scale_factor=self.scale_factor)
        """,
    "blocks that are shared after the first": """
        class Stack(nn.Module):
            def __init__(self, counts, dim, shared):
                super().__init__()
                blocks = []
                for i in range(len(counts)):
                    for k in range(counts[i]):
                        if shared and k > 0:
                            block = blocks[-1]
                        else:
                            block = nn.Linear(dim, dim)
                        blocks.append(block)
                self.blocks = nn.ModuleList(blocks)

            def forward(self, x):
                for block in self.blocks:
                    x = block(x)
                return x
        """,
    "a container that is empty until somebody chooses it": """
        class Head(nn.Module):
            def __init__(self, classes=19, widths=()):
                super().__init__()
                self.conv = nn.Conv2d(widths[0], classes, 1)

            def forward(self, x):
                return self.conv(x[0])
        """,
    "arguments that are passed on": """
        class Norm(nn.Module):
            def __init__(self, shape=None, width=None, skip=False):
                super().__init__()
                if width is None:
                    width = shape[1]
                self.norm = nn.BatchNorm1d(width)

        class Skipping(Norm):
            def __init__(self, *args, **kwargs):
                super().__init__(skip=True, *args, **kwargs)
        """,
    "what a part of the caller's gives": """
        class Sampled(nn.Module):
            def __init__(self, distribution, size=3):
                super().__init__()
                self.distribution = distribution
                self.size = size

            def forward(self, indices):
                spread = self.distribution.std.expand(*self.distribution.shape, self.size) ** 2
                return spread.gather(-1, indices)
        """,
    "what a hook keeps": """
        class Watched(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 8)
                self.kept = None
                self.fc.register_forward_hook(self.keep)

            def keep(self, module, args, output):
                self.kept = output

            # torchlint: input x: [N, 4]
            def forward(self, x):
                self.fc(x)
                return self.kept.sum(dim=1)
        """,
}


@pytest.mark.parametrize("name", _SILENT)
def test_nothing_is_said(name: str) -> None:
    """Its module level runs, and nothing in it is a mistake."""
    exec(f"import torch\nfrom torch import nn\n{textwrap.dedent(_SILENT[name])}", {"__name__": "model"})
    assert said(script(_SILENT[name])) == []


def test_a_forward_hook_runs() -> None:
    """Its result is the module's, what it sets is set, and it ends when its handle says so."""
    text = """
        net = nn.Sequential(nn.Linear(4, 8))
        seen = dict()

        def cut(module, args, output):
            seen["shape"] = output.shape
            return output[..., :3]

        handle = net[0].register_forward_hook(cut)
        y = net(torch.zeros(2, 4))
        z = y @ torch.zeros({inner}, 5) + seen["shape"][1]
        handle.remove()
        y = net(torch.zeros(2, 4)) @ torch.zeros(8, 5)
        """
    assert said(script(text.format(inner=3))) == []
    assert [name for name, _, _ in said(script(text.format(inner=8)))] == ["matmul-mismatch"]


def test_a_hook_before_forward_changes_what_is_given() -> None:
    """One argument, all of them, or with keywords."""
    text = """
        fc = nn.Linear(4, 8)
        fc.register_forward_pre_hook(lambda module, args: args[0][:, :4])
        fc.register_forward_pre_hook(lambda module, args, kwargs: ((args[0].unsqueeze(0),), kwargs), with_kwargs=True)
        y = fc(torch.zeros(2, 6))
        y.view({shape})
        """
    assert said(script(text.format(shape="1, 2, 8"))) == []
    assert [name for name, _, _ in said(script(text.format(shape="3, 8")))] == ["reshape-size"]


def test_what_one_of_several_lists_gets_is_not_missing() -> None:
    """Nobody knows which of them, so nobody knows their lengths."""
    text = """
        import stranger

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                groups = [[], []]
                for name in stranger.NAMES:
                    groups[stranger.index(name)].append(nn.Linear(2, 2))
                self.first = nn.Sequential(*groups[0])
                self.last = groups[1][0]

            def forward(self, x):
                return self.last(self.first(x))
        """
    assert said(script(text)) == []


def test_an_enumeration_is_told_from_other_collections() -> None:
    """Its class is `EnumMeta`, by which libraries know that an option is to be looked up among its members."""
    text = """
        import enum

        class Mode(str, enum.Enum):
            NARROW = "narrow"
            WIDE = "wide"

        def look_up(option, supported):
            return supported(option) if isinstance(supported, enum.EnumMeta) else option

        fc = nn.Linear(3 if look_up("narrow", Mode) is Mode.NARROW else 4, 5)
        fc(torch.zeros(2, {size}))
        """
    assert said(script(text.format(size=3))) == []
    assert [name for name, _, _ in said(script(text.format(size=4)))] == ["linear-in-features"]


@pytest.mark.parametrize(
    ("mistake", "rule"),
    [
        ("import math\nmath.sqrt(torch.zeros(2, 3))", "wrong-rank"),
        ("float(torch.zeros(2))", "wrong-rank"),
        ("int(torch.zeros(3))", "wrong-rank"),
        ("layers = []\nlayers.append()", "invalid-operation"),
        ("getattr(torch.zeros(2), None, 'shape')", "invalid-operation"),
    ],
)
def test_calls_that_python_refuses(mistake: str, rule: str) -> None:
    """torch, or Python, raises."""
    with pytest.raises((TypeError, ValueError, RuntimeError)):
        exec(f"import torch\n{mistake}")
    assert [name for name, _, _ in said(script(mistake))] == [rule]


def test_numbers_in_tensors_of_one_element() -> None:
    """They are read as torch does."""
    assert (
        said(script("import math\nmath.sqrt(torch.tensor(4.0))\nnn.Linear(int(torch.tensor([3])), 2)(torch.zeros(1, 3))")) == []
    )
    assert said(script("def f(x):\n    return float(x.sum()) + int(x.mean())\n\nf(torch.zeros(2, 3))")) == []


def test_a_set_of_texts_has_one_order() -> None:
    """It does not depend on how Python hashes texts in this run."""
    text = "import os\nnames = list({'b', 'a', 'c', 'e', 'd'})\nnn.Linear(ord(names[1]), 2)(torch.zeros(1, 98))"
    assert said(script(text)) == []


def test_an_argument_that_is_used_as_a_number_first_may_be_one() -> None:
    """What nobody has declared is no tensor for the reason alone that `forward` is given it."""
    text = """
        class Experts(nn.Module):
            def __init__(self, count, width):
                super().__init__()
                self.weight = nn.Parameter(torch.empty(count, 4, width))
                self.count = count

            def forward(self, inputs, sizes, times):
                parts = inputs.split(sizes, dim=0)
                found = [F.linear(parts[i], self.weight[i]) for i in range(self.count)]
                return torch.cat(found, dim=0).repeat(times, 1).view(-1, times)
        """
    assert said(script(text)) == []
