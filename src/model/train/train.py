"""Trains the small model on the token streams that prepare.mjs writes. CPU, PyTorch 1.13 (Debian: python3-torch,
libopenblas0-pthread), no other package. Fixed seed; the learning rate follows wall-clock time, so two runs differ in the
number of steps, not in the recipe.

  export OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000
  /usr/bin/python3 src/model/train/train.py /tmp/tokens /tmp/model.pt --seconds 4000
  /usr/bin/python3 src/model/train/export.py /tmp/tokens /tmp/model.pt

(The two malloc settings keep freed pages in the process: four times faster here.)

Matrices learn by Muon (K. Jordan 2024: momentum, orthogonalised by a Newton-Schulz iteration), the embedding and gains
by Adam. Some windows repeat a part of themselves: repetition, which a text of this size has too little of, is
what induction heads (Olsson et al. 2022) form on. The shipped weights came about in three runs, each from the one before
(--start): 1450 steps of 12 windows with a fifth to three fifths pasted, which formed no induction head; 900 steps with
--looped 0.25 --pasted 0.33, in which two formed, at the cost of ordinary text; 900 steps with the defaults, which brings
that back. The second run is also when Q and K got their biases.
"""
import argparse
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from net import CONTEXT, Net

BATCH, SEED = 8, 7


def stream(folder, name):
    return torch.from_numpy(np.fromfile(os.path.join(folder, f'{name}.u16'), dtype=np.uint16).astype(np.int64))


def sample(streams, generator, looped, pasted):
    """A batch of windows [BATCH, CONTEXT + 1], languages alternating; the given shares loop a passage or repeat one once."""
    draw = lambda low, high: int(torch.randint(low, high, (1,), generator=generator))
    rows = []
    for i in range(BATCH):
        ids = streams[i % len(streams)]
        at = draw(0, len(ids) - CONTEXT - 1)
        row = ids[at : at + CONTEXT + 1].clone()
        kind = float(torch.rand(1, generator=generator))
        if kind < looped:
            passage = row[: draw(12, 96)]
            if kind < looped / 2:  # out of order, so that only what came after the last time helps
                passage = passage[torch.randperm(len(passage), generator=generator)]
            row = passage.repeat(CONTEXT // len(passage) + 1)[: CONTEXT + 1]
        elif kind < looped + pasted:
            length = draw(24, 112)
            source = draw(0, CONTEXT - 2 * length)
            target = draw(source + length, CONTEXT - length + 1)
            row[target : target + length] = row[source : source + length].clone()
        rows.append(row)
    return torch.stack(rows)


def orthogonal(g):
    """Newton-Schulz in bfloat16 towards the nearest orthogonal matrix, for a stack of matrices [n, rows, cols]."""
    x = g.bfloat16()
    tall = x.shape[1] > x.shape[2]
    x = x.transpose(1, 2) if tall else x
    x = x / (x.float().flatten(1).norm(dim=1)[:, None, None] + 1e-7).bfloat16()
    for _ in range(5):
        a = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return (x.transpose(1, 2) if tall else x).float()


class Muon:
    def __init__(self, parameters, rate=0.02, momentum=0.95, decay=0.01):
        self.rate, self.momentum, self.decay, self.groups = rate, momentum, decay, {}
        for p in parameters:
            self.groups.setdefault(tuple(p.shape), []).append(p)
        self.speed = {shape: torch.zeros(len(ps), *shape) for shape, ps in self.groups.items()}

    @torch.no_grad()
    def step(self, scale):
        for shape, ps in self.groups.items():
            g, v = torch.stack([p.grad for p in ps]), self.speed[shape]
            v.mul_(self.momentum).add_(g, alpha=1 - self.momentum)
            update = orthogonal(g.lerp(v, self.momentum)) * max(1, shape[0] / shape[1]) ** 0.5
            for p, u in zip(ps, update):
                p.mul_(1 - self.rate * scale * self.decay * 5).add_(u, alpha=-self.rate * scale)


@torch.no_grad()
def held_out(net, ids, windows):
    """Mean loss in nats a token over the first `windows` windows."""
    total = []
    for at in range(0, min(len(ids) - 1, windows * CONTEXT), CONTEXT):
        part = ids[at : at + CONTEXT + 1]
        if len(part) > 1:
            total.append(F.cross_entropy(net(part[None, :-1])[0].float(), part[1:], reduction='none'))
    return float(torch.cat(total).mean())


def save(path, net, step, seen):
    torch.save({'net': net.state_dict(), 'steps': step, 'tokens': seen}, path + '.part')
    os.replace(path + '.part', path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tokens')
    parser.add_argument('out')
    parser.add_argument('--seconds', type=float, default=4000)
    parser.add_argument('--looped', type=float, default=0.04, help='share of windows that are one passage over and over')
    parser.add_argument('--pasted', type=float, default=0.12, help='share of windows with a span pasted again later')
    parser.add_argument('--start', help='a checkpoint to go on from')
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    train = [stream(arguments.tokens, f'{language}.train') for language in ('en', 'zh')]
    held = {language: stream(arguments.tokens, f'{language}.held') for language in ('en', 'zh')}
    with open(os.path.join(arguments.tokens, 'vocabulary.json')) as file:
        net = Net(json.load(file)['size'])
    step = seen = 0
    if arguments.start:
        saved = torch.load(arguments.start)
        net.load_state_dict(saved['net'], strict=False)
        step = saved['steps']
        seen = saved['tokens']
    first = step
    generator = torch.Generator().manual_seed(SEED + step)
    matrices = [p for p in net.blocks.parameters() if p.ndim == 2]
    biases = [p for name, p in net.named_parameters() if name.endswith('_bias')]
    rest = [p for name, p in net.named_parameters() if name.endswith('gain') or name == 'embed.weight']
    muon = Muon(matrices)
    adam = torch.optim.Adam([{'params': rest, 'rate': 0.003}, {'params': biases, 'rate': 0.02}], betas=(0.9, 0.97), eps=1e-10)
    start = stored = time.time()
    mean = None
    while time.time() - start < arguments.seconds:
        scale = min(1, (step - first + 1) / 60) * 0.5 * (1 + math.cos(math.pi * (time.time() - start) / arguments.seconds))
        rows = sample(train, generator, arguments.looped, arguments.pasted)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            logits = net(rows[:, :-1])
        loss = F.cross_entropy(logits.float().flatten(0, 1), rows[:, 1:].flatten())
        for p in net.parameters():
            p.grad = None
        loss.backward()
        muon.step(scale)
        for group in adam.param_groups:
            group['lr'] = group['rate'] * scale
        adam.step()
        mean = float(loss) if mean is None else 0.98 * mean + 0.02 * float(loss)
        step += 1
        seen += BATCH * CONTEXT
        if step % 50 == 0:
            print(f'{time.time() - start:6.0f} s  step {step}  {seen} tokens  loss {mean:.4f}', flush=True)
        if step % 400 == 0:
            losses = {language: round(held_out(net, ids, 40), 4) for language, ids in held.items()}
            print(f'        held-out {losses}', flush=True)
        if time.time() - stored > 60:
            save(arguments.out, net, step, seen)
            stored = time.time()
    save(arguments.out, net, step, seen)


if __name__ == '__main__':
    main()
