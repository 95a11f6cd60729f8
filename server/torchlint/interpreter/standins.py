"""Stand-ins: libraries told in a few lines of Python, which is read (never imported) in their place.

Those of which only shapes, dtypes, lengths and signatures matter to a model: arrays, data sets, transforms, optimizers,
progress bars, contexts. What is not in a stand-in is Unknown, or read from the library itself where that can be.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent / "standins"
STANDINS = {
    "torch.utils.data": "torch_utils_data.py",
    "torch.optim": "torch_optim.py",
    "torch.optim.lr_scheduler": "torch_optim_lr_scheduler.py",
    "torchvision.datasets": "torchvision_datasets.py",
    "torchvision.transforms": "torchvision_transforms.py",
    "torchvision.transforms.v2": "torchvision_transforms.py",
    "numpy": "numpy_functions.py",
    "numpy._arrays": "numpy_arrays.py",
    "numpy._dtypes": "numpy_dtypes.py",
    "numpy._ufuncs": "numpy_ufuncs.py",
    "numpy.random": "numpy_random.py",
    "PIL.Image": "pil_image.py",
    "contextlib": "contextlib.py",
    "pytest": "pytest.py",
    "tqdm": "tqdm.py",
    "tqdm.auto": "tqdm.py",
    "tqdm.notebook": "tqdm.py",
}
"""The files of the stand-ins, by the dotted names of the modules that they stand for."""
PARENTS = {name.rpartition(".")[0] for name in STANDINS} - {""}
LAST_NAMES = {name.rpartition(".")[2] for name in STANDINS}


def path_of(name: str) -> str:
    """Where the stand-in for a module is."""
    return str(_FOLDER / STANDINS[name])


def is_standin(path: str) -> bool:
    """Whether a file is a stand-in."""
    return Path(path).parent == _FOLDER
