"""A Trainer class for a text classifier: pandas, a collate_fn, packed sequences, folds."""

import torch, os, random
import numpy as np
import pandas as pd
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader, Subset, SubsetRandomSampler, random_split
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence, pad_packed_sequence
from sklearn.model_selection import KFold, train_test_split
from collections import Counter, defaultdict
from tqdm.auto import tqdm

def set_seed(seed=42):
    random.seed(seed); np.random.seed(seed); torch.manual_seed(seed); torch.cuda.manual_seed_all(seed)
    torch.backends.cudnn.deterministic = True

class TextDataset(Dataset):
    def __init__(self, path, vocab=None, max_len=100):
        df = pd.read_csv(path)
        self.texts = df["text"].tolist()
        self.labels = df["label"].values
        self.max_len = max_len
        if vocab is None:
            counter = Counter()
            for t in self.texts:
                counter.update(t.lower().split())
            vocab = {w: i + 2 for i, (w, c) in enumerate(counter.most_common(10000))}
        self.vocab = vocab
    def __len__(self):
        return len(self.texts)
    def __getitem__(self, idx):
        ids = [self.vocab.get(w, 1) for w in self.texts[idx].lower().split()][: self.max_len]
        return torch.tensor(ids, dtype=torch.long), torch.tensor(self.labels[idx], dtype=torch.float)

def collate(batch):
    xs, ys = zip(*batch)
    lengths = torch.tensor([len(x) for x in xs])
    xs = pad_sequence(xs, batch_first=True, padding_value=0)
    return xs, lengths, torch.stack(ys)

class LSTMClassifier(nn.Module):
    def __init__(self, vocab_size, emb=100, hidden=128):
        super().__init__()
        self.emb = nn.Embedding(vocab_size, emb, padding_idx=0)
        self.lstm = nn.LSTM(emb, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, 1)
    def forward(self, x, lengths):
        e = self.emb(x)
        packed = pack_padded_sequence(e, lengths.cpu(), batch_first=True, enforce_sorted=False)
        _, (h, c) = self.lstm(packed)
        h = torch.cat([h[-2], h[-1]], dim=1)
        return self.fc(h).squeeze(1)

class Trainer:
    def __init__(self, model, train_loader, val_loader, lr=1e-3, device="cpu", patience=3):
        self.model = model.to(device)
        self.loaders = {"train": train_loader, "val": val_loader}
        self.opt = torch.optim.AdamW(model.parameters(), lr=lr)
        self.sched = torch.optim.lr_scheduler.ReduceLROnPlateau(self.opt, patience=2)
        self.loss_fn = nn.BCEWithLogitsLoss()
        self.device = device
        self.history = defaultdict(list)
        self.best = float("inf")
        self.patience = patience
        self.bad = 0
    def run_epoch(self, phase):
        is_train = phase == "train"
        self.model.train(is_train)
        total, correct, n = 0.0, 0, 0
        bar = tqdm(self.loaders[phase], desc=phase, leave=False)
        with torch.set_grad_enabled(is_train):
            for x, lengths, y in bar:
                x, y = x.to(self.device), y.to(self.device)
                logits = self.model(x, lengths)
                loss = self.loss_fn(logits, y)
                if is_train:
                    self.opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                    self.opt.step()
                total += loss.item() * len(y)
                correct += ((logits > 0).float() == y).sum().item()
                n += len(y)
                bar.set_postfix(loss=total / n)
        return total / n, correct / n
    def fit(self, epochs):
        for epoch in range(1, epochs + 1):
            tl, ta = self.run_epoch("train")
            vl, va = self.run_epoch("val")
            self.sched.step(vl)
            self.history["train_loss"].append(tl)
            self.history["val_loss"].append(vl)
            if vl < self.best:
                self.best = vl
                self.bad = 0
                torch.save({"model": self.model.state_dict(), "opt": self.opt.state_dict(), "epoch": epoch}, "best.pt")
            else:
                self.bad += 1
                if self.bad >= self.patience:
                    break
        return self.history

def main():
    set_seed()
    ds = TextDataset("data.csv")
    n = len(ds)
    train_ds, val_ds = random_split(ds, [int(0.8 * n), n - int(0.8 * n)], generator=torch.Generator().manual_seed(0))
    tl = DataLoader(train_ds, batch_size=32, shuffle=True, collate_fn=collate)
    vl = DataLoader(val_ds, batch_size=64, collate_fn=collate)
    model = LSTMClassifier(len(ds.vocab) + 2)
    trainer = Trainer(model, tl, vl, device="cuda" if torch.cuda.is_available() else "cpu")
    hist = trainer.fit(10)
    kf = KFold(n_splits=5, shuffle=True, random_state=1)
    for fold, (tr, va) in enumerate(kf.split(np.arange(n))):
        l1 = DataLoader(ds, batch_size=32, sampler=SubsetRandomSampler(tr), collate_fn=collate)
        l2 = DataLoader(Subset(ds, va), batch_size=32, collate_fn=collate)
        for xb, lb, yb in l1:
            out = model(xb, lb)

if __name__ == "__main__":
    main()
