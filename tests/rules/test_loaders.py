"""What is said of training loops: the batches are those of the loader, the last and smaller one among them."""

from __future__ import annotations

import pytest

from rules.snippets import check, said, script

_LOOP = """
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets, transforms

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 6, batch_first=True)

    def forward(self, x, h=None):
        return self.rnn(x, h)

model = Net()
data = TensorDataset(torch.zeros({count}, 5, 4), torch.zeros({count}, dtype=torch.long))
loader = DataLoader(data, batch_size=16{options})
h = torch.zeros(1, 16, 6)
seen = []
for i, (x, y) in enumerate(loader):
    out, h = model(x, h)
    h = h.detach()
    seen.append(out)
total = torch.cat(seen)
{after}
"""


@pytest.mark.parametrize(("count", "options", "fails"), [(100, "", True), (100, ", drop_last=True", False), (96, "", False)])
def test_the_last_batch_is_smaller(count: int, options: str, fails: bool) -> None:
    """A state of the size of a whole batch does not go with the rest of an epoch, where there is one."""
    found = check(script(_LOOP.format(count=count, options=options, after="")))
    assert [d.name for d in found] == ["recurrent-input-size"] * fails
    if fails:
        assert any(note.message == "this is the last batch of an epoch: 4 samples are left for it" for note in found[0].notes)


def test_what_a_loop_collects_is_not_what_two_rounds_of_it_collect() -> None:
    """Lists and counters that grow with every batch have no known size; a loop of few batches is run to its end."""
    assert not check(script(_LOOP.format(count=960, options="", after="total.view(7, 11)\nassert i == 1")))
    document = script(_LOOP.format(count=32, options="", after="total.view(7, 11)"))
    assert [rule for rule, _, _ in said(document)] == ["reshape-size"]


@pytest.mark.parametrize(
    ("transform", "message"),
    [
        ("None", "default_collate: batch must contain tensors"),
        ("transforms.Normalize((0.5,), (0.5,))", "img should be Tensor Image"),
        ("transforms.Compose([transforms.ToTensor(), transforms.Normalize((.5, .5, .5), (.5, .5, .5))])", "1 channel"),
        ("transforms.Compose([transforms.RandomCrop(32), transforms.ToTensor()])", "Required crop size (32, 32) is larger"),
    ],
)
def test_samples_that_do_not_become_batches(transform: str, message: str) -> None:
    """What a transform or the loader refuses is reported where the batches are asked for."""
    document = script(
        f"""
        from torch.utils.data import DataLoader
        from torchvision import datasets, transforms
        loader = DataLoader(datasets.MNIST("data", transform={transform}), batch_size=64)
        for x, y in loader:
            print(x.shape)
        """
    )
    ((_, found, place),) = said(document)
    assert message in found and place == "loader"


@pytest.mark.parametrize(
    ("count", "mode", "found"),
    [("101", "train", True), ("100", "train", False), ("101", "eval", False), ("n", "train", False)],
)
def test_a_last_batch_of_one(count: str, mode: str, found: bool) -> None:
    """It is an error where the number of samples is known and the norm is in training."""
    document = script(
        f"""
        from torch.utils.data import DataLoader, TensorDataset
        n = len(open("names.txt").readlines())
        model = nn.Sequential(nn.Linear(20, 64), nn.BatchNorm1d(64))
        loader = DataLoader(TensorDataset(torch.randn({count}, 20)), batch_size=10)
        model.{mode}()
        for (x,) in loader:
            model(x)
        """
    )
    assert [rule for rule, _, _ in said(document)] == ["last-batch-of-one"] * found


def test_what_a_loop_of_unknown_length_puts_into_an_object_is_not_known() -> None:
    """A list that an object fills from a folder has not the one element of the round that was read."""
    document = script(
        """
        import os
        from torch.utils.data import DataLoader, Dataset

        class Files(Dataset):
            def __init__(self, folder):
                self.names, self.count = [], 0
                for name in os.listdir(folder):
                    self.names.append(name)
                    self.count += 1

            def __len__(self):
                return len(self.names)

            def __getitem__(self, i):
                return torch.zeros(3, 2)

        model = nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.BatchNorm1d(4))
        files = Files("data")
        for x in DataLoader(files, batch_size=4):
            model(x)
        table = torch.zeros(files.count, 2).view(7, 3)
        """
    )
    assert not check(document)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("torch.optim.Adam(model)", True),
        ("torch.optim.Adam(model.parameters)", True),
        ("torch.optim.Adam(model.parameters(), momentum=0.9)", True),
        ("torch.optim.SGD(model.parameters(), lr=0.1, nesterov=True)", True),
        ("torch.optim.lr_scheduler.StepLR(model, 10)", True),
        ("torch.optim.lr_scheduler.OneCycleLR(torch.optim.SGD(model.parameters()), 0.1)", True),
        ("torch.optim.Adam([{'params': model.parameters()}, {'params': [], 'lr': 1}], lr=1e-4)", False),
        ("torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True).param_groups[0]['lr'] * 2", False),
    ],
)
def test_optimizers_are_made_of_parameters(code: str, found: bool) -> None:
    """Arguments that torch refuses are reported at the call."""
    assert bool(check(script(f"model = nn.Linear(2, 2)\nmade = {code}"))) is found


def test_a_loop_over_layers_is_run_to_its_end() -> None:
    """Each of many layers in a loop of a script does something of its own, as each of many transforms does."""
    document = script(
        """
        from PIL import Image
        from torchvision.transforms import v2
        net = nn.Sequential(*[nn.Linear(8, 8) for _ in range(6)], nn.Linear(8, 3))
        x = torch.zeros(2, 8)
        for name, layer in net.named_children():
            x = layer(x)
        x.view(5)
        flips = [v2.RandomHorizontalFlip() for _ in range(5)]
        image = v2.Compose([v2.ToImage(), *flips, v2.ToDtype(torch.float32)])(Image.new("RGB", (4, 3)))
        nn.functional.one_hot(image)
        """
    )
    assert [(rule, text) for rule, _, text in said(document)] == [("reshape-size", "x"), ("dtype-mismatch", "image")]


def test_a_generator_without_an_end() -> None:
    """What it gives is known, and nothing is worn out by what it would give."""
    document = script(
        """
        from torch.utils.data import DataLoader, IterableDataset, TensorDataset

        class Endless(IterableDataset):
            def __iter__(self):
                while True:
                    yield torch.zeros(5)

        def cycle(loader):
            while True:
                for batch in loader:
                    yield batch

        batches = cycle(DataLoader(TensorDataset(torch.zeros(640, 3, 8)), batch_size=64))
        layer = nn.Linear(8, 2)
        for step in range(1000):
            (x,) = next(batches)
            layer(x)
        for y in DataLoader(Endless(), batch_size=16):
            y.view(3, 4)
        x.view(64, 25)
        """
    )
    assert [message for _, message, _ in said(document)] == [
        "`y` [16, 5] has 80 elements, but [3, 4] has 12",
        "`x` [64, 3, 8] has 1536 elements, but [64, 25] has 1600",
    ]
