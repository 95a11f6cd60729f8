"""`PIL.Image`: images by their mode and size; the pixels are nobody's business."""

import torch
from _torchlint import array_of, is_unknown, some_size, unknown
from numpy._arrays import ndarray

_LAYERS = {"L": 1, "P": 1, "RGB": 3, "YCbCr": 3, "LAB": 3, "HSV": 3, "RGBA": 4, "CMYK": 4, "LA": 2}
_MODES = {2: "LA", 3: "RGB", 4: "RGBA"}


class Image:
    def __init__(self, mode, height, width):
        self.mode = mode
        self.height = height
        self.width = width

    @property
    def size(self):
        return self.width, self.height

    def convert(self, mode=None, *args, **kwargs):
        return Image(mode or self.mode, self.height, self.width)

    def copy(self):
        return self

    def resize(self, size, *args, **kwargs):
        return Image(self.mode, size[1], size[0])

    def crop(self, box=None):
        return self if box is None else Image(self.mode, box[3] - box[1], box[2] - box[0])

    def transpose(self, method):
        return Image(self.mode, some_size("H"), some_size("W"))

    def rotate(self, angle, *args, expand=False, **kwargs):
        return Image(self.mode, some_size("H"), some_size("W")) if expand else self

    def filter(self, filter):
        return self

    def load(self):
        return unknown("pixels")

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass

    def __array__(self, *args, **kwargs):
        layers = None if is_unknown(self.mode) else _LAYERS.get(self.mode)
        if layers is None:
            return unknown("the pixels of an image of that mode")
        shape = (self.height, self.width) if layers == 1 else (self.height, self.width, layers)
        return array_of(torch.empty(shape, dtype=torch.uint8))

    def __getattr__(self, name):
        return unknown("a part of an image")


def open(fp, mode="r", formats=None):
    return Image(unknown("the mode of a file"), some_size("H"), some_size("W"))


def new(mode, size, color=0):
    return Image(mode, size[1], size[0])


def fromarray(obj, mode=None):
    if not isinstance(obj, ndarray) or mode is not None or not 2 <= obj.ndim <= 3:
        return Image(mode or unknown("the mode of an array"), some_size("H"), some_size("W"))
    height, width = obj.shape[:2]
    if obj.ndim == 2:
        return Image("L" if obj.dtype == "uint8" else unknown("the mode of an array"), height, width)
    layers = obj.shape[2]
    if isinstance(layers, int) and (obj.dtype != "uint8" or layers not in _MODES):
        raise TypeError(f"Cannot handle this data type: (1, 1, {layers}), {obj.dtype.name}")
    return Image(_MODES[layers] if isinstance(layers, int) else unknown("the mode of an array"), height, width)
