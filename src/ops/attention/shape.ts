// What one attention problem looks like: its sizes, its mask, and the layout of the tensors that belong to it.

import { poolExtent, type Pages, type PoolTensor } from './pages';

/** Which keys a query may see. Causal is aligned bottom-right: row i sees keys j <= i + keys - queries. */
export type Mask = 'full' | 'causal';

/** Sizes of one attention problem. Q is [batch, heads, queries, dim]; K and V are [batch, kvHeads, keys, dim]; all row-major f32. */
export interface Shape {
  batch: number;
  heads: number;
  /** Query head h reads KV head floor(h / (heads / kvHeads)). */
  kvHeads: number;
  queries: number;
  keys: number;
  dim: number;
  mask: Mask;
  /** Where K and V lie for kernels that read them through a block table; absent: scattered, see `pagesOf`. */
  pages?: Pages;
}

/** The three inputs, laid out as `Shape` says. */
export interface Inputs {
  q: Float32Array;
  k: Float32Array;
  v: Float32Array;
}

/**
 * Every array that can live in HBM. LSE is m + ln l, one number a query row. Where a row's keys are taken in parts, OPart is O of each part, not yet
 * divided by l, and ML its m and l: one row a query row and part.
 */
export type TensorId = 'Q' | 'K' | 'V' | 'S' | 'P' | 'O' | 'LSE' | 'OPart' | 'ML' | PoolTensor;

/** Most parts that the keys of a row are cut into, and what the length of a part is a multiple of. */
const MOST_PARTS = 16;
const PART_KEYS = 32;

/** Keys of a part. */
export const partKeys = ({ keys }: Pick<Shape, 'keys'>): number => PART_KEYS * Math.ceil(keys / PART_KEYS / MOST_PARTS);

/** Parts that the keys of a row are cut into. */
export const partsOf = (shape: Pick<Shape, 'keys'>): number => Math.ceil(shape.keys / partKeys(shape));

/** The size of one tensor: `planes` = batch x heads matrices of rows x cols, row-major. */
export interface Extent {
  planes: number;
  rows: number;
  cols: number;
}

/** The size of a tensor of this shape. */
export function extentOf(tensor: TensorId, shape: Shape): Extent {
  const planes = shape.batch * shape.heads;
  switch (tensor) {
    case 'Q':
    case 'O':
      return { planes, rows: shape.queries, cols: shape.dim };
    case 'K':
    case 'V':
      return { planes: shape.batch * shape.kvHeads, rows: shape.keys, cols: shape.dim };
    case 'S':
    case 'P':
      return { planes, rows: shape.queries, cols: shape.keys };
    case 'LSE':
      return { planes, rows: shape.queries, cols: 1 };
    case 'OPart':
      return { planes, rows: shape.queries * partsOf(shape), cols: shape.dim };
    case 'ML':
      return { planes, rows: shape.queries * partsOf(shape), cols: 2 };
    default:
      return poolExtent(tensor, shape);
  }
}

/** Elements of a tensor of this shape. */
export function elementsOf(tensor: TensorId, shape: Shape): number {
  const { planes, rows, cols } = extentOf(tensor, shape);
  return planes * rows * cols;
}

/** The plane of K and V that query plane `plane` (= batch index * heads + head) reads. */
export function kvPlane(plane: number, shape: Shape): number {
  const batch = Math.floor(plane / shape.heads);
  const head = plane % shape.heads;
  return batch * shape.kvHeads + Math.floor(head / (shape.heads / shape.kvHeads));
}

/** The factor that scores are scaled by where the caller names none: 1 / sqrt(dim). */
export const defaultScale = (shape: Shape): number => 1 / Math.sqrt(shape.dim);

/** Whether query row i sees key j under the shape's mask. */
export function sees(shape: Pick<Shape, 'mask' | 'queries' | 'keys'>, i: number, j: number): boolean {
  return shape.mask === 'full' || j <= i + shape.keys - shape.queries;
}
