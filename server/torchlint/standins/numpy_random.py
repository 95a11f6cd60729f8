"""`numpy.random`: arrays of random numbers, which nobody knows."""

import torch
from _torchlint import (
    array_of, gathered, is_array, is_list, is_unknown, result_of, some_float, some_integer, torch_dtype, unknown,
)  # fmt: skip
from numpy._arrays import arithmetic


def _drawn(size, dtype=torch.float64, *parameters):
    """Numbers of the size that is asked for, or that the parameters have together."""
    kept = torch_dtype(dtype)
    if is_unknown(kept):
        return kept
    if is_unknown(size) or size is not None:
        return array_of(torch.empty(tuple(size) if is_list(size) else (size,), dtype=kept))
    together = gathered(0.0)
    for parameter in parameters:
        if is_unknown(parameter) or parameter is not None:
            together = gathered(arithmetic(torch.add, together, parameter))
    if is_unknown(together):
        return together
    if together.ndim == 0:
        return some_float() if kept == torch.float64 else some_integer()
    return array_of(torch.empty(tuple(together.shape), dtype=kept))


class RandomState:
    def __init__(self, seed=None):
        pass

    def seed(self, seed=None):
        pass

    def rand(self, *sizes):
        return _drawn(sizes if sizes else None)

    def randn(self, *sizes):
        return _drawn(sizes if sizes else None)

    def random(self, size=None):
        return _drawn(size)

    def random_sample(self, size=None):
        return _drawn(size)

    def standard_normal(self, size=None):
        return _drawn(size)

    def normal(self, loc=0.0, scale=1.0, size=None):
        return _drawn(size, torch.float64, loc, scale)

    def uniform(self, low=0.0, high=1.0, size=None):
        return _drawn(size, torch.float64, low, high)

    def beta(self, a, b, size=None):
        return _drawn(size, torch.float64, a, b)

    def gamma(self, shape, scale=1.0, size=None):
        return _drawn(size, torch.float64, shape, scale)

    def exponential(self, scale=1.0, size=None):
        return _drawn(size, torch.float64, scale)

    def binomial(self, n, p, size=None):
        return _drawn(size, torch.int64, n, p)

    def poisson(self, lam=1.0, size=None):
        return _drawn(size, torch.int64, lam)

    def randint(self, low, high=None, size=None, dtype=int):
        return _drawn(size, dtype, low, high)

    def permutation(self, x):
        if is_array(x) or is_list(x):
            given = gathered(x)
            return given if is_unknown(given) else array_of(given + torch.empty((), dtype=given.dtype))
        return unknown("a permutation") if is_unknown(x) else array_of(torch.empty((x,), dtype=torch.int64))

    def shuffle(self, x):
        if is_array(x):
            x[...] = unknown("a shuffled element")

    def choice(self, a, size=None, replace=True, p=None):
        if is_array(a) or is_list(a):
            among = gathered(a)
            if is_unknown(among):
                return among
            if among.ndim != 1:
                return unknown("a choice of rows")
            return result_of(torch.empty((), dtype=among.dtype)) if size is None else _drawn(size, among.dtype)
        return some_integer() if size is None else _drawn(size, torch.int64)


class Generator(RandomState):
    def __init__(self, bit_generator=None):
        pass

    def random(self, size=None, dtype=float, out=None):
        return _drawn(size, dtype)

    def standard_normal(self, size=None, dtype=float, out=None):
        return _drawn(size, dtype)

    def integers(self, low, high=None, size=None, dtype=int, endpoint=False):
        return _drawn(size, dtype, low, high)

    def __getattr__(self, name):
        return unknown("a generator of random numbers")


def default_rng(seed=None):
    return Generator()


_state = RandomState()
seed, rand, randn, random, random_sample = _state.seed, _state.rand, _state.randn, _state.random, _state.random_sample
ranf = sample = random
standard_normal, normal, uniform, beta, gamma = (
    _state.standard_normal,
    _state.normal,
    _state.uniform,
    _state.beta,
    _state.gamma,
)
exponential, binomial, poisson, randint = _state.exponential, _state.binomial, _state.poisson, _state.randint
permutation, shuffle, choice = _state.permutation, _state.shuffle, _state.choice
