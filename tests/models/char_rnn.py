"""Char-RNN: a one-hot LSTM with its training loop, and Karpathy-style cells by hand."""

import torch
import torch.nn as nn
import torch.nn.functional as F

text = "hello world, this is a tiny corpus"
chars = tuple(set(text))
int2char = dict(enumerate(chars))
n_chars = 64


class CharRNN(nn.Module):  # params: 872512
    def __init__(self, n_hidden=256, n_layers=2, drop_prob=0.5, vocab=n_chars):
        super().__init__()
        self.n_layers = n_layers
        self.n_hidden = n_hidden
        self.vocab = vocab
        self.lstm = nn.LSTM(vocab, n_hidden, n_layers, dropout=drop_prob, batch_first=True)
        self.dropout = nn.Dropout(drop_prob)
        self.fc = nn.Linear(n_hidden, vocab)

    def forward(self, x, hidden=None):
        x = F.one_hot(x, self.vocab).float()
        r_output, hidden = self.lstm(x, hidden)
        out = self.dropout(r_output)
        out = out.contiguous().view(-1, self.n_hidden)
        out = self.fc(out)
        return out, hidden


class CellRNN(nn.Module):
    def __init__(self, input_size=20, hidden_size=32, output_size=20):
        super().__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    # torchlint: input input: [N, 20]
    # torchlint: input hidden: [N, 32]
    def forward(self, input, hidden):
        combined = torch.cat((input, hidden), 1)  # shape: [N, 52]
        hidden = torch.tanh(self.i2h(combined))  # shape: [N, 32]
        output = self.softmax(self.h2o(hidden))  # shape: [N, 20]
        return output, hidden

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


class WrongCellRNN(nn.Module):
    """`h2o` still takes what the tutorial gave it: input and hidden joined."""

    def __init__(self, input_size=20, hidden_size=32, output_size=20):
        super().__init__()
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.h2o = nn.Linear(input_size + hidden_size, output_size)

    # torchlint: input input: [N, 20]
    # torchlint: input hidden: [N, 32]
    def forward(self, input, hidden):
        combined = torch.cat((input, hidden), 1)
        hidden = self.i2h(combined)
        output = self.h2o(hidden)  # expect: linear-in-features "takes 52 features, but `hidden` has 32"
        return output, hidden


# run: CharRNN()(randint(0, 9, (2, 5)))
# run: CellRNN()(randn(3, 20), randn(3, 32))
# run: WrongCellRNN()(randn(3, 20), randn(3, 32))
if __name__ == "__main__":
    net = CharRNN()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()
    h = None
    for step in range(2):
        inputs = torch.randint(0, n_chars, (4, 10))
        targets = torch.randint(0, n_chars, (4, 10))
        net.zero_grad()
        output, h = net(inputs, h)  # shape: output [40, 64]
        h = tuple(each.detach() for each in h)
        loss = criterion(output, targets.view(4 * 10).long())  # shape: []
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimizer.step()

    rnn = CellRNN()
    hidden = rnn.initHidden()
    for i in range(3):
        output, hidden = rnn(torch.zeros(1, 20), hidden)  # shape: output [1, 20], hidden [1, 32]
