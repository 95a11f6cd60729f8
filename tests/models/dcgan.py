"""DCGAN's generator and discriminator, a training step, and a generator that starts from the wrong code."""

import argparse

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--nz", type=int, default=100, help="size of the latent z vector")
parser.add_argument("--ngf", type=int, default=64)
parser.add_argument("--ndf", type=int, default=64)
opt = parser.parse_args()
nz = int(opt.nz)
ngf, ndf, nc = int(opt.ngf), int(opt.ndf), 3


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        torch.nn.init.normal_(m.weight, 0.0, 0.02)
    elif classname.find("BatchNorm") != -1:
        torch.nn.init.normal_(m.weight, 1.0, 0.02)
        torch.nn.init.zeros_(m.bias)


# run: Generator()(randn(2, 100, 1, 1))
class Generator(nn.Module):  # params: 3576704
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, ngf * 8, 4, 1, 0, bias=False),
            nn.BatchNorm2d(ngf * 8),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 8, ngf * 4, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf * 4),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 4, ngf * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf * 2),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    # torchlint: input input: [N, 100, 1, 1]
    def forward(self, input):
        output = self.main(input)  # shape: [N, 3, 64, 64]
        return output


# run: Discriminator()(randn(2, 3, 64, 64))
class Discriminator(nn.Module):  # params: 2765568
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(nc, ndf, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ndf * 2),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 2, ndf * 4, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ndf * 4),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 4, ndf * 8, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ndf * 8),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 8, 1, 4, 1, 0, bias=False),
            nn.Sigmoid(),
        )

    # torchlint: input input: [N, 3, 64, 64]
    def forward(self, input):
        output = self.main(input)  # shape: [N, 1, 1, 1]
        return output.view(-1, 1).squeeze(1)


# run: FlatGenerator()(randn(2, 100, 1, 1))
class FlatGenerator(nn.Module):
    """BatchNorm of the layer before."""

    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(nz, ngf * 8, 4)
        self.norm = nn.BatchNorm2d(ngf * 4)

    def forward(self, z):
        return self.norm(self.up(z))  # expect: norm-size "256"


if __name__ == "__main__":
    netG = Generator()
    netG.apply(weights_init)
    netD = Discriminator()
    netD.apply(weights_init)
    criterion = nn.BCELoss()
    noise = torch.randn(4, nz, 1, 1)
    fake = netG(noise)  # shape: [4, 3, 64, 64]
    output = netD(fake.detach())  # shape: [4]
    label = torch.full((4,), 0.0)
    err = criterion(output, label)  # shape: []
    err.backward()
