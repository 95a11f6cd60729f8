"""Images are put into batches without ToTensor."""

from torch.utils.data import DataLoader
from torchvision import datasets, transforms

transform = transforms.Compose(
    [
        transforms.RandomHorizontalFlip(),
        transforms.Resize((32, 32)),  # repair: transforms.Resize((32, 32)),\ntransforms.ToTensor(),
    ]
)
dataset = datasets.FakeData(32, (3, 40, 40), transform=transform)
loader = DataLoader(dataset, batch_size=8)
images, labels = next(iter(loader))  # expect: invalid-operation "default_collate"
print(images.shape, labels.shape)
