"""`PIL.Image`: images by their mode and size; the pixels are nobody's business."""

from _torchlint import some_size, unknown


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

    def __getattr__(self, name):
        return unknown("a part of an image")


def open(fp, mode="r", formats=None):
    return Image(unknown("the mode of a file"), some_size("H"), some_size("W"))


def new(mode, size, color=0):
    return Image(mode, size[1], size[0])


def fromarray(obj, mode=None):
    return Image(mode or unknown("the mode of an array"), some_size("H"), some_size("W"))
