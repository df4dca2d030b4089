// How many parameters a transformer has, part by part, and what they weigh: closed forms.
import type { ModelConfig, Weights } from './weights';

/** What the counts depend on. Heads are a way of cutting, and add nothing while keys have as many as queries. */
export interface Net {
  /** d, the width of the residual stream. */
  readonly width: number;
  /** L */
  readonly layers: number;
  /** V */
  readonly vocabulary: number;
  /** Width of the FFN. */
  readonly hidden: number;
  /** Its matrices: 2, or 3 with a gate (SwiGLU). */
  readonly matrices: 2 | 3;
  readonly heads: number;
  readonly kvHeads: number;
  /** Learned positions; 0 where they are turned or computed. */
  readonly positions: number;
  /** The output is the embedding again. */
  readonly tied: boolean;
  /** Biases of one layer, in numbers of width d. */
  readonly biases: number;
  /** Numbers of width d in one norm: its gain, or gain and bias. */
  readonly norm: 1 | 2;
}

export const PART_IDS = ['embedding', 'positions', 'attention', 'ffn', 'biases', 'norms', 'output'] as const;
export type PartId = (typeof PART_IDS)[number];

export interface Part {
  readonly id: PartId;
  readonly count: number;
  /** With the letters of `Net`: d, L, V, F (hidden), P (positions), H, K (heads, KV heads). */
  readonly formula: string;
}

/** Parameters by part, those that are there, in order. */
export function partsOf(net: Net): Part[] {
  const { width: d, layers: l, vocabulary: v, hidden: f, matrices, heads, kvHeads, positions, tied } = net;
  const shared = kvHeads !== heads;
  const parts: Part[] = [
    { id: 'embedding', count: v * d, formula: 'V·d' },
    { id: 'positions', count: positions * d, formula: 'P·d' },
    {
      id: 'attention',
      count: l * (2 * d * d + (2 * d * d * kvHeads) / heads),
      formula: shared ? 'L·(2d² + 2d²·K/H)' : 'L·4d²',
    },
    { id: 'ffn', count: l * matrices * d * f, formula: `L·${matrices}·d·F` },
    { id: 'biases', count: l * net.biases * d, formula: `L·${net.biases}d` },
    { id: 'norms', count: (2 * l + 1) * net.norm * d, formula: net.norm === 1 ? '(2L + 1)·d' : '(2L + 1)·2d' },
    { id: 'output', count: tied ? 0 : v * d, formula: 'V·d' },
  ];
  return parts.filter(({ count }) => count > 0);
}

export const parametersOf = (net: Net): number => partsOf(net).reduce((sum, { count }) => sum + count, 0);

/** Bytes of K and V of one token: 2 · layers · KV heads · head dim · bytes of a number. */
export const kvBytes = ({ layers, width, heads, kvHeads }: Net, size: number): number =>
  (2 * layers * kvHeads * width * size) / heads;

/** The small model's own sizes. */
export const netOf = ({ width, layers, vocabulary, hidden, heads }: ModelConfig): Net => ({
  width,
  layers,
  vocabulary,
  hidden,
  matrices: 2,
  heads,
  kvHeads: heads,
  positions: 0,
  tied: true,
  biases: 2,
  norm: 1,
});

/** Models whose sizes are published: Brown et al. 2020, table 2.1; Touvron et al. 2023. */
export const NETS = {
  gpt3: {
    width: 12_288,
    layers: 96,
    vocabulary: 50_257,
    hidden: 4 * 12_288,
    matrices: 2,
    heads: 96,
    kvHeads: 96,
    positions: 2048,
    tied: true,
    biases: 9,
    norm: 2,
  },
  llama2: {
    width: 4096,
    layers: 32,
    vocabulary: 32_000,
    hidden: 11_008,
    matrices: 3,
    heads: 32,
    kvHeads: 32,
    positions: 0,
    tied: false,
    biases: 0,
    norm: 1,
  },
} as const satisfies Record<string, Net>;
export type NetId = 'small' | keyof typeof NETS;
export const NET_IDS: readonly NetId[] = ['small', 'gpt3', 'llama2'];

/** Numbers in every tensor of a weights file, by part: counted, not computed. */
export function countedParts({ embed, layers, norm }: Weights): Readonly<Partial<Record<PartId, number>>> {
  const sum = (...tensors: Float32Array[]): number => tensors.reduce((all, { length }) => all + length, 0);
  const all = (of: (layer: Weights['layers'][number]) => number): number =>
    layers.reduce((total, layer) => total + of(layer), 0);
  return {
    embedding: embed.length,
    attention: all(({ query, key, value, out }) => sum(query, key, value, out)),
    ffn: all(({ up, down }) => sum(up, down)),
    biases: all(({ queryBias, keyBias }) => sum(queryBias, keyBias)),
    norms: all(({ norm1, norm2 }) => sum(norm1, norm2)) + norm.length,
  };
}
