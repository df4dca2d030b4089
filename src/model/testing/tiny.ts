/** For tests: a tiny model with random weights, and its forward pass written plainly, number by number, in f64. */
import { mulberry32 } from '../../ops/random';
import type { PassOptions } from '../options';
import type { ModelConfig, Weights } from '../weights';

export const tinyConfig: ModelConfig = {
  layers: 3,
  width: 24,
  heads: 6,
  dim: 4,
  hidden: 10,
  context: 12,
  vocabulary: 17,
  ropeBase: 50,
  eps: 1e-5,
};

export function tinyWeights(seed: number, config = tinyConfig): Weights {
  const uniform = mulberry32(seed);
  const numbers = (count: number, size = 1): Float32Array =>
    Float32Array.from({ length: count }, () => size * (2 * uniform() - 1));
  const { width, hidden, vocabulary } = config;
  return {
    config,
    embed: numbers(vocabulary * width),
    norm: numbers(width),
    layers: Array.from({ length: config.layers }, () => ({
      norm1: numbers(width),
      query: numbers(width * width),
      key: numbers(width * width),
      value: numbers(width * width),
      queryBias: numbers(width),
      keyBias: numbers(width),
      out: numbers(width * width),
      norm2: numbers(width),
      up: numbers(hidden * width),
      down: numbers(width * hidden),
    })),
  };
}

type Rows = number[][];

const times = (x: Rows, w: Float32Array, outputs: number): Rows =>
  x.map((row) =>
    Array.from({ length: outputs }, (_, o) => row.reduce((sum, value, i) => sum + value * w[o * row.length + i]!, 0)),
  );
const norm = (x: Rows, gain: Float32Array, eps: number): Rows =>
  x.map((row) => {
    const mean = row.reduce((sum, value) => sum + value ** 2, 0) / row.length;
    return row.map((value, i) => (value * gain[i]!) / Math.sqrt(mean + eps));
  });
const plus = (x: Rows, y: Rows): Rows => x.map((row, r) => row.map((value, i) => value + y[r]![i]!));
const gelu = (a: number): number => 0.5 * a * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (a + 0.044715 * a ** 3)));

/** One pair at a time, as a complex number that is turned. */
function turned(row: number[], position: number, base: number): number[] {
  const half = row.length / 2;
  const out = row.slice();
  for (let i = 0; i < half; i++) {
    const angle = position / base ** (i / half);
    out[i] = row[i]! * Math.cos(angle) - row[i + half]! * Math.sin(angle);
    out[i + half] = row[i]! * Math.sin(angle) + row[i + half]! * Math.cos(angle);
  }
  return out;
}

/** Rounds the listed cells of `x` to one symmetric grid. */
function roundCells(x: Rows, cells: [number, number][], bits: number): void {
  const most = Math.max(...cells.map(([r, c]) => Math.abs(x[r]![c]!)));
  const step = most / (2 ** (bits - 1) - 1);
  for (const [r, c] of cells) x[r]![c] = Math.round(x[r]![c]! / step) * step;
}
const cellsOf = (x: Rows): [number, number][] => x.flatMap((row, r) => row.map((_, c): [number, number] => [r, c]));

/** Mask, rotary turn, scale, layers, ablation, KV heads and KV rounding. @returns K by layer and head, and logits */
export function plainly(weights: Weights, ids: readonly number[], options: PassOptions) {
  const { width, heads, dim, hidden, vocabulary, ropeBase, eps, layers } = weights.config;
  let x: Rows = ids.map((id) => [...weights.embed.subarray(id * width, (id + 1) * width)]);
  const keys: Rows[][] = [];
  const weightsOf: Rows[][] = [];
  for (const [l, layer] of weights.layers.slice(0, options.layers ?? layers).entries()) {
    const h = norm(x, layer.norm1, eps);
    const biased = (w: Float32Array, bias: Float32Array) =>
      times(h, w, width).map((row) => row.map((value, i) => value + bias[i]!));
    const part = (all: Rows, head: number, turns: boolean): Rows =>
      all.map((row, at) => {
        const own = row.slice(head * dim, (head + 1) * dim);
        return turns && options.rope !== 'off' ? turned(own, at + (options.rope ?? 0), ropeBase) : own;
      });
    const [q, k, v] = [
      biased(layer.query, layer.queryBias),
      biased(layer.key, layer.keyBias),
      times(h, layer.value, width),
    ];
    const size = heads / (options.groups ?? heads);
    const pooled = (all: Rows, head: number, turns: boolean): Rows => {
      const first = head - (head % size);
      const members = Array.from({ length: size }, (_, i) => part(all, first + i, turns));
      return members[0]!.map((row, r) => row.map((_, c) => members.reduce((sum, one) => sum + one[r]![c]!, 0) / size));
    };
    const mixed: Rows = ids.map(() => Array<number>(width).fill(0));
    keys.push([]);
    weightsOf.push([]);
    for (let head = 0; head < heads; head++) {
      const [queries, ks, vs] = [part(q, head, true), pooled(k, head, true), pooled(v, head, false)];
      if (options.kv) {
        const { bits, per } = options.kv;
        const groupsOf = (m: Rows, byColumn: boolean) =>
          per === 'tensor'
            ? [cellsOf(m)]
            : byColumn
              ? m[0]!.map((_, c) => m.map((_row, r): [number, number] => [r, c]))
              : m.map((row, r) => row.map((_, c): [number, number] => [r, c]));
        for (const cells of groupsOf(ks, per === 'channel')) roundCells(ks, cells, bits);
        for (const cells of groupsOf(vs, false)) roundCells(vs, cells, bits);
      }
      keys[l]!.push(ks);
      const silent = options.ablate?.some((one) => one.layer === l && one.head === head);
      const table: Rows = queries.map((query, i) => {
        const scores = ks.map((key, j) =>
          options.mask === 'full' || j <= i
            ? (options.scale ?? 1 / Math.sqrt(dim)) * query.reduce((sum, value, c) => sum + value * key[c]!, 0)
            : -Infinity,
        );
        const exp = scores.map((score) => Math.exp(score - Math.max(...scores)));
        const sum = exp.reduce((a, b) => a + b, 0);
        return exp.map((e) => e / sum);
      });
      weightsOf[l]!.push(table);
      table.forEach((row, i) => {
        for (let c = 0; c < dim; c++)
          mixed[i]![head * dim + c] = silent ? 0 : row.reduce((sum, p, j) => sum + p * vs[j]![c]!, 0);
      });
    }
    x = plus(x, times(mixed, layer.out, width));
    const inner = times(norm(x, layer.norm2, eps), layer.up, hidden).map((row) => row.map(gelu));
    x = plus(x, times(inner, layer.down, width));
  }
  return { keys, weights: weightsOf, stream: x, logits: times(norm(x, weights.norm, eps), weights.embed, vocabulary) };
}
