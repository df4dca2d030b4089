"""The small transformer as the trainer sees it; `src/model/forward.ts` computes the same in the page.

Decoder-only, pre-norm RMSNorm (eps 1e-5), rotary positions (half-split: dimension i turns with i + d/2, base 10000),
GELU (tanh form), embedding tied with the output. The only biases are on Q and K: with them a head can look at a fixed offset
whatever the tokens are.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

LAYERS, WIDTH, HEADS, DIM, HIDDEN, CONTEXT, ROPE_BASE, EPS = 4, 192, 6, 32, 768, 256, 10000.0, 1e-5


def rope_tables(n):
    """cos and sin, each [n, DIM / 2]: the angle of position p, pair i is p * base^(-2i / DIM)."""
    rate = ROPE_BASE ** (-torch.arange(0, DIM, 2, dtype=torch.float64) / DIM)
    angle = torch.arange(n, dtype=torch.float64)[:, None] * rate
    return angle.cos().float(), angle.sin().float()


def rotate(x, cos, sin):
    a, b = x.float().chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS) * self.gain


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = Norm(), Norm()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, HIDDEN, bias=False), nn.Linear(HIDDEN, WIDTH, bias=False)
        self.query_bias, self.key_bias = (nn.Parameter(torch.randn(WIDTH) * 0.1) for _ in range(2))
        for layer in (self.query, self.key, self.value, self.up):
            nn.init.normal_(layer.weight, std=WIDTH ** -0.5)
        for layer in (self.out, self.down):
            nn.init.zeros_(layer.weight)

    def forward(self, x, cos, sin, mask, seen):
        batch, n, _ = x.shape
        h = self.norm1(x)
        rows = (self.query(h) + self.query_bias, self.key(h) + self.key_bias, self.value(h))
        q, k, v = (row.view(batch, n, HEADS, DIM).transpose(1, 2) for row in rows)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        p = torch.softmax((q @ k.transpose(-1, -2)).float() / math.sqrt(DIM) + mask, -1)
        if seen is not None:
            seen.append({'q': q, 'k': k, 'v': v, 'p': p})
        x = x + self.out((p.to(v.dtype) @ v).transpose(1, 2).reshape(batch, n, WIDTH))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate='tanh'))


class Net(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, WIDTH)
        nn.init.normal_(self.embed.weight, std=0.05)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = Norm()
        self.cos, self.sin = rope_tables(CONTEXT)
        self.mask = torch.full((CONTEXT, CONTEXT), float('-inf')).triu(1)

    def forward(self, ids, seen=None):
        """ids [batch, n] -> logits [batch, n, vocabulary]; `seen` (a list) receives q, k, v, p of each layer."""
        n = ids.shape[1]
        x = self.embed(ids)
        for block in self.blocks:
            x = block(x, self.cos[:n], self.sin[:n], self.mask[:n, :n], seen)
        return F.linear(self.norm(x), self.embed.weight)
