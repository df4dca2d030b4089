// Whether an answer is right, by one rule for every op and kernel: off from f64 by at most twice what plain f32
// arithmetic is, and a little. An op supplies both references by rows of its outputs, and why f32 may not hold a row.
// No GPU.
import { AttnError, spelledInJson } from '../errors';

/** A number may be off by this, relative to 1 + the largest number wanted, beside what f32 itself is off by. */
export const TOLERANCE = 4e-6;

/**
 * Multiply-adds that a check spends: of a picture, of an answer that somebody asked for, and of a run that is timed.
 */
export const CHECK_WORK = { picture: 2e7, answer: 2e8, timed: 5e6 } as const;

/** Relative to 1 + the largest number wanted: an error of plain f32 that is worth a warning. */
const WORTH_SAYING = 1e-4;

/** The outputs of an op by name, row-major. */
export type Outputs = Readonly<Record<string, Float32Array>>;

/** Rows of one output as they should be, and as plain f32 arithmetic has them: each [rows, width]. */
export interface ReferenceOutput {
  width: number;
  want: Float64Array;
  f32: Float32Array;
  /**
   * Where a number should be at or below this, any that is at or below it is as right, and says nothing of how large
   * numbers are.
   */
  floor?: number;
}

/** Some rows, by their number in the answer, of outputs that have as many. */
export interface Reference<Name extends string = string> {
  rows: number[];
  outputs: Readonly<Record<Name, ReferenceOutput>>;
}

/**
 * What f32 cannot hold, or no longer tells apart. `row` is a row that it holds for, `count` how many numbers or rows.
 */
export interface CheckWarning<Limit extends string = never> {
  code: Limit | 'not-finite' | 'lost-precision';
  row: number;
  count: number;
}

/** An answer held against f64. */
export interface Checked<Limit extends string = never> {
  /** max |got - f64| over the first output; Infinity where a number is none. */
  max: number;
  /** The same of a plain f32 reference. */
  f32: number;
  /** What `max` may be. */
  bound: number;
  /** Rows that were checked. */
  rows: number;
  warnings: CheckWarning<Limit>[];
  /** What is wrong and no limit of f32 accounts for: the tensor, how far it is off and how far it may be. */
  wrong?: { tensor: string; error: number; bound: number };
}

/** Evenly spread rows of `rows`, at most `most` of them; all where that is enough. */
export function spreadRows(rows: number, most: number): number[] {
  const count = Math.min(rows, most);
  return Array.from({ length: count }, (_, n) => (count === 1 ? 0 : Math.round((n * (rows - 1)) / (count - 1))));
}

/** All rows of outputs as a reference of them. */
export function referenceOfAll<Name extends string>(
  rows: number,
  want: Readonly<Record<Name, Float64Array>>,
  f32: Readonly<Record<NoInfer<Name>, Float32Array>>,
): Reference<Name> {
  const outputs = Object.entries<Float64Array>(want).map(([name, numbers]): [string, ReferenceOutput] => [
    name,
    { width: numbers.length / rows, want: numbers, f32: f32[name as Name] },
  ]);
  return {
    rows: Array.from({ length: rows }, (_, row) => row),
    outputs: Object.fromEntries(outputs) as Reference<Name>['outputs'],
  };
}

/** Two references of the same outputs, one behind the other. */
export function joined<Name extends string>(a: Reference<Name>, b: Reference<Name>): Reference<Name> {
  const join = <T extends Float32Array | Float64Array>(x: T, y: T): T => {
    const out = new (x.constructor as new (length: number) => T)(x.length + y.length);
    out.set(x);
    out.set(y, x.length);
    return out;
  };
  const outputs = Object.entries<ReferenceOutput>(a.outputs).map(([name, mine]): [string, ReferenceOutput] => {
    const { want, f32 } = b.outputs[name as Name];
    return [name, { ...mine, want: join(mine.want, want), f32: join(mine.f32, f32) }];
  });
  return { rows: [...a.rows, ...b.rows], outputs: Object.fromEntries(outputs) as Reference<Name>['outputs'] };
}

const largestOf = (values: ArrayLike<number>, floor = -Infinity): number => {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > floor) most = Math.max(most, Math.abs(values[i]!));
  return most;
};

const boundFor = (f32: number, largest: number): number =>
  (Number.isFinite(f32) ? 2 * f32 : 0) + TOLERANCE * (1 + largest);

/**
 * The rule: what a kernel may be off by where plain f32 is off by `f32`. A reference that f32 itself cannot hold allows
 * nothing beyond the tolerance.
 */
export const boundOf = (f32: number, want: ArrayLike<number>): number => boundFor(f32, largestOf(want));

/**
 * max |got - want| over row n of a reference, where `got` has its row `row`; Infinity where a number is none, or
 * missing.
 * @param got an answer; plain f32 itself when absent, of which what should be at or below a floor is left out
 */
function rowError(
  { width, want, f32, floor = -Infinity }: ReferenceOutput,
  n: number,
  got?: ArrayLike<number>,
  row = n,
): number {
  const numbers = got ?? f32;
  let most = 0;
  for (let c = 0; c < width; c++) {
    const mine = numbers[row * width + c]!;
    const wanted = want[n * width + c]!;
    if (wanted <= floor && (!got || mine <= floor)) continue;
    const difference = Math.abs(mine - wanted);
    if (Number.isNaN(difference)) return Infinity;
    if (difference > most) most = difference;
  }
  return most;
}

/** How far an output is off in the rows that were checked. */
interface Side {
  tensor: string;
  of: ReferenceOutput;
  /** The largest number wanted. */
  largest: number;
  /** max |got - f64|, the same of plain f32, and what the first may be. */
  max: number;
  f32: number;
  bound: number;
}

function sidesOf({ rows, outputs }: Reference, answer: Outputs): Side[] {
  return Object.entries(outputs).map(([tensor, of]) => {
    const most = (error: (row: number, n: number) => number): number =>
      rows.reduce((max, row, n) => Math.max(max, error(row, n)), 0);
    const got = answer[tensor] ?? [];
    const max = most((row, n) => rowError(of, n, got, row));
    const f32 = most((_, n) => rowError(of, n));
    const largest = largestOf(of.want, of.floor);
    return { tensor, of, largest, max, f32, bound: boundFor(f32, largest) };
  });
}

/** Numbers of an answer that are none, with the first row that has one. */
function notFinite(sides: readonly Side[], answer: Outputs): { row: number; count: number } {
  let [count, first] = [0, -1];
  for (const { tensor, of } of sides) {
    const got = answer[tensor] ?? [];
    for (let i = 0; i < got.length; i++) {
      if (Number.isFinite(got[i])) continue;
      count++;
      if (first < 0) first = Math.floor(i / of.width);
    }
  }
  return { row: first, count };
}

/** The row of a reference that plain f32 is off by most in. */
function worstRow({ rows }: Reference, { of }: Side): number {
  const errors = rows.map((_, n) => rowError(of, n));
  return rows[errors.indexOf(Math.max(...errors))] ?? 0;
}

/**
 * Holds an answer against a reference.
 * @param limitsOf why f32 may not hold a row: asked for every row that is off; where it gives no reason, the answer is
 * wrong
 */
export function judgeRows<Limit extends string = never>(
  reference: Reference,
  answer: Outputs,
  limitsOf: (row: number) => readonly Limit[] = () => [],
): Checked<Limit> {
  const { rows } = reference;
  const sides = sidesOf(reference, answer);
  const off = rows.filter((row, n) =>
    sides.some(({ tensor, of, bound }) => !(rowError(of, n, answer[tensor] ?? [], row) <= bound)),
  );
  const warnings: CheckWarning<Limit>[] = [];
  const none = notFinite(sides, answer);
  if (none.count > 0) warnings.push({ code: 'not-finite', ...none });
  const note = (code: CheckWarning<Limit>['code'], row: number): void => {
    const known = warnings.find((warning) => warning.code === code);
    if (known) known.count++;
    else warnings.push({ code, row, count: 1 });
  };
  let unexplained = false;
  // Every one: a wrong row may stand behind any number of rows that f32 cannot hold. That costs no more than their
  // reference did.
  for (const row of off) {
    const limits = limitsOf(row);
    for (const limit of limits) note(limit, row);
    unexplained ||= limits.length === 0;
  }
  const first = sides[0]!;
  const { max, f32, bound, largest } = first;
  if (off.length === 0 && Number.isFinite(f32) && Math.max(max, f32) > WORTH_SAYING * (1 + largest))
    note('lost-precision', worstRow(reference, first));
  const worst = sides.find((side) => !(side.max <= side.bound));
  return {
    max,
    f32,
    bound,
    rows: rows.length,
    warnings,
    ...(unexplained && worst && { wrong: { tensor: worst.tensor, error: worst.max, bound: worst.bound } }),
  };
}

/** What an answer's `error` says: of its first output, over so many rows. */
export const errorOf = ({ max, f32, rows }: Checked<string>): Pick<Checked, 'max' | 'f32' | 'rows'> =>
  spelledInJson({ max, f32, rows });

/** Throws `check-failed` (kernel, tensor, error, bound, f32) where an answer is wrong. */
export function throwIfWrong(kernel: string, { wrong, f32 }: Checked<string>): void {
  if (wrong) throw new AttnError('check-failed', { kernel, ...wrong, f32 });
}
