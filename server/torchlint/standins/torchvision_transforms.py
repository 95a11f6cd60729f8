"""`torchvision.transforms` and its second version: what becomes of an image's mode and size, or of a tensor's shape."""

import torch
from _torchlint import is_unknown, some_size, unknown
from numpy._arrays import ndarray
from PIL.Image import Image
from torch import nn

_CHANNELS = {
    "1": 1,
    "L": 1,
    "P": 1,
    "I": 1,
    "F": 1,
    "I;16": 1,
    "LA": 2,
    "RGB": 3,
    "YCbCr": 3,
    "LAB": 3,
    "HSV": 3,
    "RGBA": 4,
    "CMYK": 4,
}


class InterpolationMode:
    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


def _name(image):
    return "PIL.Image.Image" if isinstance(image, Image) else type(image).__name__


def _height_and_width(image):
    if isinstance(image, Image):
        return image.height, image.width
    return image.shape[-2], image.shape[-1]


def _of_size(image, height, width):
    """The image with other sides."""
    if isinstance(image, Image):
        return Image(image.mode, height, width)
    return torch.empty((*image.shape[:-2], height, width), dtype=image.dtype)


def _pair(size):
    if isinstance(size, (list, tuple)):
        return (size[0], size[0]) if len(size) == 1 else (size[0], size[1])
    return size, size


def _channels(image):
    return some_size("C") if is_unknown(image.mode) else _CHANNELS.get(image.mode, some_size("C"))


def _to_tensor(image, dtype):
    return torch.empty((_channels(image), image.height, image.width), dtype=dtype)


def _known(size):
    return isinstance(size, int)


class _Module(nn.Module):
    """A transform: what it does to nothing known is not known."""

    def forward(self, image, *more):
        if is_unknown(image):
            done = image
        elif isinstance(image, (Image, torch.Tensor)):
            done = self.change(image)
        else:
            done = unknown("a transform of what is no image")
        return (done, *more) if more else done

    def change(self, image):
        return image

    def __getattr__(self, name):
        return unknown("a part of a transform")


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, image, *more):
        for transform in self.transforms:
            if more:
                image, *more = transform(image, *more)
            else:
                image = transform(image)
        return (image, *more) if more else image


class Lambda:
    def __init__(self, lambd, *types):
        self.lambd = lambd

    def __call__(self, image):
        return self.lambd(image)


class ToTensor:
    def __call__(self, image):
        if isinstance(image, Image):
            return _to_tensor(image, torch.float32)
        if not isinstance(image, ndarray):
            return unknown("a tensor of what is no image")
        if image.ndim not in (2, 3):
            raise ValueError(f"pic should be 2/3 dimensional. Got {image.ndim} dimensions.")
        layered = image[:, :, None] if image.ndim == 2 else image
        tensor = torch.from_numpy(layered.transpose(2, 0, 1)).contiguous()
        return tensor.to(torch.float32) if image.dtype == "uint8" else tensor


class PILToTensor:
    def __call__(self, image):
        return _to_tensor(image, torch.uint8) if isinstance(image, Image) else unknown("a tensor of what is no image")


class ToImage(_Module):
    def change(self, image):
        return _to_tensor(image, torch.uint8) if isinstance(image, Image) else image


class ToPILImage:
    def __init__(self, mode=None):
        self.mode = mode

    def __call__(self, image):
        if isinstance(image, ndarray) and image.ndim == 3:
            image = torch.from_numpy(image.transpose(2, 0, 1))
        if not isinstance(image, torch.Tensor):
            return unknown("an image of what is no tensor")
        mode = self.mode
        if mode is None:
            mode = unknown("the mode of an image")
            if image.ndim == 2 or (image.ndim == 3 and image.shape[0] == 1):
                mode = "L"
            elif image.ndim == 3 and image.shape[0] == 3:
                mode = "RGB"
        return Image(mode, *_height_and_width(image))


class ConvertImageDtype(_Module):
    def __init__(self, dtype):
        super().__init__()
        self.dtype = dtype

    def change(self, image):
        if isinstance(image, Image):
            raise TypeError("Input img should be Tensor Image")
        return image.to(self.dtype)


class ToDtype(_Module):
    def __init__(self, dtype=None, scale=False):
        super().__init__()
        self.dtype = dtype

    def change(self, image):
        if isinstance(self.dtype, dict):
            return unknown("a dtype for each kind of image")
        return image.to(self.dtype) if isinstance(image, torch.Tensor) and self.dtype is not None else image


class Normalize(_Module):
    def __init__(self, mean, std, inplace=False):
        super().__init__()
        self.mean = mean
        self.std = std

    def change(self, image):
        if isinstance(image, Image):
            raise TypeError("img should be Tensor Image. Got <class 'PIL.Image.Image'>")
        if not image.is_floating_point():
            raise TypeError(f"Input tensor should be a float tensor. Got {image.dtype}.")
        if image.ndim < 3:
            raise ValueError(f"Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = {image.size()}")
        if isinstance(self.mean, (list, tuple)) and _known(image.shape[-3]):
            given, has = len(self.mean), image.shape[-3]
            if given not in (1, has):
                raise RuntimeError(f"an image of {has} channel{'s' if has > 1 else ''} is normalized with {given} means")
        return image


class Resize(_Module):
    def __init__(self, size, interpolation=None, max_size=None, antialias=True):
        super().__init__()
        self.size = size
        self.max_size = max_size

    def change(self, image):
        size = self.size
        if isinstance(size, (list, tuple)) and len(size) == 2:
            return _of_size(image, size[0], size[1])
        if isinstance(size, (list, tuple)):
            size = size[0]
        height, width = _height_and_width(image)
        if self.max_size is not None or not (_known(height) and _known(width) and _known(size)):
            return _of_size(image, some_size("H"), some_size("W"))
        if height <= width:
            return _of_size(image, size, int(size * width / height))
        return _of_size(image, int(size * height / width), size)


class CenterCrop(_Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def change(self, image):
        return _of_size(image, *_pair(self.size))


class RandomResizedCrop(CenterCrop):
    def __init__(self, size, scale=(0.08, 1.0), ratio=(0.75, 1.33), interpolation=None, antialias=True):
        super().__init__(size)


class RandomCrop(_Module):
    def __init__(self, size, padding=None, pad_if_needed=False, fill=0, padding_mode="constant"):
        super().__init__()
        self.size = size
        self.padding = padding
        self.pad_if_needed = pad_if_needed

    def change(self, image):
        height, width = _height_and_width(image)
        wanted_height, wanted_width = _pair(self.size)
        if self.padding is None and not self.pad_if_needed and _known(height) and _known(width):
            if height < wanted_height or width < wanted_width:
                wanted, has = (wanted_height, wanted_width), (height, width)
                raise ValueError(f"Required crop size {wanted} is larger than input image size {has}")
        return _of_size(image, wanted_height, wanted_width)


class Pad(_Module):
    def __init__(self, padding, fill=0, padding_mode="constant"):
        super().__init__()
        self.padding = padding

    def change(self, image):
        padding = self.padding if isinstance(self.padding, (list, tuple)) else (self.padding,)
        if len(padding) == 1:
            left = top = right = bottom = padding[0]
        elif len(padding) == 2:
            left, top = right, bottom = padding
        else:
            left, top, right, bottom = padding
        height, width = _height_and_width(image)
        return _of_size(image, top + height + bottom, left + width + right)


class Grayscale(_Module):
    def __init__(self, num_output_channels=1):
        super().__init__()
        self.num_output_channels = num_output_channels

    def change(self, image):
        if isinstance(image, Image):
            return Image("L" if self.num_output_channels == 1 else "RGB", image.height, image.width)
        return torch.empty((*image.shape[:-3], self.num_output_channels, *image.shape[-2:]), dtype=image.dtype)


class RGB(_Module):
    def change(self, image):
        return Image("RGB", image.height, image.width) if isinstance(image, Image) else image


class FiveCrop(_Module):
    _count = 5

    def __init__(self, size):
        super().__init__()
        self.size = size

    def change(self, image):
        return tuple(_of_size(image, *_pair(self.size)) for _ in range(self._count))


class TenCrop(FiveCrop):
    _count = 10

    def __init__(self, size, vertical_flip=False):
        super().__init__(size)


class _Keeps(_Module):
    """A transform that keeps the size of the image."""

    def __init__(self, *args, **kwargs):
        super().__init__()


class _MayTurn(_Module):
    """One that keeps it unless it is told to expand."""

    def __init__(self, degrees, interpolation=None, expand=False, center=None, fill=0):
        super().__init__()
        self.expand = expand

    def change(self, image):
        return _of_size(image, some_size("H"), some_size("W")) if self.expand else image


RandomRotation = _MayTurn
RandomHorizontalFlip = RandomVerticalFlip = ColorJitter = RandomAffine = RandomPerspective = RandomErasing = _Keeps
GaussianBlur = GaussianNoise = RandomInvert = RandomPosterize = RandomSolarize = RandomAdjustSharpness = _Keeps
RandomAutocontrast = RandomEqualize = ElasticTransform = RandomGrayscale = RandomPhotometricDistort = _Keeps
AutoAugment = RandAugment = TrivialAugmentWide = AugMix = Identity = _Keeps


class RandomApply(_Module):
    def __init__(self, transforms, p=0.5):
        super().__init__()
        self._given = transforms

    def change(self, image):
        done = image
        for transform in self._given:
            done = transform(done)
        if is_unknown(done):
            return done
        kept = type(done) is type(image) and _height_and_width(done) == _height_and_width(image)
        return done if kept else unknown("a transform that is applied by chance")
