"""The decoder of a sequence-to-sequence model: its GRU takes the context as well."""

import torch
import torch.nn as nn


class Decoder(nn.Module):
    def __init__(self, output_size=200, hidden_size=64):
        super().__init__()
        self.embedding = nn.Embedding(output_size, hidden_size)
        self.attn = nn.Linear(hidden_size * 2, 1)
        self.gru = nn.GRU(hidden_size, hidden_size, batch_first=True)  # repair: self.gru = nn.GRU(hidden_size * 2, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, token, hidden, encoder_outputs):
        embedded = self.embedding(token)
        query = hidden.permute(1, 0, 2).expand(-1, encoder_outputs.size(1), -1)
        scores = self.attn(torch.cat((query, encoder_outputs), dim=2))
        weights = torch.softmax(scores, dim=1)
        context = torch.bmm(weights.transpose(1, 2), encoder_outputs)
        rnn_input = torch.cat((embedded, context), dim=2)
        output, hidden = self.gru(rnn_input, hidden)  # expect: recurrent-input-size "128"
        return self.out(output), hidden


decoder = Decoder()
decoder(torch.zeros(4, 1, dtype=torch.long), torch.zeros(1, 4, 64), torch.randn(4, 9, 64))
