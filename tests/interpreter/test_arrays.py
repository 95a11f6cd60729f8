"""Arrays are held against numpy, and their way into torch and back against torch: shapes, dtypes, known elements, errors."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import vision  # noqa: F401
from rules.snippets import check, script
from torchlint.analysis import Project, analyze
from torchlint.interpreter.arrays import tensor_of
from torchlint.settings import Settings
from torchlint.values.scalar import dtype_of_scalar
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

_HEADER = """
import math
import numpy as np
import torch
from torch import nn
from PIL import Image
from torchvision import transforms
from torch.utils.data import DataLoader
a = np.ones(3)
b = np.array([[1, 2, 3], [4, 5, 6]])
c = np.zeros((2, 3), dtype=np.float32)
m = np.array([True, False, True])
u = np.zeros((4, 5, 3), dtype=np.uint8)
g = np.random.rand(7, 3)
t = torch.zeros(3)
n = torch.arange(6).view(2, 3)
rng = np.random.default_rng(0)
"""

_NUMPY = """
np.array([1, 2]); np.array([1, 2.5]); np.array([True]); np.array([[1, 2], [3, 4]], dtype=float); np.array(3); np.array([])
np.array([a, a]); np.array([t, t]); np.array(t); np.array(range(4)); np.array([np.float32(1), 2]); np.array([a[0], 1])
np.array(b); np.asarray([1, 2], dtype='int32'); np.asarray(n); np.asarray(a); np.array((1, (2))); np.zeros(3)
np.zeros((2, 3), int); np.ones((2,), dtype='float32'); np.empty((2, 3), np.uint8); np.full((2,), 1); np.full(2, 1.5)
np.full((2, 2), True); np.zeros_like(b); np.ones_like(b, dtype=float); np.full_like(a, 2); np.empty_like(c)
np.zeros(b.shape); np.eye(3); np.eye(2, 3, dtype=np.float32); np.identity(2); np.arange(5); np.arange(5.)
np.arange(1, 7, 2); np.arange(0, 1, 0.1); np.arange(3, dtype=np.float32); np.linspace(0, 1, 5)
np.linspace(0, 1, num=4, dtype='float32'); np.linspace(0, 1, 5, endpoint=False); np.logspace(0, 1, 4)
np.meshgrid(np.arange(2), np.arange(3))[0]; np.meshgrid(np.arange(2), np.arange(3), indexing='ij')[1]; a.shape; b.ndim
b.size; b.T; len(b); b.itemsize; b.nbytes; c.dtype.name; c.dtype.kind; b.dtype.itemsize; c.dtype == np.float32
c.dtype == 'float32'; a.dtype == float; a.dtype == np.float32; np.dtype('f4') == np.float32; b.dtype != int
a.astype(np.float32); a.astype('int'); b.astype(float); m.astype(np.uint8); b.astype(np.float16); b.astype(bool)
b.reshape(3, 2); b.reshape((-1,)); b.reshape(-1, 1); b.reshape(4, 2); b.flatten(); b.ravel(); b.transpose()
u.transpose(2, 0, 1); u.transpose((2, 0, 1)); u.swapaxes(0, 2); b[None].squeeze(); b[None].squeeze(0); b.squeeze(0)
b.copy(); b.transpose(0, 0); b.repeat(2); b.repeat(2, axis=1); b.take([0, 1]); b.diagonal(); m.nonzero()[0].ndim
b.argsort(axis=0); b.clip(1, 3); a.clip(0, 1); g.round(2); b.round(); b.dot(a); a.dot(a); b.sum(); b.sum(axis=0)
b.sum(axis=1, keepdims=True); b.sum((0, 1)); u.sum(); m.sum(); c.sum(); c.sum(dtype=np.float64); b.prod(); b.prod(axis=1)
b.mean(); b.mean(0); c.mean(); c.mean(axis=(0, 1)); b.std(axis=0); c.var(); b.max(); b.min(axis=1); c.max(); b.argmax()
b.argmin(axis=0); m.argmax(); m.any(); m.all(axis=0); b.any(axis=1); b.cumsum(); b.cumsum(axis=1); c.cumsum(0); b.cumprod()
b.sum(axis=2); b.max(axis=-3); np.zeros(0).max(); u.mean(axis=(0, 1)); b.tolist(); a.item(); b[0, 0].item(); b.item(1)
np.array(5).item(); a[0].dtype.name; a[0].shape; b[0, 0].astype(float); a[0].ndim; a[0]; a[-1]; a[3]; b[1]; b[:, 1]
b[0, 1:]; b[..., None]; b[np.newaxis]; b[[0, 1, 0]]; b[np.array([0, 1])]; a[m]; b[b > 2].ndim; b[5]; b[0, 0, 0]; a[::-1]
u[:, :, ::-1]; a[::2]; b[:, np.array([True, False, True])]; a[np.array([0, 2], dtype=np.uint8)]; b[np.int64(1)]; a + 1
1 + a; a - b; b * 2; b * 2.5; b / 2; 2 / b; b // 2; b % 2; b ** 2; 2 ** b; b ** 0.5; -b; abs(-b); +a; ~m; c + 1; c * 2.5
c + b; c + a; m + m; m + 1; m * 1.5; u + 1; u / 255; u / 255.; u * 0.5; u + u; m & m; m | ~m; m ^ m; a @ a; b @ a; b @ b.T
b @ b; a + np.ones(4); b == 1; b != 1; a < 2; 2 > a; a >= b; m == m; b == b[0]; [1, 2, 3] + a; a * [1, 2, 3]
c + np.float32(1); b + np.float64(1); -u; np.float32(3) * np.float32(2); np.float64(3) / 2; np.int64(7) // 2
np.int64(7) / 2; np.int64(2) * 1.5; np.float32(3) + np.int64(1); np.float32(3); np.int64(3.7)
np.float64('3') if False else 1; np.float32([1, 2]); np.uint8(3); np.bool_(True); 2 ** np.int64(3); a.sum() * 2
a.mean() + 1; b.sum() / 2; c.mean() * c; b.max() + 1; b.max() * 1.5; a.sum() / b.sum(); np.sqrt(4) * a; np.sum([1, 2])
np.sum(b, axis=0); np.mean([1, 2]); np.mean(b, 0); np.max([1, 2]); np.max(b, axis=1); np.min(a); np.argmax(b, axis=1)
np.std(a); np.var(b, axis=0); np.prod((2, 3)); np.prod(b.shape); np.prod([]); np.prod([1.5, 2]); np.prod(b, axis=0)
np.any(m); np.all(b > 0); np.cumsum([1, 2, 3]); np.cumsum(b, axis=0); np.argsort(a); np.sort(b); np.clip(b, 0, 3)
np.clip(c, 0, 1); np.median(b, axis=0); np.sqrt(4); np.sqrt([4, 9]); np.sqrt(b); np.sqrt(c); np.exp(1); np.exp(a); np.log(0)
np.log(2.5); np.log2(8); np.log10(100); np.sin(a); np.cos(b); np.tanh(c); np.abs(-3); np.abs(b); np.ceil(2.5); np.floor(a)
np.round(2.567, 2); np.round(a); np.square(b); np.sign(c); np.isnan(a); np.maximum(1, 2); np.maximum(b, 2); np.minimum(a, b)
np.power(2, 3); np.power(a, 2); np.mod(5, 3); np.add(a, b); np.divide(b, b); np.where(a > 0, 1, 0); np.where(b > 2, b, 0.0)
np.where(a > 0)[0].ndim; np.where(m, a, np.ones(4)); np.logical_and(m, m); np.logical_not(m)
np.concatenate([a, np.arange(2)]); np.concatenate([b, c]); np.concatenate((b, b), axis=1); np.concatenate([a, b])
np.stack([a, a]); np.stack([a, a], axis=1); np.stack([a, np.ones(2)]); np.vstack([a, a]); np.vstack([b, a])
np.hstack([a, a]); np.hstack([b, b]); np.column_stack([a, a]); np.append(a, 1); np.append(b, b, axis=0)
np.split(np.arange(6), 3)[0]; np.split(np.arange(7), 3); np.array_split(np.arange(7), 3)[0]; np.expand_dims(a, 0)
np.expand_dims(a, -1); np.squeeze(b[None]); np.transpose(b); np.transpose(u, (2, 0, 1)); np.reshape(b, (3, 2))
np.tile(a, 2); np.tile(a, (2, 1)); np.repeat(a, 2); np.repeat(b, 3, axis=0); np.moveaxis(u, -1, 0); np.swapaxes(u, 0, 1)
np.flip(a); np.flip(b, axis=1); np.fliplr(b); np.pad(b, 1); np.pad(b, ((1, 0), (0, 2))); np.pad(a, (1, 2), mode='edge')
np.outer(a, a); np.dot(a, a); np.dot(b, a); np.dot(b, b); np.matmul(b, b.T); np.diag(a); np.tril(np.ones((3, 3)))
np.triu(np.ones((1, 3, 3)), k=1); np.triu(np.ones((1, 4, 4)), k=1).astype('uint8'); np.atleast_2d(a); np.roll(a, 1)
np.count_nonzero(m); np.unique([1, 2, 1]).ndim; np.shape(b); np.ndim(b); np.size(b); np.pi; np.inf; np.e; np.newaxis
np.random.rand(2, 3); np.random.randn(4); np.random.randint(0, 5, (2, 3)); np.random.randint(0, 5, size=4)
np.random.normal(size=(2, 3)); np.random.normal(0, 1, 5); np.random.normal(np.zeros(3), 1.)
np.random.uniform(-1, 1, (2, 2)); np.random.permutation(4); np.random.permutation(b); np.random.choice(5, 3)
np.random.choice([1, 2, 3], size=(2,)); np.random.random((2, 2)); rng.normal(size=3); rng.integers(0, 5, 3)
rng.random((2, 2)); rng.random(3, dtype=np.float32); np.random.binomial(1, 0.5, 4); np.random.RandomState(0).rand(3)
np.random.seed(0); isinstance(a, np.ndarray); isinstance(t, np.ndarray); isinstance(a[0], float); isinstance(b[0, 0], int)
isinstance(a[0], np.floating); isinstance(b[0, 0], (int, np.integer)); isinstance(np.float32(1), float)
isinstance([1], np.ndarray); isinstance(a, torch.Tensor); int(b[0, 1]); float(a[0]); round(2.6 * a[0]); list(range(b[0, 1]))
[1, 2, 3][b[0, 0]]; max(b[0]); sum(b[0]); list(b[0]); math.sqrt(b[1, 0]); [x.item() for x in np.linspace(0, 1, 3)]
{b[0, 0]: 2}[1]; [0] * b[0, 1]; tuple(map(int, b[0])); sorted(b[0]); b[0, 0] == 1; 1 in b[0].tolist(); a.unsqueeze(0)
a.float(); a.to('cpu'); a.detach(); a.numpy(); a.size(); a.dim(); a.permute(0); hasattr(a, 'detach'); hasattr(a, 'shape')
"""
_BRIDGES = """
torch.from_numpy(a); torch.from_numpy(b); torch.from_numpy(m); torch.from_numpy(u); torch.from_numpy([1])
torch.from_numpy(a[::-1]); torch.from_numpy(u[:, :, ::-1].copy()); torch.from_numpy(np.flip(a))
torch.from_numpy(u.transpose(2, 0, 1)); torch.tensor(a[::-1].T); torch.from_numpy(b.T).contiguous().view(-1)
torch.from_numpy(a).float().view(1, 3); torch.from_numpy(a[::-1] + 1); torch.tensor(a); torch.tensor(b, dtype=torch.float)
torch.tensor([a, a]); torch.tensor([[a], [a]]); torch.as_tensor(c); torch.asarray(m); torch.tensor([a, np.ones(4)])
torch.Tensor(b); torch.FloatTensor(a); torch.LongTensor(b); torch.Tensor([a, a]); torch.FloatTensor(b[0])
torch.tensor(np.float32(3)); torch.tensor(np.float64(3)); torch.tensor(np.int64(3)); torch.tensor(a[0])
torch.tensor(c[0, 0]); torch.tensor(b[0, 0]); torch.tensor(g[0, 0]); torch.tensor([a[0], 2]); torch.tensor([1.5, 2])
torch.tensor([np.int32(1)]); torch.tensor(g.mean()); torch.tensor(b.max()); torch.tensor(g[0, 0] * 2)
torch.tensor(np.sqrt(2)); torch.tensor(np.random.rand()); torch.tensor(np.random.randint(5)); t.new_tensor(a)
torch.full((2,), np.float32(3)); torch.full((2,), np.float64(3)); torch.zeros(np.prod((2, 3))); torch.ones(*b[0])
torch.zeros(tuple(b[0])); torch.ones(np.int64(2), 3); torch.arange(b[0, 2]); nn.Linear(b.shape[1], np.int64(2)).weight
t.view(np.prod(t.shape), 1); torch.zeros(int(a.sum())); t.numpy(); n.numpy(); t.detach().cpu().numpy()
n.numpy().astype(np.float32); np.asarray(t); np.array(n); n.float().numpy().mean(); t + a; t * a; t - a; t / a; t @ a; a + t
a * t; a - t; a / t; a @ t; t == a; a == t; t < a; a < t; t + np.ones(4); t + b; a[0] * t; t * a.sum(); t * np.float64(2)
np.float32(2) * t; n * np.float64(2); n + np.int64(1); t + g.mean(); a // t; t ** a; np.sqrt(t); np.exp(n); np.maximum(a, t)
torch.relu(a); torch.exp(a); torch.matmul(a, t); torch.add(t, a); t.add(a); torch.cat([a, a]); torch.stack([t, a])
torch.sum(a); nn.ReLU()(a); nn.Linear(3, 2)(a); nn.Linear(3, 2)(torch.from_numpy(a)); nn.Linear(3, 2)(torch.from_numpy(c))
nn.Linear(3, 2)(torch.Tensor(a)); nn.Linear(3, 2)(torch.from_numpy(g).float()); nn.Linear(4, 2)(torch.from_numpy(c))
nn.functional.one_hot(torch.from_numpy(b), 7)
nn.CrossEntropyLoss()(torch.zeros(3, 2), torch.from_numpy(np.array([0, 1, 1]))); nn.Embedding(9, 2)(torch.from_numpy(b))
t[np.array([0, 1])]; t[np.array([True, False, True])]; t[np.array([0, 1], dtype=np.int32)]; n[:, np.array([0, 2])]
t[b[0, 0]]; n[0][np.arange(2)]; np.concatenate([t, t]); np.stack([t, t]); np.concatenate([t.numpy(), a])
torch.tensor(np.array([t.numpy(), a])); next(iter(DataLoader([(g[i], b[0, i]) for i in range(3)], 2)))[0]
next(iter(DataLoader([(g[i], b[0, i]) for i in range(3)], 2)))[1]; next(iter(DataLoader([c[0], c[1]], 2)))
next(iter(DataLoader([np.float32(1), np.float32(2)], 2))); next(iter(DataLoader([1.0, 2.0], 2)))
next(iter(DataLoader(g.astype(np.float32), 4))); next(iter(DataLoader([g[0].mean(), g[1].mean()], 2)))
Image.fromarray(u).size; Image.fromarray(u).mode; Image.fromarray(u[:, :, 0]).size; Image.fromarray(u.transpose(2, 0, 1))
Image.fromarray(u / 255); np.array(Image.new('RGB', (4, 5))); np.array(Image.new('L', (4, 5)))
np.asarray(Image.fromarray(u)) / 255.; np.array(Image.new('RGBA', (4, 5))); transforms.ToTensor()(u)
transforms.ToTensor()(u / 255.); transforms.ToTensor()(u.astype('float32')); transforms.ToTensor()(u[:, :, 0])
transforms.ToTensor()(Image.fromarray(u)); transforms.ToTensor()(a); transforms.ToPILImage()(u).size
transforms.ToTensor()(c)
"""


def _expressions(text: str) -> list[str]:
    return [part.strip() for line in text.strip().splitlines() for part in line.split(";")]


def _theirs(expressions: list[str]) -> list[Any]:
    """What each expression gives; the exception where it raises one."""
    scope: dict[str, Any] = {}
    exec(_HEADER, scope)
    results: list[Any] = []
    for expression in expressions:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                results.append(eval(expression, scope))
        except Exception as error:
            results.append(error)
    return results


def _ours(expressions: list[str]) -> tuple[dict[str, Any], dict[int, str]]:
    """The names that the expressions are bound to, and what is said of each."""
    lines = [f"r{index} = {expression}" for index, expression in enumerate(expressions)]
    document = script(_HEADER + "\n".join(lines))
    settings = Settings(budget_seconds=60)
    analysis = analyze(document, Project(settings, Path(__file__).parent), settings)
    first = document.text.splitlines().index(lines[0]) + 1
    return analysis.file.namespace.members, {d.span.start.row - first: f"{d.name}: {d.message}" for d in analysis.diagnostics}


def _described(value: Any) -> Any:
    """Kind, shape and dtype of a value of either side; of what is neither array nor tensor nor scalar, the value."""
    held = tensor_of(value)
    if held is not None:
        return "array", list(held.shape), held.dtype.name
    if isinstance(value, Tensor):
        return "tensor", list(value.shape), value.dtype.name
    if isinstance(value, (np.ndarray, torch.Tensor)):
        return "array" if isinstance(value, np.ndarray) else "tensor", list(value.shape), str(value.dtype).rpartition(".")[2]
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.generic):
        return "scalar", value.dtype.name
    dtype = dtype_of_scalar(value)
    if dtype is not None:
        return "scalar", dtype.name
    if isinstance(value, (list, tuple)):
        return [_described(part) for part in value]
    return value


def _elements(value: Any) -> list[Any] | None:
    held = value if isinstance(value, Tensor) else tensor_of(value)
    if held is not None:
        return None if held.values is None else list(held.values)
    if isinstance(value, (np.ndarray, torch.Tensor)):
        return value.reshape(-1).tolist()
    return [value] if isinstance(value, (int, float, np.generic)) else None


def _is_equal(ours: Any, theirs: Any) -> bool:
    known, real = _elements(ours), _elements(theirs)
    if known is None or real is None:
        return True
    return len(known) == len(real) and all(a == b or math.isclose(a, b, rel_tol=1e-6) or a != a for a, b in zip(known, real))


@pytest.mark.parametrize("text", [_NUMPY, _BRIDGES], ids=["numpy", "torch"])
def test_arrays_are_numpys(text: str) -> None:
    """Each expression has the shape, the dtype and (where they are known) the elements that it really has, or an error is
    reported where it really raises."""
    expressions = _expressions(text)
    members, errors = _ours(expressions)
    wrong: list[str] = []
    unknown: list[str] = []
    for index, (expression, real) in enumerate(zip(expressions, _theirs(expressions))):
        found, error = members[f"r{index}"], errors.get(index)
        if isinstance(real, Exception):
            if error is None:
                (unknown if isinstance(found, Unknown) else wrong).append(f"{expression}: {found}, but raises {real!r:.100}")
        elif error is not None:
            wrong.append(f"{expression}: {error}")
        elif isinstance(found, Unknown) and dtype_of_scalar(found) is None:
            unknown.append(f"{expression}: {found}")
        elif _described(found) != _described(real) or not _is_equal(found, real):
            wrong.append(f"{expression}: {_described(found)} {_elements(found)}, but is {_described(real)} {_elements(real)}")
    assert not wrong, "\n".join(wrong)
    assert not unknown, "\n".join(unknown)


def test_what_arrays_raise_is_told_where_they_are_used() -> None:
    """At the operator, subscript or call that raises; no note points into the file that stands for numpy."""
    document = script("import numpy as np\na = np.ones((3, 4))\na + a.T\na[7]\nnp.concatenate([a, a.T])\n")
    found = check(document)
    assert [document.text_of(d.span) for d in found] == ["a + a.T", "a[7]", "np.concatenate([a, a.T])"]
    assert [d.name for d in found] == ["contract-violated"] * 3
    assert not [note for d in found for note in d.notes]
