"""PointNet with its spatial transformer; a twin that takes the maximum over the channels."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


# run: STN3d()(randn(2, 3, 50))
class STN3d(nn.Module):  # params: 803081
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv1d(3, 64, 1)
        self.conv2 = torch.nn.Conv1d(64, 128, 1)
        self.conv3 = torch.nn.Conv1d(128, 1024, 1)
        self.fc1 = nn.Linear(1024, 512)
        self.fc2 = nn.Linear(512, 256)
        self.fc3 = nn.Linear(256, 9)
        self.relu = nn.ReLU()
        self.bn1 = nn.BatchNorm1d(64)
        self.bn2 = nn.BatchNorm1d(128)
        self.bn3 = nn.BatchNorm1d(1024)
        self.bn4 = nn.BatchNorm1d(512)
        self.bn5 = nn.BatchNorm1d(256)

    def forward(self, x):
        batchsize = x.size()[0]
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.relu(self.bn3(self.conv3(x)))
        x = torch.max(x, 2, keepdim=True)[0]  # shape: [B, 1024, 1]
        x = x.view(-1, 1024)  # shape: [B, 1024]
        x = F.relu(self.bn4(self.fc1(x)))
        x = F.relu(self.bn5(self.fc2(x)))
        x = self.fc3(x)  # shape: [B, 9]
        iden = torch.from_numpy(np.array([1, 0, 0, 0, 1, 0, 0, 0, 1]).astype(np.float32)).view(1, 9).repeat(batchsize, 1)
        if x.is_cuda:
            iden = iden.cuda()
        x = x + iden
        x = x.view(-1, 3, 3)
        return x


# run: PointNetfeat()(randn(2, 3, 50))
# run: PointNetfeat(False)(randn(2, 3, 50))
class PointNetfeat(nn.Module):
    def __init__(self, global_feat=True):
        super().__init__()
        self.stn = STN3d()
        self.conv1 = torch.nn.Conv1d(3, 64, 1)
        self.conv2 = torch.nn.Conv1d(64, 1024, 1)
        self.global_feat = global_feat

    def forward(self, x):
        n_pts = x.size()[2]
        trans = self.stn(x)
        x = x.transpose(2, 1)
        x = torch.bmm(x, trans)
        x = x.transpose(2, 1)
        x = F.relu(self.conv1(x))
        pointfeat = x
        x = self.conv2(x)
        x = torch.max(x, 2, keepdim=True)[0]
        x = x.view(-1, 1024)  # shape: [B, 1024]
        if self.global_feat:
            return x, trans
        x = x.view(-1, 1024, 1).repeat(1, 1, n_pts)
        return torch.cat([x, pointfeat], 1), trans


# run: WrongMax()(randn(2, 3, 50))
class WrongMax(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(3, 256, 1)
        self.fc = nn.Linear(256, 10)

    # torchlint: input x: [N, 3, 50]
    def forward(self, x):
        x = F.relu(self.conv(x))
        x = torch.max(x, 1)[0]  # shape: [N, 50]
        return self.fc(x)  # expect: linear-in-features "takes 256 features, but `x` has 50"
