"""`torchvision.datasets`: the size and number of the samples that well-known data sets have. Nothing is read."""

import torch
from _torchlint import some_integer, some_size, unknown
from PIL.Image import Image
from torch.utils.data import Dataset


class VisionDataset(Dataset):
    _image = None
    _count = None

    def __init__(self, root=None, transforms=None, transform=None, target_transform=None):
        self.root = root
        self.transform = transform
        self.target_transform = target_transform
        self.transforms = transforms

    def _pick(self, count, mode, height, width):
        self._count = count
        self._image = Image(mode, height, width)

    def _target(self):
        return some_integer()

    def __getitem__(self, index):
        image, target = self._image, self._target()
        if self.transforms is not None:
            return self.transforms(image, target)
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __len__(self):
        return self._count

    def __getattr__(self, name):
        return unknown("a part of a data set that is read from files")


class MNIST(VisionDataset):
    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self.train = train
        self._pick(60000 if train else 10000, "L", 28, 28)
        self.data = torch.zeros((self._count, 28, 28), dtype=torch.uint8)
        self.targets = torch.zeros(self._count, dtype=torch.int64)
        self.classes = [str(number) for number in range(10)]


class FashionMNIST(MNIST):
    pass


class KMNIST(MNIST):
    pass


class EMNIST(VisionDataset):
    _lengths = {
        "byclass": (697932, 116323), "bymerge": (697932, 116323), "balanced": (112800, 18800), "letters": (124800, 20800),
        "digits": (240000, 40000), "mnist": (60000, 10000),
    }  # fmt: skip

    def __init__(self, root, split, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self.train = train
        self._pick(self._lengths[split][0 if train else 1], "L", 28, 28)


class QMNIST(VisionDataset):
    def __init__(self, root, what=None, compat=True, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self._pick(unknown("the length of a part of QMNIST"), "L", 28, 28)


class USPS(VisionDataset):
    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self._pick(7291 if train else 2007, "L", 16, 16)


class CIFAR10(VisionDataset):
    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self.train = train
        self._pick(50000 if train else 10000, "RGB", 32, 32)


class CIFAR100(CIFAR10):
    pass


class SVHN(VisionDataset):
    _lengths = {"train": 73257, "test": 26032, "extra": 531131}

    def __init__(self, root, split="train", transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self._pick(self._lengths[split], "RGB", 32, 32)


class STL10(VisionDataset):
    _lengths = {"train": 5000, "test": 8000, "unlabeled": 100000, "train+unlabeled": 105000}

    def __init__(self, root, split="train", folds=None, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self._pick(self._lengths[split] if folds is None else 1000, "RGB", 96, 96)


class _OfAnySize(VisionDataset):
    _lengths = {}

    def __init__(self, root, split="train", transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self._pick(self._lengths[split], "RGB", some_size("H"), some_size("W"))


class Flowers102(_OfAnySize):
    _lengths = {"train": 1020, "val": 1020, "test": 6149}


class Food101(_OfAnySize):
    _lengths = {"train": 75750, "test": 25250}


class ImageNet(VisionDataset):
    _lengths = {"train": 1281167, "val": 50000}

    def __init__(self, root, split="train", transform=None, target_transform=None, loader=None, is_valid_file=None):
        super().__init__(root, None, transform, target_transform)
        self._pick(self._lengths[split], "RGB", some_size("H"), some_size("W"))


class ImageFolder(VisionDataset):
    def __init__(
        self, root, transform=None, target_transform=None, loader=None, is_valid_file=None, allow_empty=False
    ):  # fmt: skip
        super().__init__(root, None, transform, target_transform)
        self._pick(unknown("the number of files in a folder"), "RGB", some_size("H"), some_size("W"))
        if loader is not None:
            self._image = loader(unknown("the path of a file"))


class DatasetFolder(VisionDataset):
    def __init__(
        self, root, loader, extensions=None, transform=None, target_transform=None, is_valid_file=None, allow_empty=False
    ):  # fmt: skip
        super().__init__(root, None, transform, target_transform)
        self._count = unknown("the number of files in a folder")
        self._image = loader(unknown("the path of a file"))


class FakeData(VisionDataset):
    def __init__(
        self, size=1000, image_size=(3, 224, 224), num_classes=10, transform=None, target_transform=None, random_offset=0
    ):  # fmt: skip
        super().__init__(None, None, transform, target_transform)
        self.size = size
        self.num_classes = num_classes
        self.image_size = image_size
        self._pick(size, "RGB" if image_size[0] == 3 else "L", image_size[1], image_size[2])
