"""Loaders of many kinds: MNIST for an LSTM, both parts of CIFAR-10, weighted samples, a Dataset of numpy."""

import torch, numpy as np, torch.nn as nn
from torch.utils.data import DataLoader, Dataset, TensorDataset, ConcatDataset, WeightedRandomSampler
import torchvision, torchvision.transforms as T
from torchvision.transforms import v2

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
sequence_length, input_size, hidden_size, num_layers, num_classes, batch_size = 28, 28, 128, 2, 10, 100
train_dataset = torchvision.datasets.MNIST(root='../../data/', train=True, transform=T.ToTensor(), download=True)
test_dataset = torchvision.datasets.MNIST(root='../../data/', train=False, transform=T.ToTensor())
train_loader = torch.utils.data.DataLoader(dataset=train_dataset, batch_size=batch_size, shuffle=True)
test_loader = torch.utils.data.DataLoader(dataset=test_dataset, batch_size=batch_size, shuffle=False)
class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, num_classes):
        super(RNN, self).__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)
    def forward(self, x):
        h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size).to(device)
        c0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size).to(device)
        out, _ = self.lstm(x, (h0, c0))
        return self.fc(out[:, -1, :])
model = RNN(input_size, hidden_size, num_layers, num_classes).to(device)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
total_step = len(train_loader)
losses = []
for epoch in range(2):
    for i, (images, labels) in enumerate(train_loader):
        images = images.reshape(-1, sequence_length, input_size).to(device)
        labels = labels.to(device)
        outputs = model(images)  # shape: [100, 10]
        loss = criterion(outputs, labels)
        optimizer.zero_grad(); loss.backward(); optimizer.step()
        losses.append(loss.item())
        if (i+1) % 100 == 0:
            print('Epoch [{}/{}], Step [{}/{}], Loss: {:.4f}'.format(epoch+1, 2, i+1, total_step, loss.item()))
model.eval()
preds, gts = [], []
with torch.no_grad():
    correct = total = 0
    for images, labels in test_loader:
        images = images.reshape(-1, sequence_length, input_size).to(device)
        outputs = model(images)
        _, predicted = torch.max(outputs.data, 1)
        total += labels.size(0)
        correct += (predicted == labels).sum().item()
        preds.extend(predicted.cpu().numpy().tolist())
        gts += labels.tolist()
    print(100 * correct / total)
acc = np.mean(np.array(preds) == np.array(gts))
class_counts = np.bincount(train_dataset.targets.numpy())
weights = 1.0 / torch.tensor(class_counts, dtype=torch.float)
sampler = WeightedRandomSampler(weights[train_dataset.targets], len(train_dataset))
wl = DataLoader(train_dataset, 64, sampler=sampler)
tf = v2.Compose([v2.ToImage(), v2.RandomResizedCrop(size=(32, 32), antialias=True), v2.RandomHorizontalFlip(p=0.5), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean=[0.5]*3, std=[0.5]*3)])
both = ConcatDataset([torchvision.datasets.CIFAR10(".", transform=tf), torchvision.datasets.CIFAR10(".", train=False, transform=tf)])
cl = DataLoader(both, batch_size=256, num_workers=4, pin_memory=True, persistent_workers=True)
net = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8*16*16, 10))
it = iter(cl)
for step in range(100):
    try:
        x, y = next(it)
    except StopIteration:
        it = iter(cl)
        x, y = next(it)
    loss = criterion(net(x), y)  # shape: []
for (x1, y1), (x2, y2) in zip(cl, wl):
    net(x1)
mean = torch.zeros(3)
for x, _ in cl:
    mean += x.mean(dim=(0, 2, 3))
mean /= len(cl)
class Sines(Dataset):
    def __init__(self, n=1000, t=50):
        t0 = np.linspace(0, 10, n + t)
        self.data = np.sin(t0).astype(np.float32)
        self.t = t
    def __len__(self): return len(self.data) - self.t
    def __getitem__(self, i):
        x = self.data[i:i+self.t]
        return torch.from_numpy(x).unsqueeze(-1), torch.tensor(self.data[i+self.t])
for x, y in DataLoader(Sines(), 32):
    o, _ = nn.LSTM(1, 8, batch_first=True)(x)
X = np.random.rand(500, 20); Y = np.random.randint(0, 2, 500)
tx, ty = torch.from_numpy(X).float(), torch.from_numpy(Y).long()
dl = DataLoader(TensorDataset(tx, ty), batch_size=50)
clf = nn.Linear(20, 2)
for epoch in range(3):
    epoch_loss = 0
    for bx, by in dl:
        l = criterion(clf(bx), by)
        epoch_loss += l.item()
    print(epoch_loss / len(dl))
