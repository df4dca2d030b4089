// What one attention problem looks like: its sizes, its mask, and the layout of the tensors that belong to it.

import type { Extent } from '../op';
import type { Sizes } from '../sizes';
import { poolExtent, type Pages, type PoolTensor } from './pages';

export { defaultScale, kvPlane, sees, type Mask } from '../sizes';

/**
 * Sizes of one attention problem. Q is [batch, heads, queries, dim]; K and V are [batch, kvHeads, keys, dim]; all
 * row-major f32.
 */
export interface Shape extends Sizes {
  /** Where K and V lie for kernels that read them through a block table; absent: scattered, see `pagesOf`. */
  pages?: Pages;
}

/** The three inputs, laid out as `Shape` says. */
export interface Inputs {
  q: Float32Array;
  k: Float32Array;
  v: Float32Array;
}

/** The tensors that the three are, as ops name them. */
export const TENSOR_OF = { q: 'Q', k: 'K', v: 'V' } as const;

/**
 * Every array of attention that can live in HBM. LSE is m + ln l, L and M are l and m as they stand: one number a query
 * row. Where a row's keys are taken in parts, OPart is O of each part, not yet divided by l, and ML its m and l: one
 * row a query row and part.
 */
export type AttentionTensor = 'Q' | 'K' | 'V' | 'S' | 'P' | 'O' | 'LSE' | 'L' | 'M' | 'OPart' | 'ML' | PoolTensor;

/** Most parts that the keys of a row are cut into, and what the length of a part is a multiple of. */
const MOST_PARTS = 16;
const PART_KEYS = 32;

/** Keys of a part. */
export const partKeys = ({ keys }: Pick<Shape, 'keys'>): number => PART_KEYS * Math.ceil(keys / PART_KEYS / MOST_PARTS);

/** Parts that the keys of a row are cut into. */
export const partsOf = (shape: Pick<Shape, 'keys'>): number => Math.ceil(shape.keys / partKeys(shape));

/** The size of a tensor of this shape. */
export function extentOf(tensor: AttentionTensor, shape: Shape): Extent {
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
    case 'L':
    case 'M':
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
export function elementsOf(tensor: AttentionTensor, shape: Shape): number {
  const { planes, rows, cols } = extentOf(tensor, shape);
  return planes * rows * cols;
}
