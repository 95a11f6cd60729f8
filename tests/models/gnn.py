"""Graph networks by matrix multiplication with the adjacency, and graph attention; a twin that multiplies on the wrong side."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parameter import Parameter


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(torch.FloatTensor(in_features, out_features))
        if bias:
            self.bias = Parameter(torch.FloatTensor(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / (self.weight.size(1) ** 0.5)
        self.weight.data.uniform_(-stdv, stdv)
        if self.bias is not None:
            self.bias.data.uniform_(-stdv, stdv)

    def forward(self, input, adj):
        support = torch.mm(input, self.weight)
        output = torch.spmm(adj, support)
        if self.bias is not None:
            return output + self.bias
        return output


# run: GraphConvolution(5, 3)(randn(7, 5), randn(7, 7))
# run: GCN()(randn(7, 1433), randn(7, 7))
class GCN(nn.Module):  # params: 23063
    def __init__(self, nfeat=1433, nhid=16, nclass=7, dropout=0.5):
        super().__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.gc2 = GraphConvolution(nhid, nclass)
        self.dropout = dropout

    # torchlint: input x: [V, 1433]
    # torchlint: input adj: [V, V]
    def forward(self, x, adj):
        x = F.relu(self.gc1(x, adj))  # shape: [V, 16]
        x = F.dropout(x, self.dropout, training=self.training)
        x = self.gc2(x, adj)  # shape: [V, 7]
        return F.log_softmax(x, dim=1)


# run: GraphAttention()(randn(7, 32), torch.ones(7, 7))
class GraphAttention(nn.Module):  # params: 272
    def __init__(self, in_features=32, out_features=8, alpha=0.2, dropout=0.6):
        super().__init__()
        self.out_features = out_features
        self.W = nn.Parameter(torch.empty(size=(in_features, out_features)))
        nn.init.xavier_uniform_(self.W.data, gain=1.414)
        self.a = nn.Parameter(torch.empty(size=(2 * out_features, 1)))
        nn.init.xavier_uniform_(self.a.data, gain=1.414)
        self.leakyrelu = nn.LeakyReLU(alpha)
        self.dropout = dropout

    # torchlint: input h: [V, 32]
    # torchlint: input adj: [V, V]
    def forward(self, h, adj):
        Wh = torch.mm(h, self.W)  # shape: [V, 8]
        e1 = torch.matmul(Wh, self.a[: self.out_features, :])  # shape: [V, 1]
        e2 = torch.matmul(Wh, self.a[self.out_features :, :])
        e = self.leakyrelu(e1 + e2.T)  # shape: [V, V]
        zero_vec = -9e15 * torch.ones_like(e)
        attention = torch.where(adj > 0, e, zero_vec)
        attention = F.dropout(F.softmax(attention, dim=1), self.dropout, training=self.training)
        h_prime = torch.matmul(attention, Wh)  # shape: [V, 8]
        return F.elu(h_prime)


# run: WrongSide()(randn(7, 32), randn(7, 7))
class WrongSide(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(32, 16)

    # torchlint: input x: [7, 32]
    # torchlint: input adj: [7, 7]
    def forward(self, x, adj):
        h = self.fc(x)
        return torch.relu(h @ adj)  # expect: matmul-mismatch "16"
