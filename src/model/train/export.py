"""Writes what the page ships from a checkpoint: `public/model/weights.bin` (8 bits a weight, one scale a row; layout in
`src/model/weights.ts`), and, computed with exactly those rounded weights, `src/model/metrics.json` (held-out loss
against a bigram baseline, mean attention distance of every head) and `src/model/fixture.json` (values that the
TypeScript forward pass must reproduce).

  /usr/bin/python3 src/model/train/export.py /tmp/tokens /tmp/model.pt
  npx oxfmt src/model
"""
import json
import os
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

import net as model
from net import CONTEXT, DIM, HEADS, LAYERS, Net
from train import stream

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../..')
LANGUAGES = ('en', 'zh')


def named(net):
    """Tensors under the names of weights.ts, the embedding first."""
    yield 'embed', net.embed.weight
    for i, block in enumerate(net.blocks):
        yield f'{i}.norm1', block.norm1.gain
        for name in ('query', 'key', 'value', 'out'):
            yield f'{i}.{name}', getattr(block, name).weight
        yield f'{i}.queryBias', block.query_bias
        yield f'{i}.keyBias', block.key_bias
        yield f'{i}.norm2', block.norm2.gain
        yield f'{i}.up', block.up.weight
        yield f'{i}.down', block.down.weight
    yield 'norm', net.norm.gain


@torch.no_grad()
def write_weights(net, path):
    """Rounds the net's weights in place and writes the same values to `path`."""
    tensors, payload = [], b''
    for name, p in named(net):
        rows, cols = (1, p.shape[0]) if p.ndim == 1 else p.shape
        entry = {'name': name, 'type': 'f32' if p.ndim == 1 else 'int8', 'rows': rows, 'cols': cols, 'at': len(payload)}
        if p.ndim == 1:
            part = p.numpy().astype('<f4').tobytes()
        else:
            scale = (p.abs().amax(1) / 127).clamp_min(1e-12)
            packed = torch.round(p / scale[:, None]).to(torch.int8)
            p.copy_(packed.float() * scale[:, None])
            part = scale.numpy().astype('<f4').tobytes() + packed.numpy().tobytes()
        tensors.append(entry)
        payload += part + b'\0' * (-len(part) % 4)
    config = {
        'layers': LAYERS, 'width': model.WIDTH, 'heads': HEADS, 'dim': DIM, 'hidden': model.HIDDEN, 'context': CONTEXT,
        'vocabulary': net.embed.num_embeddings, 'ropeBase': model.ROPE_BASE, 'eps': model.EPS,
    }  # fmt: skip
    header = json.dumps({'config': config, 'tensors': tensors}, separators=(',', ':')).encode()
    start = b'ATTNSCW1' + struct.pack('<I', len(header)) + header
    with open(path, 'wb') as file:
        file.write(start + b'\0' * (-len(start) % 4) + payload)


def windows(ids):
    """Held-out windows of CONTEXT tokens and what follows each token; a short rest is left out."""
    for at in range(0, len(ids) - CONTEXT, CONTEXT):
        yield ids[at : at + CONTEXT], ids[at + 1 : at + CONTEXT + 1]


def bigram_loss(train, held, vocabulary):
    """Mean loss of p(b|a) = (c(ab) + k p(b)) / (c(a) + k), p(b) add-half; k is the best of a grid on the held-out text
    itself, which can only favour the baseline."""
    train = train.numpy()
    unigram = (np.bincount(train, minlength=vocabulary) + 0.5) / (len(train) + 0.5 * vocabulary)
    keys, counts = np.unique(train[:-1] * vocabulary + train[1:], return_counts=True)
    before = np.bincount(train[:-1], minlength=vocabulary)
    a, b = (np.concatenate([pair[i].numpy() for pair in windows(held)]) for i in (0, 1))
    at = np.minimum(np.searchsorted(keys, a * vocabulary + b), len(keys) - 1)
    seen = np.where(keys[at] == a * vocabulary + b, counts[at], 0)
    losses = {k: float(-np.log((seen + k * unigram[b]) / (before[a] + k)).mean()) for k in (1, 3, 10, 30, 100, 300, 1000)}
    k = min(losses, key=losses.get)
    return losses[k], k


def mean_distance(seen):
    """[layer, head]: sum over keys of p * (query position - key position), averaged over the queries."""
    n = seen[0]['p'].shape[-1]
    apart = (torch.arange(n)[:, None] - torch.arange(n)).float()
    return torch.stack([(layer['p'][0] * apart).sum(-1).mean(-1) for layer in seen])


@torch.no_grad()
def evaluate(net, held):
    """Mean loss and mean attention distances over the windows, and how many tokens those are."""
    losses, distances = [], []
    for x, y in windows(held):
        seen = []
        losses.append(F.cross_entropy(net(x[None], seen)[0], y))
        distances.append(mean_distance(seen))
    return float(torch.stack(losses).mean()), torch.stack(distances).mean(0), len(losses) * CONTEXT


@torch.no_grad()
def fixture(net, held):
    """Part of what the net computes for 24 English and 24 Chinese held-out tokens: Q, K, V at two positions, P of the last row."""
    ids = torch.cat([held['en'][200:224], held['zh'][100:124]])
    seen, at = [], [9, len(ids) - 1]
    logits = net(ids[None], seen)[0]
    rounded = lambda t: [round(float(x), 5) for x in t.flatten()]
    heads = [
        [{**{m: [rounded(layer[m][0, h, i]) for i in at] for m in 'qkv'}, 'p': rounded(layer['p'][0, h, -1])} for h in range(HEADS)]
        for layer in seen
    ]
    return {
        'ids': ids.tolist(), 'positions': at, 'heads': heads,
        'meanDistance': [rounded(layer) for layer in mean_distance(seen)],
        'logits': [{'first': rounded(logits[i, :48]), 'every101': rounded(logits[i, ::101]),
                    'logSumExp': round(float(logits[i].logsumexp(0)), 5)} for i in at],
    }  # fmt: skip


def main():
    tokens, checkpoint = sys.argv[1:]
    saved = torch.load(checkpoint)
    net = Net(saved['net']['embed.weight'].shape[0])
    net.load_state_dict(saved['net'])
    path = os.path.join(ROOT, 'public/model/weights.bin')
    write_weights(net, path)
    held = {language: stream(tokens, f'{language}.held') for language in LANGUAGES}
    metrics = {
        'steps': saved['steps'], 'trainedTokens': saved['tokens'], 'parameters': sum(p.numel() for p in net.parameters()),
        'weightBytes': os.path.getsize(path), 'window': CONTEXT, 'unit': 'nats per token', 'heldOut': {}, 'meanDistance': {},
    }  # fmt: skip
    for language in LANGUAGES:
        loss, distance, count = evaluate(net, held[language])
        bigram, k = bigram_loss(stream(tokens, f'{language}.train'), held[language], net.embed.num_embeddings)
        metrics['heldOut'][language] = {'tokens': count, 'model': round(loss, 4), 'bigram': round(bigram, 4), 'bigramK': k}
        metrics['meanDistance'][language] = [[round(float(x), 2) for x in row] for row in distance]
        print(language, metrics['heldOut'][language])
        print('\n'.join(' '.join(f'{x:6.1f}' for x in row) for row in distance))
    for name, value in (('metrics', metrics), ('fixture', fixture(net, held))):
        with open(os.path.join(ROOT, f'src/model/{name}.json'), 'w') as file:
            json.dump(value, file, **({'indent': 1} if name == 'metrics' else {'separators': (',', ':')}))
            file.write('\n')


if __name__ == '__main__':
    main()
