// What the cards share: the common constants of a run's header, the linked library files, and the check against a
// device's limits.
import { sumOf, type ByTensor } from '../ops/costs';
import type { TensorId } from '../ops/op';
import type { Shape } from '../ops/attention/shape';
import { elementsOf } from '../ops';
import { defaultScale } from '../ops/attention/shape';
import { bandOf, firstSeeing, hasWindow, keysFrom, keysSeen, type Masked, type Sizes } from '../ops/sizes';
import type { Scored } from '../ops/scores';
import type { ArrayLayout } from '../ops/layout';
import type { Run, Tile } from '../ops/run';
import type { Limits, Refusal } from '../ops/limits';
import type { Binding, PassSpec } from './card';

/** What a kernel's formulas and passes are made for. */
export type Work = Omit<Run, 'kernel'>;

/** Bytes of an f32. */
export const BYTES = 4;

/** Numbers that a kernel reads at once from a row: 4 where rows divide by 4, else 1. */
export const lanesOf = ({ dim }: Pick<Sizes, 'dim'>): number => (dim % 4 === 0 ? 4 : 1);

/** What a text has that caps its scores, and that takes ALiBi's bias off them: one without refuses to. */
export const SOFTCAP_FILE = 'lib/softcap.wgsl';
export const ALIBI_FILE = 'lib/alibi.wgsl';

/** The library files under every kernel, in joining order; `chunk` is the one that fits the shape's rows. */
export const lib = {
  origin: 'lib/origin.wgsl',
  heads: 'lib/heads.wgsl',
  online: 'lib/online.wgsl',
  quad: 'lib/quad.wgsl',
  inRows: 'lib/in-rows.wgsl',
  chunk: (shape: Pick<Sizes, 'dim'>) => (lanesOf(shape) === 4 ? 'lib/chunk4.wgsl' : 'lib/chunk1.wgsl'),
  mask: ({ mask }: Pick<Sizes, 'mask'>) => ['lib/mask.wgsl', ...(hasWindow(mask) ? ['lib/window.wgsl'] : [])],
  /** What changes scores, `wide` of them at once. */
  scores: ({ softcap, alibi }: Scored, wide: 1 | 4) => [
    ...(softcap === undefined ? [] : [wide === 4 ? 'lib/score4.wgsl' : 'lib/score1.wgsl', SOFTCAP_FILE]),
    ...(alibi ? [ALIBI_FILE] : []),
  ],
  seeing: ({ mask }: Pick<Sizes, 'mask'>) => ['lib/seeing.wgsl', ...(hasWindow(mask) ? ['lib/leaving.wgsl'] : [])],
};

/** What the texts know of a mask; a window wider than the problem is cut down to it. */
function maskHeader({ mask, batch, queries, keys }: Sizes): PassSpec['header'] {
  const { topLeft, left, right, prefix } = bandOf(mask);
  if (topLeft) return { TOP_LEFT: true };
  if (prefix > 0) return { PREFIX: Math.min(prefix, keys) };
  if (hasWindow(mask)) return { LEFT: Math.min(left, keys), RIGHT: Math.min(right, batch * queries) };
  return { CAUSAL: mask === 'causal' };
}

/** What the texts know of what becomes of a score: nothing where that is nothing. */
const scoreHeader = ({ softcap, alibi }: Scored): PassSpec['header'] => ({
  ...(softcap !== undefined && { SOFTCAP: { f32: softcap } }),
  ...(alibi && { SLOPES: alibi }),
});

/** The constants of the problem that every kernel's header begins with. */
export function shapeHeader({ shape, scale }: { shape: Sizes; scale?: number }): PassSpec['header'] {
  return {
    NQ: shape.queries,
    NK: shape.keys,
    D: shape.dim,
    CHUNKS: shape.dim / lanesOf(shape),
    HEADS: shape.heads,
    KV_HEADS: shape.kvHeads,
    PLANES: shape.batch * shape.heads,
    KV_PLANES: shape.batch * shape.kvHeads,
    ...maskHeader(shape),
    SCALE: { f32: scale ?? defaultScale(shape) },
    ...scoreHeader(shape),
  };
}

/** Of an array that holds rows of Q times the scale: what its numbers are multiplied by to be those of Q. */
export const unscaled = ({ shape, scale }: Work): { Q: number } => ({ Q: 1 / ((scale ?? defaultScale(shape)) || 1) });

/** Bindings in their order, each named like its tensor: those read, then those written. */
export const bindingsOf = (reads: readonly string[], writes: readonly string[]): Binding[] =>
  [...reads, ...writes].map((name, binding) => ({
    binding,
    name,
    tensor: name,
    access: reads.includes(name) ? 'read' : 'read_write',
  }));

/** A piece of a matrix, row-major. */
export const piece = (
  role: ArrayLayout['role'],
  rows: number,
  cols: number,
  axes: ArrayLayout['axes'],
): ArrayLayout => ({
  role,
  rows,
  cols,
  axes,
});

/** A number of each row, in the thread of a workgroup that has its number. */
export const ofThread = (role: string, threads: number): ArrayLayout => ({
  ...piece(role, threads, 1, ['query', 'one']),
  terms: [{ of: 'lane', row: 1 }],
});

/** An element of each thread of a workgroup of `side` x `side`. */
export const ofElement = (role: string, side: number, axes: ArrayLayout['axes']): ArrayLayout => ({
  ...piece(role, side, side, axes),
  terms: [
    { of: 'lane', div: side, row: 1 },
    { of: 'lane', mod: side, col: 1 },
  ],
});

/** Q, K and V in, O and LSE out: the tensors of a kernel that never writes S. */
export const FLASH_BINDINGS: readonly Binding[] = [
  { binding: 0, name: 'Q', tensor: 'Q', access: 'read' },
  { binding: 1, name: 'K', tensor: 'K', access: 'read' },
  { binding: 2, name: 'V', tensor: 'V', access: 'read' },
  { binding: 3, name: 'O', tensor: 'O', access: 'read_write' },
  { binding: 4, name: 'LSE', tensor: 'LSE', access: 'read_write' },
];

/** A pass in which one workgroup takes Br query rows of one plane through all keys that they see. */
export const flashPass = ({ shape, tile: { br } }: Run) => ({
  name: 'flash',
  grid: [Math.ceil(shape.queries / br), 1, shape.batch * shape.heads] as const,
  rows: br,
  bindings: FLASH_BINDINGS,
});

/** Bytes of such a pass, from the elements of Q, K and V that it loads a plane: O and LSE are stored once. */
export function flashBytes(shape: Shape, loads: number): { loads: number; stores: number } {
  const each = BYTES * shape.batch * shape.heads;
  return { loads: each * loads, stores: each * shape.queries * (shape.dim + 1) };
}

/** Query rows that see any key, and keys that any row sees. */
export const seeing = (shape: Masked): { rows: number; seen: number } => ({
  rows: shape.queries - firstSeeing(shape, 0),
  seen: keysSeen(shape, shape.queries - 1) - keysFrom(shape, 0),
});

/**
 * Adds up something over the blocks of Br rows of a plane.
 * @param sum of a block, from where its first tile of Bc keys begins to where its last one ends, which may be past the
 * last key; the same where no row of it sees any
 */
export function overBlocks(shape: Masked, { br, bc }: Tile, sum: (begin: number, end: number) => number): number {
  let all = 0;
  for (let q0 = 0; q0 < shape.queries; q0 += br) {
    const begin = Math.floor(keysFrom(shape, q0) / bc) * bc;
    const end = Math.ceil(keysSeen(shape, Math.min(q0 + br, shape.queries) - 1) / bc) * bc;
    all += sum(begin, Math.max(begin, end));
  }
  return all;
}

/** What a kernel requests whose text asks for exactly what its IO model says. */
export function allOf(model: ByTensor): { loads: number; stores: number } {
  const { read, written } = sumOf(model);
  return { loads: read, stores: written };
}

/** The first limit that a run runs into, or undefined. Sizes are those of the card's own passes. */
export function firstRefusal(
  passes: readonly PassSpec[],
  shape: Shape,
  sramBytes: number,
  limits: Limits,
): Refusal | undefined {
  const tensors = new Set<TensorId>(passes.flatMap((pass) => pass.bindings.map(({ tensor }) => tensor)));
  const largest = BYTES * Math.max(...[...tensors].map((tensor) => elementsOf(tensor, shape)));
  const most = (of: (pass: PassSpec) => number) => Math.max(...passes.map(of));
  const needs: [keyof Limits, number][] = [
    ['maxComputeWorkgroupStorageSize', sramBytes],
    ['maxComputeInvocationsPerWorkgroup', most((pass) => pass.workgroupSize)],
    ['maxComputeWorkgroupSizeX', most((pass) => pass.workgroupSize)],
    ['maxComputeWorkgroupsPerDimension', most((pass) => Math.max(...pass.grid))],
    ['maxStorageBufferBindingSize', largest],
    ['maxBufferSize', largest],
    ['maxStorageBuffersPerShaderStage', most((pass) => pass.bindings.length)],
  ];
  for (const [limit, need] of needs) {
    const have = limits[limit];
    if (need > have) return { limit, need, have };
  }
  return undefined;
}
