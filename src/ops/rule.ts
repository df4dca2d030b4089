// The contract of an op's rules: how each kind of its cells came about, told with the numbers that were captured. A
// rule knows the op; where the numbers lie, and when they were written, is the reader's.
import type { Axis, Role } from './layout';
import type { Sizes } from './sizes';

/** Symbols as people read them; numbers between them are written by whoever shows it. */
export type Text = string | readonly (string | number)[];

/** Rows and columns of a matrix, both ends included. */
export interface Cells {
  r0: number;
  r1: number;
  c0: number;
  c1: number;
}

/** A part of a sum: its factors as captured. */
export interface Term {
  label: string;
  factors: readonly number[];
  product: number;
}

/** Cells of another matrix that went in; of another plane than the cell's where `plane` says so. */
export interface Input {
  tensor: Role;
  rect: Cells;
  plane?: number;
}

/** The arithmetic behind one cell. */
export interface Sum {
  /** The rule in symbols: 'exp(s − m)'. */
  symbols: Text;
  /** None where they are not all known. */
  terms: readonly Term[];
  inputs: readonly Input[];
  /** What the terms come to, in f64. */
  computed?: number;
  /** The rule on one line, # for the product of each term, where it is no long sum: 'exp(# − #)'. */
  inNumbers?: string;
  /** What all terms are multiplied by, in symbols. */
  times?: Text;
  /** What stands before and after the sum and its factor, where the number is made of more than that. */
  around?: readonly [Text, Text];
  /** The size of what was added up: what f32 rounds away is a part of it, however little is left after cancelling. */
  size?: number;
}

/**
 * What a rule may ask. Its numbers are those that stood there when the cell was written: by its last write at or before
 * the cursor; where it is not written, at the cursor.
 */
export interface Reader {
  readonly shape: Sizes;
  /** The factor of the scores, and how it is written: '/ √64', or a times sign and its number. */
  readonly scale: number;
  readonly scaled: readonly (string | number)[];
  /** The plane of Q that the workgroup was at. */
  readonly plane: number;
  /** Where the cell's value is; undefined where it has none. */
  readonly where: 'hbm' | 'chip' | undefined;
  /** How often the loop around the write had gone round before. */
  readonly round: number;
  /** The planes of Q that share the cell's plane of K. */
  readonly sharers: readonly number[];
  /** Where this run keeps a role: in HBM, or on the chip in the pass that wrote the cell. */
  holds(role: Role): 'hbm' | 'chip' | undefined;
  /** A number of another role, in HBM where it is there, else on the chip. `plane`: of another plane of Q. */
  value(role: Role, row: number, col: number, plane?: number): number | undefined;
  /** The same as it stood on the chip. */
  chip(role: Role, row: number, col: number): number | undefined;
  /** What stood on the chip before the phase that wrote the cell. */
  before(role: Role, row: number, col: number): number | undefined;
  /** What stood in HBM before the phase that wrote the cell, of a tensor that is rewritten there. */
  stored(role: Role, row: number, col: number): number | undefined;
  /** The part of a role's matrix that was at hand: all of one in HBM, the tile of one on the chip. */
  span(role: Role): Cells | undefined;
  /** The plane that was at hand of a role: not the cell's where a workgroup goes through several that share K and V. */
  planeOf(role: Role): number | undefined;
  /** Whether a query may see a key. */
  sees(row: number, key: number): boolean;
}

/** How the cell [row, col] of a role came about. */
export type Rule = (read: Reader, row: number, col: number) => Sum;

/** What there is to know of a role beside its tensor. */
export interface RoleInfo {
  /** What its rows and columns count, where it only lives on the chip. */
  axes?: readonly [Axis, Axis];
  /** Its sign, where that is not its name. */
  sign?: string;
  /** Where its numbers lie, where they are never negative: from 0 to 1, or from 0 up. */
  range?: 'unit' | 'up';
}

/**
 * What each role of a softmax by rows is called; `maxInHbm` and `sumInHbm` are tensors, where those are kept in HBM from
 * tile to tile.
 */
export type SoftmaxRoles = Readonly<
  Record<
    'scores' | 'weights' | 'max' | 'sum' | 'maxInHbm' | 'sumInHbm' | 'rescale' | 'out' | 'queries' | 'keys' | 'values',
    Role
  >
>;

/** What an op knows of its cells beyond what the first picture needs. */
export interface OpRules {
  /** How they came about, by role. One without a rule is only shown. */
  rules: Readonly<Record<Role, Rule>>;
  roles?: Readonly<Record<Role, RoleInfo>>;
  /** Where rows go through a softmax, at once or tile by tile. */
  softmax?: SoftmaxRoles;
}

export const cells = (r0: number, r1: number, c0: number, c1: number): Cells => ({ r0, r1, c0, c1 });
/** One number of a row, and one cell. */
export const cell = (row: number, col = 0): Cells => cells(row, row, col, col);

export const term = (label: string, ...factors: number[]): Term => ({
  label,
  factors,
  product: factors.reduce((a, b) => a * b, 1),
});

/** A sum of products: what they come to, and how large they are; nothing where there are none. */
export function added(terms: readonly Term[] = [], factor = 1): Pick<Sum, 'terms' | 'computed' | 'size'> {
  if (terms.length === 0) return { terms };
  let [sum, size] = [0, 0];
  for (const { product } of terms) {
    sum += product;
    size += Math.abs(product);
  }
  return { terms, computed: sum * factor, size: size * Math.abs(factor) };
}

/** What `made` gives for from ... to, or nothing where one of it is not known. */
export function all<T>(from: number, to: number, made: (i: number) => T | undefined): T[] | undefined {
  const found: T[] = [];
  for (let i = from; i <= to; i++) {
    const one = made(i);
    if (one === undefined) return undefined;
    found.push(one);
  }
  return found;
}

/** A term of numbers that may not be known. */
export const termOf = (label: string, ...factors: readonly (number | undefined)[]): Term | undefined =>
  factors.some((factor) => factor === undefined) ? undefined : term(label, ...(factors as number[]));

/** A rule on one line: its numbers in order, and what they come to. None where one of them is not known. */
export function onOneLine(
  symbols: Text,
  inNumbers: string,
  inputs: readonly Input[],
  given: readonly (readonly [label: string, value: number | undefined])[],
  computed: (...values: number[]) => number,
): Sum {
  const terms = all(0, given.length - 1, (i) => termOf(...(given[i] as [string, number | undefined])));
  if (!terms) return { symbols, inNumbers, terms: [], inputs };
  return { symbols, inNumbers, terms, inputs, computed: computed(...terms.map(({ product }) => product)) };
}

/** A row of one matrix times a row of another: [row] of `a` and [other] of `b`, over their columns. */
export function dotOfRows(
  read: Reader,
  [a, row]: readonly [Role, number],
  [b, other]: readonly [Role, number],
): Pick<Sum, 'terms' | 'inputs'> {
  const last = read.shape.dim - 1;
  const terms = all(0, last, (c) => termOf(`${c}`, read.value(a, row, c), read.value(b, other, c)));
  return {
    terms: terms ?? [],
    inputs: [inputOf(read, a, cells(row, row, 0, last)), inputOf(read, b, cells(other, other, 0, last))],
  };
}

/** Cells that went in, with the plane that was at hand where it is not the cell's. */
export function inputOf(read: Reader, tensor: Role, rect: Cells): Input {
  const plane = read.planeOf(tensor);
  return plane === undefined ? { tensor, rect } : { tensor, rect, plane };
}

/** The columns of a span that a row may see, or none. */
export function seenIn(read: Reader, row: number, { c0, c1 }: Cells): readonly [number, number] | undefined {
  let [from, to] = [c0, c1];
  while (from <= to && !read.sees(row, from)) from++;
  while (to >= from && !read.sees(row, to)) to--;
  return from <= to ? [from, to] : undefined;
}
