"""`torch.utils.data`: data sets, samplers, and loaders that give one batch of each size that an epoch has."""

from _torchlint import batch_of, called_at, first_sample, is_unknown, rounds, samples, unknown


class Dataset:
    def __getitem__(self, index):
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other):
        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    pass


class TensorDataset(Dataset):
    def __init__(self, *tensors):
        for tensor in tensors:
            if is_unknown(tensor) or is_unknown(tensors[0]):
                continue
            if tensor.size(0) != tensors[0].size(0):
                raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self):
        return self.tensors[0].size(0)


class StackDataset(Dataset):
    def __init__(self, *args, **kwargs):
        self.datasets = args or kwargs

    def __getitem__(self, index):
        if isinstance(self.datasets, dict):
            return {key: dataset[index] for key, dataset in self.datasets.items()}
        return tuple(dataset[index] for dataset in self.datasets)

    def __len__(self):
        parts = list(self.datasets.values()) if isinstance(self.datasets, dict) else self.datasets
        return len(parts[0])


class ConcatDataset(Dataset):
    def __init__(self, datasets):
        self.datasets = list(datasets)

    def __getitem__(self, index):
        return self.datasets[0][index]

    def __len__(self):
        return sum([len(dataset) for dataset in self.datasets])


class ChainDataset(IterableDataset):
    def __init__(self, datasets):
        self.datasets = datasets


class Subset(Dataset):
    def __init__(self, dataset, indices):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index):
        return self.dataset[0]

    def __len__(self):
        return len(self.indices)


def random_split(dataset, lengths, generator=None):
    total = len(dataset)
    lengths = list(lengths)
    if is_unknown(total) or is_unknown(lengths):
        return [Subset(dataset, total) for _ in lengths]
    if abs(sum(lengths) - 1) < 1e-6 and sum(lengths) <= 1:
        counts = [int(total * part) for part in lengths]
        for i in range(total - sum(counts)):
            counts[i % len(counts)] += 1
        lengths = counts
    if sum(lengths) != total:
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    return [Subset(dataset, range(count)) for count in lengths]


class Sampler:
    def __init__(self, data_source=None):
        pass


class SequentialSampler(Sampler):
    def __init__(self, data_source):
        self.data_source = data_source

    def __len__(self):
        return len(self.data_source)


class RandomSampler(Sampler):
    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self.data_source = data_source
        self._num_samples = num_samples

    def __len__(self):
        return len(self.data_source) if self._num_samples is None else self._num_samples


class SubsetRandomSampler(Sampler):
    def __init__(self, indices, generator=None):
        self.indices = indices

    def __len__(self):
        return len(self.indices)


class WeightedRandomSampler(Sampler):
    def __init__(self, weights, num_samples, replacement=True, generator=None):
        self.weights = weights
        self.num_samples = num_samples

    def __len__(self):
        return self.num_samples


class BatchSampler(Sampler):
    def __init__(self, sampler, batch_size, drop_last):
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __len__(self):
        count = len(self.sampler)
        return count // self.batch_size if self.drop_last else (count + self.batch_size - 1) // self.batch_size


def default_collate(batch):
    return batch_of(batch[0], len(batch))


class DataLoader:
    def __init__(
        self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None,
        pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None, generator=None,
        *, prefetch_factor=None, persistent_workers=False, pin_memory_device="", in_order=True,
    ):  # fmt: skip
        if shuffle is True and sampler is not None and not is_unknown(sampler):
            raise ValueError("sampler option is mutually exclusive with shuffle")
        self._made_at = called_at()
        self.dataset = dataset
        self.batch_size = batch_size
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.collate_fn = collate_fn
        self.drop_last = drop_last
        self.num_workers = num_workers
        self.generator = generator

    def _count(self):
        if self.batch_sampler is not None:
            return unknown("a batch sampler chooses the samples")
        source = self.dataset if self.sampler is None else self.sampler
        if is_unknown(source):
            return source
        return len(source) if hasattr(source, "__len__") else unknown("the data set has no `__len__`")

    def __len__(self):
        if self.batch_sampler is not None:
            return len(self.batch_sampler)
        count, size = self._count(), self.batch_size
        if size is None:
            return count
        return count // size if self.drop_last else (count + size - 1) // size

    def _size(self):
        if self.batch_sampler is None:
            return self.batch_size
        return getattr(self.batch_sampler, "batch_size", unknown("a batch sampler chooses the samples"))

    def __iter__(self):
        return rounds(self._count(), self._size(), self.drop_last, self._batch, self._made_at)

    def _batch(self, size):
        if isinstance(self.dataset, IterableDataset):
            sample = next(iter(self.dataset))
        else:
            sample = first_sample(self.dataset)
        if size is None:
            return sample
        if self.collate_fn is not None and self.collate_fn is not default_collate:
            return self.collate_fn(samples(self.dataset, size))
        return batch_of(sample, size)


def get_worker_info():
    return None
