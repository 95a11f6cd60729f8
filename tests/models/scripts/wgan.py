"""A Wasserstein GAN with a gradient penalty, and loaders of streams, samplers and parts."""

import torch, torch.nn as nn, torch.autograd as autograd
from itertools import cycle
from torch.utils.data import DataLoader, Subset, IterableDataset, random_split, BatchSampler, Sampler
from torchvision import datasets, transforms, utils as vutils
ds = datasets.CIFAR10("data", train=True, transform=transforms.Compose([transforms.Pad(4), transforms.RandomCrop(32), transforms.ToTensor()]))
small = Subset(ds, range(1000))
train, rest = random_split(ds, [1000, len(ds) - 1000])
dl = DataLoader(small, batch_size=64, shuffle=True, drop_last=True)
class D(nn.Module):
    def __init__(self, c=3, d=64):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(c, d, 4, 2, 1), nn.LeakyReLU(.2), nn.Conv2d(d, 2*d, 4, 2, 1), nn.InstanceNorm2d(2*d, affine=True), nn.LeakyReLU(.2), nn.Conv2d(2*d, 1, 8))
    def forward(self, x): return self.net(x).view(-1)
class G(nn.Module):
    def __init__(self, z=100, d=64, c=3):
        super().__init__()
        self.net = nn.Sequential(nn.ConvTranspose2d(z, 4*d, 4), nn.BatchNorm2d(4*d), nn.ReLU(True), nn.ConvTranspose2d(4*d, 2*d, 4, 2, 1), nn.BatchNorm2d(2*d), nn.ReLU(True), nn.ConvTranspose2d(2*d, d, 4, 2, 1), nn.ReLU(True), nn.ConvTranspose2d(d, c, 4, 2, 1), nn.Tanh())
    def forward(self, z): return self.net(z.view(z.size(0), -1, 1, 1))
netD, netG = D(), G()
fixed = torch.randn(64, 100)
def gradient_penalty(netD, real, fake):
    alpha = torch.rand(real.size(0), 1, 1, 1)
    alpha = alpha.expand_as(real)
    inter = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    out = netD(inter)
    grads = autograd.grad(outputs=out, inputs=inter, grad_outputs=torch.ones_like(out), create_graph=True, retain_graph=True, only_inputs=True)[0]
    grads = grads.view(grads.size(0), -1)
    return ((grads.norm(2, dim=1) - 1) ** 2).mean()
optD = torch.optim.Adam(netD.parameters(), 1e-4, (0., .9))
optG = torch.optim.Adam(netG.parameters(), 1e-4, (0., .9))
data_iter = cycle(dl)
one = torch.tensor(1.)
for it in range(20000):
    for p in netD.parameters():
        p.requires_grad = True
    for _ in range(5):
        real, _y = next(data_iter)
        z = torch.randn(real.size(0), 100)
        fake = netG(z).detach()  # shape: [64, 3, 32, 32]
        loss = netD(fake).mean() - netD(real).mean() + 10 * gradient_penalty(netD, real, fake)
        optD.zero_grad(); loss.backward(); optD.step()
    for p in netD.parameters():
        p.requires_grad = False
    optG.zero_grad()
    lg = -netD(netG(torch.randn(64, 100))).mean()
    lg.backward(); optG.step()
    if it % 100 == 0:
        grid = vutils.make_grid(netG(fixed).cpu(), nrow=8, normalize=True)
class Stream(IterableDataset):
    def __init__(self, files): self.files = files
    def __iter__(self):
        for f in self.files:
            for line in open(f):
                yield torch.tensor([float(v) for v in line.split(",")])
    
for b in DataLoader(Stream(["a.txt"]), batch_size=8):
    print(b.shape)
class Endless(IterableDataset):
    def __iter__(self):
        while True:
            yield torch.randn(5), 1
for i, (x, y) in enumerate(DataLoader(Endless(), batch_size=16)):
    o = nn.Linear(5, 2)(x)
    if i > 10: break
class MySampler(Sampler):
    def __init__(self, n): self.n = n
    def __iter__(self): return iter(torch.randperm(self.n).tolist())
    def __len__(self): return self.n
for x, y in DataLoader(ds, batch_sampler=BatchSampler(MySampler(len(ds)), 10, False)):
    netD(x)
x_train = ds.data
m = datasets.MNIST("d", train=True)
xm = m.data.float().view(-1, 784) / 255.
ym = m.targets
lin = nn.Linear(784, 10)
print((lin(xm).argmax(1) == ym).float().mean())
idx = torch.randperm(len(m))[:100]
xb, yb = xm[idx], ym[idx]
nn.functional.cross_entropy(lin(xb), yb)
for i in range((60000 - 1) // 64 + 1):
    xb = xm[i * 64 : i * 64 + 64]
    yb = ym[i * 64 : i * 64 + 64]
    loss = nn.functional.cross_entropy(lin(xb), yb)
