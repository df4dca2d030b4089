// The contract of an op: what is computed, as data. Its tensors and their sizes, what they hold before anything runs,
// what an answer consists of.
import type { Inputs, Shape } from './attention/shape';
import type { Language } from '../words';
import type { Axis, Role } from './layout';

export type { Shape };

/** A tensor in HBM, by its name. The same name is the same tensor, of the same size, in every op that has it. */
export type TensorId = string;

/** The size of one tensor: `planes` matrices of rows x cols, row-major. */
export interface Extent {
  planes: number;
  rows: number;
  cols: number;
}

/**
 * Whose planes a tensor has: one for every query head of every sequence, one for every head of K and V, one for every
 * block of a pool, or one for all.
 */
export type Planes = 'heads' | 'kvHeads' | 'blocks' | 'one';

/** What is known of a tensor beside its numbers. */
export interface TensorInfo {
  planesOf: Planes;
  /** What its rows and its columns count. */
  axes: readonly [Axis, Axis];
}

/** A tensor of an op. */
export interface TensorSpec extends TensorInfo {
  extent(shape: Shape): Extent;
}

/** What is given to an op beside the sizes: Q, K and V of the problem, of which each op takes what it needs. */
export interface Problem {
  shape: Shape;
  inputs: Inputs;
  scale?: number;
}

/**
 * What is computed, whichever kernel does. Adding an op = a folder here, one line in ./index, and one in ./numbers for
 * what it is given and held against.
 */
export interface Op {
  id: string;
  name: Readonly<Record<Language, string>>;
  /** Each query row stands by itself: there are no keys, no mask, no heads of K and V. */
  rowwise?: true;
  /** All tensors that its kernels may bind. */
  tensors: Readonly<Record<TensorId, TensorSpec>>;
  /** What is given to it, as it is given: where K and V come as pools, those. */
  inputs(shape: Shape): readonly TensorId[];
  /** What the answer consists of, in the order in which it is checked and shown. */
  outputs: readonly TensorId[];
  /** Roles that only ever live on the chip. */
  chip?: readonly Role[];
}
