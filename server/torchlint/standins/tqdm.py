"""`tqdm`: a progress bar gives what it is given."""

from _torchlint import unknown


class tqdm:
    def __init__(self, iterable=None, *args, **kwargs):
        self.iterable = iterable

    def __iter__(self):
        return iter(self.iterable)

    def __len__(self):
        return len(self.iterable)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass

    def __getattr__(self, name):
        return unknown("a part of a progress bar")


def trange(*args, **kwargs):
    return range(*args)
