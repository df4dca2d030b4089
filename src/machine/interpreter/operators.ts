/** What operators and built-in functions do with numbers, exactly as a device with 32-bit floats and integers would. */
import type { Scalar } from './memory';
import { cannotInterpret } from './memory';

type Binary = (a: number, b: number) => number;

/** A number as a scalar type holds it. */
export const rounding: Readonly<Record<Scalar, (x: number) => number>> = {
  f32: Math.fround,
  u32: (x) => x >>> 0,
  i32: (x) => x | 0,
  bool: (x) => (x ? 1 : 0),
};

/**
 * A number converted from one scalar type to another: floats to integers are cut off and kept in range (WGSL 15.7.6).
 */
export function converted(x: number, from: Scalar, to: Scalar): number {
  if (from === 'f32' && to === 'u32') return Math.min(Math.max(Math.trunc(x), 0), 2 ** 32 - 1);
  if (from === 'f32' && to === 'i32') return Math.min(Math.max(Math.trunc(x), -(2 ** 31)), 2 ** 31 - 1);
  return rounding[to](x);
}

const word = new DataView(new ArrayBuffer(4));
const write: Readonly<Record<Scalar, (x: number) => void>> = {
  f32: (x) => word.setFloat32(0, x),
  u32: (x) => word.setUint32(0, x),
  i32: (x) => word.setInt32(0, x),
  bool: (x) => word.setUint32(0, x),
};

/** The same 32 bits as another type. */
export function bitcast(from: Scalar, to: Scalar): (x: number) => number {
  if (from === to) return (x) => x;
  if (from !== 'f32' && to !== 'f32') return rounding[to];
  const read = {
    f32: () => word.getFloat32(0),
    u32: () => word.getUint32(0),
    i32: () => word.getInt32(0),
    bool: () => 0,
  }[to];
  return (x) => {
    write[from](x);
    return read();
  };
}

const flag = (x: boolean): number => (x ? 1 : 0);

export const comparisons: Readonly<Record<string, Binary>> = {
  '<': (a, b) => flag(a < b),
  '<=': (a, b) => flag(a <= b),
  '>': (a, b) => flag(a > b),
  '>=': (a, b) => flag(a >= b),
  '==': (a, b) => flag(a === b),
  '!=': (a, b) => flag(a !== b),
};

const float: Readonly<Record<string, Binary>> = {
  '+': (a, b) => Math.fround(a + b),
  '-': (a, b) => Math.fround(a - b),
  '*': (a, b) => Math.fround(a * b),
  '/': (a, b) => Math.fround(a / b),
  '%': (a, b) => Math.fround(a % b),
};

/** Division by zero gives the dividend, its remainder 0 (WGSL 8.7). */
const integer = (round: (x: number) => number): Readonly<Record<string, Binary>> => ({
  '+': (a, b) => round(a + b),
  '-': (a, b) => round(a - b),
  '*': (a, b) => round(Math.imul(a, b)),
  '/': (a, b) => (b === 0 ? a : round(Math.trunc(a / b))),
  '%': (a, b) => (b === 0 ? 0 : round(a % b)),
  '&': (a, b) => round(a & b),
  '|': (a, b) => round(a | b),
  '^': (a, b) => round(a ^ b),
  '<<': (a, b) => round(a << b),
});

const arithmetic: Readonly<Record<Scalar, Readonly<Record<string, Binary>>>> = {
  f32: float,
  u32: { ...integer(rounding.u32), '>>': (a, b) => a >>> b },
  i32: { ...integer(rounding.i32), '>>': (a, b) => a >> b },
  bool: { '&': (a, b) => a & b, '|': (a, b) => a | b },
};

/** An operator on two numbers of a type. Throws `cannot-interpret`. */
export function operation(operator: string, kind: Scalar): Binary {
  const found = comparisons[operator] ?? arithmetic[kind][operator];
  if (!found) throw cannotInterpret(`the operator ${operator} on ${kind}`);
  return found;
}

/** Built-in functions that work on each component by itself; results are rounded to the type by the caller. */
export const componentwise: Readonly<Record<string, (...x: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  clamp: (x = 0, low = 0, high = 0) => Math.min(Math.max(x, low), high),
  cos: Math.cos,
  exp: Math.exp,
  exp2: (x = 0) => 2 ** x,
  floor: Math.floor,
  fma: (a = 0, b = 0, c = 0) => a * b + c,
  fract: (x = 0) => x - Math.floor(x),
  inverseSqrt: (x = 0) => 1 / Math.sqrt(x),
  log: Math.log,
  log2: Math.log2,
  max: Math.max,
  min: Math.min,
  mix: (a = 0, b = 0, t = 0) => a * (1 - t) + b * t,
  pow: Math.pow,
  round: (x = 0) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
  sign: Math.sign,
  sin: Math.sin,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  trunc: Math.trunc,
};

/** What an atomic function leaves in memory. */
export const atomics: Readonly<Record<string, Binary>> = {
  atomicStore: (_old, x) => x,
  atomicExchange: (_old, x) => x,
  atomicAdd: (old, x) => old + x,
  atomicSub: (old, x) => old - x,
  atomicMax: Math.max,
  atomicMin: Math.min,
  atomicAnd: (old, x) => old & x,
  atomicOr: (old, x) => old | x,
  atomicXor: (old, x) => old ^ x,
};
