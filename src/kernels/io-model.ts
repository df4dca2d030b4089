// The one IO model of the page: bytes between HBM and the chip as the papers count them, each pass reading each operand
// once for every workgroup that needs it.
import { visiblePairs } from '../ops/attention/cost';
import { both, sumOf, type ByTensor, type Bytes } from '../ops/costs';
import { asksForPool } from '../ops/attention/pages';
import { keysOf } from '../ops/attention/rows';
import { elementsOf } from '../ops';
import type { TensorId } from '../ops/op';
import { type Shape } from '../ops/attention/shape';
import type { Run } from '../ops/run';
import type { Kernel } from './card';
import { kernelById } from './kernels';
import { BYTES, overBlocks, seeing } from './parts';

/** Linking a tuned kernel's text takes milliseconds, and which tensors it binds is the same for every shape. */
const bound = new Map<string, readonly TensorId[]>();

/** The tensors that a kernel binds, each once. */
export function tensorsOf(card: Kernel, run: Run): readonly TensorId[] {
  const known = bound.get(card.id) ?? [
    ...new Set(card.passes(run).flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor))),
  ];
  bound.set(card.id, known);
  return known;
}

/** Whether the kernel writes S to HBM: the papers' standard attention. */
export const materialises = (run: Run): boolean => tensorsOf(kernelById(run.kernel), run).includes('S');

/** Rows of Q that one workgroup takes through its keys. */
export const blockRows = ({ tile }: Pick<Run, 'tile'>): number => Math.max(1, tile.br);

/**
 * Standard attention, 4 N d + 4 N² elements a head (FlashAttention, Algorithm 0): three passes, each reading its
 * operands and writing its result once; K and V once a query head. Under a mask S and P are written in full and read
 * where a query sees.
 */
function standard(shape: Shape): ByTensor {
  const { batch, heads, queries, keys, dim } = shape;
  const each = BYTES * batch * heads;
  const { rows, seen } = seeing(shape);
  const scores = { read: each * visiblePairs(shape), written: each * queries * keys };
  return {
    Q: { read: each * rows * dim, written: 0 },
    K: { read: each * seen * dim, written: 0 },
    V: { read: each * seen * dim, written: 0 },
    S: scores,
    P: { ...scores },
    O: { read: 0, written: each * queries * dim },
  };
}

/**
 * Elements of K (or V) that all row blocks of a plane read: whole tiles of Bc keys, from the first key that any row of
 * the block sees to the last. A single row reads key by key.
 */
function keyElements({ shape, tile }: Run): number {
  const br = blockRows({ tile });
  const bc = br > 1 ? tile.bc : 1;
  return shape.dim * overBlocks(shape, { br, bc }, (begin, end) => Math.min(shape.keys, end) - begin);
}

/**
 * The same over all rows of a head where requests have lengths of their own: a row reads its request's keys, within its
 * window.
 */
function raggedElements(shape: Shape): number {
  const { batch, heads, queries, dim } = shape;
  let keys = 0;
  for (let row = 0; row < batch * queries; row++) {
    const { from, to } = keysOf(shape, Math.floor(row / queries) * heads, row % queries);
    keys += to - from;
  }
  return keys * dim;
}

/**
 * FlashAttention-2, 2 N d + (N / Br) 2 N d + N elements a head (Algorithm 1): Q in, O and LSE out once, K and V once
 * for every block of Br query rows. Under a mask without the tiles that it hides whole. Where keys are taken in parts,
 * each part's O, m and l go out and come in once more.
 */
function tiled(run: Run, tensors: readonly TensorId[]): ByTensor {
  const { shape } = run;
  const each = BYTES * shape.batch * shape.heads;
  const ofKeys = asksForPool(shape) ? BYTES * shape.heads * raggedElements(shape) : each * keyElements(run);
  const keys = { read: ofKeys, written: 0 };
  const model: ByTensor = {
    Q: { read: each * shape.queries * shape.dim, written: 0 },
    K: keys,
    V: { ...keys },
    O: { read: 0, written: each * shape.queries * shape.dim },
    LSE: { read: 0, written: each * shape.queries },
  };
  for (const id of ['OPart', 'ML'] as const) {
    const once = BYTES * elementsOf(id, shape);
    if (tensors.includes(id)) model[id] = { read: once, written: once };
  }
  return model;
}

/** The IO model of a run, tensor by tensor. */
export function ioModelByTensor(run: Run): ByTensor {
  const card = kernelById(run.kernel);
  if (card.ioModel) return card.ioModel(run);
  return materialises(run) ? standard(run.shape) : tiled(run, tensorsOf(card, run));
}

/** The IO model of a run: the papers' formula of its kind, without the tiles that the mask hides whole. */
export const ioModel = (run: Run): Bytes => sumOf(ioModelByTensor(run));

/** The IO model of standard attention on the same problem. */
export const standardModel = ({ shape }: Pick<Run, 'shape'>): Bytes => sumOf(standard(shape));

/** What S and P take of it, written and read. */
export function scoreBytes({ shape }: Pick<Run, 'shape'>): number {
  const { S = NONE, P = NONE } = standard(shape);
  return both(S) + both(P);
}

const NONE: Bytes = { read: 0, written: 0 };
