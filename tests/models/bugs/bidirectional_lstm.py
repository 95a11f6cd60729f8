"""A bidirectional LSTM gives twice its hidden size."""

import torch.nn as nn


class SentimentLSTM(nn.Module):
    def __init__(self, vocab_size=5000, embed_dim=100, hidden_dim=256, output_dim=1):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim)
        self.lstm = nn.LSTM(embed_dim, hidden_dim, num_layers=2, bidirectional=True, batch_first=True, dropout=0.5)
        self.fc = nn.Linear(hidden_dim, output_dim)  # repair: self.fc = nn.Linear(hidden_dim * 2, output_dim)

    def forward(self, text):
        embedded = self.embedding(text)
        output, (hidden, cell) = self.lstm(embedded)
        return self.fc(output[:, -1, :])  # expect: linear-in-features "512"


# run: SentimentLSTM()(randint(0, 5000, (2, 7)))
