"""One dummy forward pass with real torch: what a request names is imported, built, and called with tensors without data.

Tensors of more than a few elements are torch's fake tensors, which have a shape, a dtype and a device but no memory; no kernel
runs on them. Small ones that code makes itself are real, because models compute sizes, rates and index tables with them.

This file runs in the user's interpreter: it imports torch and the standard library only, of Python 3.9 or newer.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import importlib.util
import logging
import os
import re
import sys
import traceback
import types
import weakref
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.overrides import TorchFunctionMode
from torch.utils._device import _device_constructors

_SMALL = 1024  # elements of a tensor that is made for real
_FRAMES = 60  # of a traceback, on either end
_DATA = ("DataDependentOutputException", "DynamicOutputShapeException")


def warm_up() -> str:
    """Load what every pass needs; returns torch's version."""
    logging.getLogger("torch._subclasses.fake_tensor").setLevel(logging.CRITICAL)
    with _Small(FakeTensorMode(allow_non_fake_inputs=True)):
        torch.nn.Conv2d(3, 64, 5)(torch.zeros(1, 3, 32, 32)).sum()
    return str(torch.__version__)


class _Small(TorchFunctionMode):  # type: ignore[misc]
    """Makes large tensors fake and leaves small ones real, and keeps all of them on the CPU: shapes are the same everywhere."""

    def __init__(self, fake: Any) -> None:
        super().__init__()
        self.fake = fake
        self._makers = set(_device_constructors())

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = {name: _on_cpu(value, name == "device") for name, value in (kwargs or {}).items()}
        if func is torch.Tensor.cuda:
            return args[0]
        args = tuple(_on_cpu(value, index > 0 and func is torch.Tensor.to) for index, value in enumerate(args))
        if func in self._makers:
            with self.fake:
                made = func(*args, **kwargs)
            if isinstance(made, FakeTensor) and made.numel() > _SMALL:
                return made
        return func(*args, **kwargs)


def _on_cpu(value: Any, may_name_device: bool) -> Any:
    """The CPU in place of an accelerator, as an object or (where a device is expected) as its name or number."""
    if isinstance(value, torch.device):
        return torch.device("cpu") if value.type != "meta" else value
    if may_name_device and type(value) is int:
        return torch.device("cpu")
    if may_name_device and isinstance(value, str) and value.partition(":")[0] != "meta":
        return torch.device("cpu")
    return value


def run(request: dict[str, Any], new_record: Any, out_of_time: type[BaseException]) -> dict[str, Any]:
    """The answer to a request: the modules of what was built with their shapes and counts, and what was raised, if anything."""
    _adapt_torch()
    stage = "import"
    answer: dict[str, Any] = {"rows": None, "error": None, "import_error": None, "inputs": None}
    record: Any = None
    try:
        with _Small(FakeTensorMode(allow_non_fake_inputs=True)) as small:
            target, scope, answer["import_error"] = _find(request)
            stage = "build"
            model = target if isinstance(target, torch.nn.Module) else _only_module(_call(target, request["args"], scope))
            if not isinstance(model, torch.nn.Module):
                return {**answer, "no_module": f"{type(model).__name__}"}
            model.eval()
            record = new_record(model)
            stage = "forward"
            if request["inputs"]:
                answer["inputs"] = _forward(model, request["inputs"], small.fake, record)
    except out_of_time:
        answer["error"] = {**_described(sys.exc_info()[1]), "kind": "time"}
    except BaseException as error:
        answer["error"] = _described(error)
    answer["stage"] = stage
    if record is not None:
        answer.update(record.summary())
    return answer


def _adapt_torch() -> None:
    """Change what fails for tensors without data, and let the guard see a file that torch writes below Python."""
    torch.nn.Module._apply = _apply
    for name, function in list(vars(torch.nn.init).items()):
        if name.endswith("_") and not name.startswith("_") and callable(function):
            setattr(torch.nn.init, name, _without_data(function))
    save = torch.save

    def audited_save(obj: Any, f: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(f, (str, os.PathLike)):
            sys.audit("open", os.fspath(f), "wb", os.O_WRONLY)
        return save(obj, f, *args, **kwargs)

    torch.save = audited_save


def _without_data(function: Any) -> Any:
    """An initialization that may look at the elements which it has written: without them it is done."""

    @functools.wraps(function)
    def initialize(tensor: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return function(tensor, *args, **kwargs)
        except Exception as error:
            if type(error).__name__ in _DATA:
                return tensor
            raise

    return initialize


def _apply(self: Any, fn: Any, recurse: bool = True) -> Any:
    """`nn.Module._apply` for fake tensors, whose memory cannot be exchanged; parameters stay shared where they are."""
    made = _applied.setdefault(fn, {})
    if recurse:
        for child in self.children():
            child._apply(fn)
    for registry in (self._parameters, self._buffers):
        for name, old in registry.items():
            if old is not None:
                if id(old) not in made:
                    with torch.no_grad():
                        new = fn(old)
                    if isinstance(old, torch.nn.Parameter) and new is not old:
                        new = torch.nn.Parameter(new, old.requires_grad)
                    made[id(old)] = (old, new)  # the old one is kept so that no other gets its id
                registry[name] = made[id(old)][1]
    return self


_applied: Any = weakref.WeakKeyDictionary()


# What a request names.


def _find(request: dict[str, Any]) -> tuple[Any, dict[str, Any], Any]:
    """The named value, the names that its arguments may use, and what importing raised after the name was defined."""
    path, name = request["path"], request["name"]
    if path is None:
        value, rest = _imported(request["module"])
        rest += name.split(".") if name else []
        scope = vars(value) if isinstance(value, types.ModuleType) else {}
    else:
        value, rest = types.ModuleType(request["module"]), name.split(".")
        scope = vars(value)
    raised = None
    if path is not None:
        try:
            value = _executed(path, request["module"], request["package"])
            scope = vars(value)
        except BaseException as error:
            scope = vars(sys.modules.get(request["module"], value))
            if rest[0] not in scope or not isinstance(error, (Exception, SystemExit)):
                raise
            raised = _described(error)
        value = types.SimpleNamespace(**scope)
    for part in rest:
        if not hasattr(value, part):
            raise AttributeError(f"there is no `{part}` in {path or request['module']}")
        value = getattr(value, part)
    return value, dict(scope), raised


def _imported(name: str) -> tuple[Any, list[str]]:
    """The module that a dotted name begins with, and the rest of the name."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        module = ".".join(parts[:length])
        try:
            return _with_missing_operators(lambda module=module: importlib.import_module(module)), parts[length:]
        except ModuleNotFoundError as error:
            if length == 1 or not (error.name and (module == error.name or module.startswith(error.name + "."))):
                raise
    raise ModuleNotFoundError(name)


def _executed(path: str, name: str, package: str) -> Any:
    """The file as a module; one of a package is imported by its dotted name, so that relative imports work."""
    if package:
        return _with_missing_operators(lambda: importlib.import_module(name))

    def load() -> Any:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return _with_missing_operators(load)


def _with_missing_operators(load: Any) -> Any:
    """Import something again after declaring the operators that a build of torchvision without its extension lacks."""
    before = set(sys.modules)
    try:
        return load()
    except RuntimeError as error:
        if "operator torchvision::" not in str(error):
            raise
    for name in set(sys.modules) - before:
        del sys.modules[name]
    library = _libraries.setdefault("torchvision", torch.library.Library("torchvision", "DEF"))
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return load()


_libraries: dict[str, Any] = {}


def _call(target: Any, arguments: str, scope: dict[str, Any]) -> Any:
    """`target(arguments)`, read in the scope of its module; names that are not there are packages, and `nn` is `torch.nn`."""
    names = dict(scope)
    tree = ast.parse(f"target({arguments})", "<--args>", "eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (dotted := _dotted(node)) and dotted.partition(".")[0] not in scope:
            with contextlib.suppress(ImportError):
                _imported(dotted)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in names and node.id in ("nn", *sys.modules):
            names[node.id] = torch.nn if node.id == "nn" else sys.modules[node.id]
    return eval(compile(tree, "<--args>", "eval"), {**names, "target": target})


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def _only_module(made: Any) -> Any:
    """The module among what a factory returns (`model, preprocess = create(...)`), or all that it returns."""
    if isinstance(made, (tuple, list)):
        modules = [value for value in made if isinstance(value, torch.nn.Module)]
        return modules[0] if len(modules) == 1 else made
    return made


# The pass.


def _forward(model: Any, attempts: list[Any], fake: Any, record: Any) -> Any:
    """Call the model with the first inputs that work; raises what the first ones raised if none do."""
    first: Exception | None = None
    seen: Any = None
    for inputs in attempts:
        record.clear()
        with fake:
            made = [(i["name"], torch.zeros(i["shape"], dtype=getattr(torch, i["dtype"]))) for i in inputs]
        try:
            with record:
                model(*(t for name, t in made if name is None), **{name: t for name, t in made if name is not None})
            return inputs
        except Exception as error:
            if first is None:
                first, seen = error, record.seen
            if type(error).__name__ in _DATA:
                break
    assert first is not None
    record.seen = seen
    raise first


# What was raised.


def _described(error: BaseException | None) -> dict[str, Any]:
    """The type, the message and the places of an exception, the innermost last."""
    assert error is not None
    name = type(error).__name__
    is_memory = isinstance(error, MemoryError) or "can't allocate memory" in str(error)
    kind = "data" if name in _DATA else "memory" if is_memory else ""
    frames = list(traceback.extract_tb(error.__traceback__))
    if len(frames) > 2 * _FRAMES:
        frames = [*frames[:_FRAMES], *frames[-_FRAMES:]]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append(traceback.FrameSummary(error.filename, error.lineno or 1, "", lookup_line=False))
    return {
        "type": name,
        "module": type(error).__module__,
        "message": _message(error),
        "kind": kind,
        "frames": [_place(frame) for frame in frames if os.path.exists(frame.filename)],
    }


def _message(error: BaseException) -> str:
    if type(error).__name__ in _DATA:
        return "the elements of a tensor are asked for"
    if isinstance(error, SyntaxError):
        return error.msg
    with contextlib.suppress(Exception):
        return _MATRICES.sub(_as_matrices, str(error))[:2_000]
    return ""


_MATRICES = re.compile(r"a and b must have same reduction dim, but got \[(\d+), (\d+)\] X \[(\d+), (\d+)\]\.?")


def _as_matrices(found: re.Match[str]) -> str:
    """The words in which torch refuses to multiply matrices that have elements."""
    a, b, c, d = found.groups()
    return f"mat1 and mat2 shapes cannot be multiplied ({a}x{b} and {c}x{d})"


def _place(frame: traceback.FrameSummary) -> dict[str, Any]:
    return {
        "path": os.path.abspath(frame.filename),
        "row": frame.lineno or 1,
        "end_row": getattr(frame, "end_lineno", None),
        "column": getattr(frame, "colno", None),
        "end_column": getattr(frame, "end_colno", None),
        "name": frame.name,
    }
