"""Sentiment classifiers with an LSTM; one forgets that it is bidirectional, one that an LSTM returns a tuple."""

import torch
import torch.nn as nn
import torch.nn.functional as F


# run: SentimentLSTM()(randint(0, 100, (3, 12)))
class SentimentLSTM(nn.Module):  # params: 2824577
    def __init__(self, vocab_size=10000, output_size=1, embedding_dim=256, hidden_dim=64, n_layers=2, drop_prob=0.5):
        super().__init__()
        self.output_size = output_size
        self.n_layers = n_layers
        self.hidden_dim = hidden_dim
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, n_layers, dropout=drop_prob, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.3)
        self.norm = nn.LayerNorm(2 * hidden_dim)
        self.fc = nn.Linear(2 * hidden_dim, output_size)
        self.sig = nn.Sigmoid()

    def init_hidden(self, batch_size):
        weight = next(self.parameters()).data
        shape = (2 * self.n_layers, batch_size, self.hidden_dim)
        return weight.new(*shape).zero_(), weight.new_zeros(shape)

    def forward(self, text):
        embedded = self.embedding(text)  # shape: [B, T, 256]
        hidden = self.init_hidden(text.size(0))
        output, (h_n, c_n) = self.lstm(embedded, hidden)  # shape: output [B, T, 128], h_n [4, B, 64], c_n [4, B, 64]
        last = torch.cat((h_n[-2, :, :], h_n[-1, :, :]), dim=1)  # shape: [B, 128]
        out = self.sig(self.fc(self.norm(self.dropout(last))))  # shape: [B, 1]
        return out


# run: OneWayHead()(randint(0, 100, (3, 12)))
class OneWayHead(nn.Module):
    def __init__(self, vocab_size=1000, hidden=32):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 50)
        self.lstm = nn.LSTM(50, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(hidden, 2)

    # torchlint: input text: [N, T]
    def forward(self, text):
        out, _ = self.lstm(self.embedding(text))
        pooled = out.mean(dim=1)
        return self.fc(pooled)  # expect: linear-in-features "takes 32 features, but `pooled` has 64"


# run: TupleForgotten()(randint(0, 100, (3, 12)))
class TupleForgotten(nn.Module):
    def __init__(self, vocab_size=1000, hidden=32):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 50)
        self.lstm = nn.LSTM(50, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 2)

    def forward(self, text):
        x = self.embedding(text)
        x = self.lstm(x)
        return self.fc(x)  # expect: unpack-mismatch


# run: WrongEmbedding()(randint(0, 100, (3, 12)))
class WrongEmbedding(nn.Module):
    def __init__(self, vocab_size=1000, hidden=32):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 100)
        self.lstm = nn.LSTM(input_size=50, hidden_size=hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 2)

    def forward(self, text):
        out, (h, c) = self.lstm(self.embedding(text))  # expect: recurrent-input-size "50"
        return F.log_softmax(self.fc(h[-1]), dim=-1)
