"""numpy's functions that work element by element, and those that are methods of arrays too."""

import torch
from _torchlint import array_of, gathered, is_tensor, is_unknown, result_of, unknown
from numpy._arrays import arithmetic, as_float


def _float_function(function):
    """A function of floats: of an array, of a number or, of a tensor, one of torch's."""

    def apply(x, out=None, where=True, dtype=None):
        tensor = as_float(gathered(x))
        if is_unknown(tensor):
            return tensor
        made = function(tensor)
        return made if is_tensor(x) else result_of(made)

    return apply


def _function(function):
    """A function that keeps the dtype."""

    def apply(x, out=None, where=True, dtype=None):
        tensor = gathered(x)
        if is_unknown(tensor):
            return tensor
        made = function(tensor)
        return made if is_tensor(x) else result_of(made)

    return apply


def _ufunc(function, divides=False, compares=False):
    def apply(x1, x2, out=None, where=True, dtype=None):
        return arithmetic(function, x1, x2, divides, compares)

    return apply


sqrt, exp, log, log2, log10 = map(_float_function, (torch.sqrt, torch.exp, torch.log, torch.log2, torch.log10))
exp2, expm1, log1p = map(_float_function, (torch.exp2, torch.expm1, torch.log1p))
sin, cos, tan, tanh, sinh, cosh = map(_float_function, (torch.sin, torch.cos, torch.tan, torch.tanh, torch.sinh, torch.cosh))
arcsin, arccos, arctan = map(_float_function, (torch.asin, torch.acos, torch.atan))
radians = deg2rad = _float_function(torch.deg2rad)
degrees = rad2deg = _float_function(torch.rad2deg)
ceil, floor, trunc = map(_float_function, (torch.ceil, torch.floor, torch.trunc))
rint = _float_function(torch.round)
abs = absolute = fabs = _function(torch.abs)
sign, negative, square = map(_function, (torch.sign, torch.neg, torch.square))
isnan, isinf, isfinite = map(_float_function, (torch.isnan, torch.isinf, torch.isfinite))
add, subtract, multiply = map(_ufunc, (torch.add, torch.sub, torch.mul))
divide = true_divide = _ufunc(torch.div, divides=True)
floor_divide, power, maximum, minimum = map(_ufunc, (torch.floor_divide, torch.pow, torch.maximum, torch.minimum))
mod = remainder = _ufunc(torch.remainder)
equal, not_equal = _ufunc(torch.eq, compares=True), _ufunc(torch.ne, compares=True)
greater, less = _ufunc(torch.gt, compares=True), _ufunc(torch.lt, compares=True)
logical_and, logical_or = _ufunc(torch.logical_and, compares=True), _ufunc(torch.logical_or, compares=True)
logical_not = _function(torch.logical_not)


def _method(name):
    """A function that is a method of arrays too. What it does to a tensor depends on the versions."""

    def apply(a, *args, **kwargs):
        if is_tensor(a):
            return unknown("a function of numpy is applied to a tensor")
        made = array_of(gathered(a))
        return made if is_unknown(made) else getattr(made, name)(*args, **kwargs)

    return apply


sum, mean, std, var, any, all = map(_method, ("sum", "mean", "std", "var", "any", "all"))
max = amax = _method("max")
min = amin = _method("min")
argmax, argmin, cumsum, cumprod, argsort = map(_method, ("argmax", "argmin", "cumsum", "cumprod", "argsort"))
squeeze, swapaxes, repeat, ravel, clip = map(_method, ("squeeze", "swapaxes", "repeat", "ravel", "clip"))
reshape, nonzero, diagonal, trace, take, dot = map(_method, ("reshape", "nonzero", "diagonal", "trace", "take", "dot"))
round = around = round_ = _method("round")
nansum, nanmean, nanstd, nanmax, nanmin = map(_method, ("sum", "mean", "std", "max", "min"))
