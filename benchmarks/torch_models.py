"""What torch says of every model of torchvision and timm: run as a process of its own, it prints one JSON object a line.

`python benchmarks/torch_models.py torchvision` builds each model on the meta device and runs it once on its own default input.
A line has `name`, how to build it by reading (`target`, `args`), `params`, `input`, `output` (a shape, or shapes nested as the
result is) and what is published of it (`giga_ops`); `error` stands in the place of what torch could not do here.
"""

from __future__ import annotations

import inspect
import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.overrides import TorchFunctionMode

Row = dict[str, Any]


def shapes(value: Any) -> Any:
    """The shape of a tensor, or a list of those of a sequence's or mapping's values."""
    if isinstance(value, torch.Tensor):
        return list(value.shape)
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [shapes(v) for v in value]
    return None


class EmptyOnMeta(TorchFunctionMode):
    """Gives memory that nobody has filled yet, which is what weights are made of, no memory; other tensors are real."""

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if function is torch.empty:
            kwargs["device"] = "meta"
        return function(*args, **kwargs)


def build(make: Any) -> torch.nn.Module:
    """The module on the meta device, also where its constructor reads numbers from tensors."""
    try:
        with torch.device("meta"):
            return make().eval()
    except Exception:
        with EmptyOnMeta():
            return make().eval().to("meta")


def run(model: torch.nn.Module, shape: tuple[int, ...], make: Any) -> Any:
    """The shapes that come out of the model for one input."""
    try:
        with torch.device("meta"), torch.no_grad():
            return shapes(model(torch.empty(shape)))
    except Exception:
        with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
            return shapes(make().eval()(torch.empty(shape)))


def measured(name: str, make: Any, shape: tuple[int, ...] | None) -> Row:
    """The facts of one model."""
    row: Row = {"name": name}
    try:
        model = build(make)
        row["params"] = sum(p.numel() for p in model.parameters())
    except Exception as error:
        return {**row, "error": f"{type(error).__name__}: {error}"[:300]}
    if shape is not None:
        row["input"] = list(shape)
        try:
            row["output"] = run(model, shape, make)
        except Exception as error:
            row["error"] = f"{type(error).__name__}: {error}"[:300]
    return row


def torchvision_models() -> Iterator[Row]:
    """Every registered builder of torchvision; the classifiers are run on the input of their weights."""

    from torchvision import models

    classifiers = set(models.list_models(module=models))
    for name in models.list_models():
        builder = models.get_model_builder(name)
        options: dict[str, Any] = {"weights": None}
        if "weights_backbone" in inspect.signature(builder).parameters:
            options["weights_backbone"] = None
        try:
            weights: Any = list(models.get_model_weights(name))
        except ValueError:
            weights = []
        published = weights[0] if weights else None
        shape = None
        if name in classifiers and published is not None:
            crop = published.transforms.keywords["crop_size"]
            side = crop[0] if isinstance(crop, (list, tuple)) else crop
            shape = (1, 3, side, side)
        if name.startswith("vit_h_14"):
            options["image_size"] = side
        row = measured(name, lambda builder=builder, options=options: builder(**options), shape)
        row["target"] = f"{builder.__module__}:{builder.__name__}"
        row["args"] = ", ".join(f"{key}={value!r}" for key, value in options.items())
        if name in classifiers and published is not None:
            row["giga_ops"] = published.meta.get("_ops")
        yield row


def timm_models() -> Iterator[Row]:
    """Every registered model of timm, on its default input."""
    import timm

    for name in timm.list_models():
        config = timm.get_pretrained_cfg(name, allow_unregistered=True)
        size = getattr(config, "input_size", None) or (3, 224, 224)
        row = measured(name, lambda name=name: timm.create_model(name), (1, *size))
        row["target"], row["args"] = "timm:create_model", repr(name)
        yield row


LIBRARIES = {"torchvision": torchvision_models, "timm": timm_models}


def main() -> None:
    """Print the rows of the library that the command line names."""
    warnings.simplefilter("ignore")
    library = torch.library.Library("torchvision", "FRAGMENT")  # torchvision's Python code asks for these when it is imported
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    for row in LIBRARIES[sys.argv[1]]():
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
