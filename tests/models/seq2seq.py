"""An encoder-decoder with teacher forcing; and one whose decoder has another hidden size."""

import random

import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, input_dim, emb_dim, hid_dim, n_layers, dropout):
        super().__init__()
        self.hid_dim = hid_dim
        self.n_layers = n_layers
        self.embedding = nn.Embedding(input_dim, emb_dim)
        self.rnn = nn.LSTM(emb_dim, hid_dim, n_layers, dropout=dropout)
        self.dropout = nn.Dropout(dropout)

    def forward(self, src):
        embedded = self.dropout(self.embedding(src))
        outputs, (hidden, cell) = self.rnn(embedded)
        return hidden, cell


class Decoder(nn.Module):
    def __init__(self, output_dim, emb_dim, hid_dim, n_layers, dropout):
        super().__init__()
        self.output_dim = output_dim
        self.embedding = nn.Embedding(output_dim, emb_dim)
        self.rnn = nn.LSTM(emb_dim, hid_dim, n_layers, dropout=dropout)
        self.fc_out = nn.Linear(hid_dim, output_dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, input, hidden, cell):
        input = input.unsqueeze(0)
        embedded = self.dropout(self.embedding(input))
        output, (hidden, cell) = self.rnn(embedded, (hidden, cell))
        prediction = self.fc_out(output.squeeze(0))
        return prediction, hidden, cell


class Seq2Seq(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, src, trg, teacher_forcing_ratio=0.5):
        batch_size = trg.shape[1]
        trg_len = trg.shape[0]
        trg_vocab_size = self.decoder.output_dim
        outputs = torch.zeros(trg_len, batch_size, trg_vocab_size).to(self.device)
        hidden, cell = self.encoder(src)
        input = trg[0, :]
        for t in range(1, trg_len):
            output, hidden, cell = self.decoder(input, hidden, cell)
            outputs[t] = output
            teacher_force = random.random() < teacher_forcing_ratio
            top1 = output.argmax(1)
            input = trg[t] if teacher_force else top1
        return outputs


class Translator(nn.Module):  # params: 3899344
    def __init__(self):
        super().__init__()
        self.encoder = Encoder(3000, 256, 256, 2, 0.5)
        self.decoder = Decoder(2000, 256, 256, 2, 0.5)

    # torchlint: input src: [S, N]
    def forward(self, src):
        hidden, cell = self.encoder(src.long())  # shape: hidden [2, N, 256], cell [2, N, 256]
        first = torch.zeros(src.shape[1], dtype=torch.long)  # shape: [N]
        prediction, hidden, cell = self.decoder(first, hidden, cell)  # shape: prediction [N, 2000]
        return prediction


# run: Encoder(10, 8, 16, 2, 0.1)(randint(0, 9, (5, 2)))
# run: Decoder(10, 8, 16, 2, 0.1)(randint(0, 9, (2,)), randn(2, 2, 16), randn(2, 2, 16))
# run: Seq2Seq(Encoder(10, 8, 16, 2, 0.1), Decoder(12, 8, 16, 2, 0.1), "cpu")(randint(0, 9, (5, 2)), randint(0, 9, (4, 2)))
# run: Translator()(randint(0, 9, (5, 2)))
# run: WrongTranslator()(randint(0, 9, (5, 2)))
class WrongTranslator(nn.Module):
    def __init__(self):
        super().__init__()
        self.source = nn.Embedding(3000, 128)
        self.encoder = nn.GRU(128, 256)
        self.target = nn.Embedding(2000, 128)
        self.decoder = nn.GRU(128, 512)
        self.out = nn.Linear(512, 2000)

    def forward(self, src):
        _, hidden = self.encoder(self.source(src))
        start = src.new_zeros(1, src.shape[1])
        output, _ = self.decoder(self.target(start), hidden)  # expect: recurrent-input-size "512"
        return self.out(output[0])


if __name__ == "__main__":
    enc = Encoder(30, 16, 32, 2, 0.1)
    dec = Decoder(40, 16, 32, 2, 0.1)
    model = Seq2Seq(enc, dec, torch.device("cpu"))
    out = model(torch.randint(0, 30, (7, 2)), torch.randint(0, 40, (5, 2)))  # shape: [5, 2, 40]
