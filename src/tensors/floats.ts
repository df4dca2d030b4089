// The number formats that a tensor file may hold, each converted to f32: exactly where f32 has the value, rounded to
// nearest where it has not.

/** Number formats that can be read. */
export type Dtype = 'f64' | 'f32' | 'f16' | 'bf16';

/** Bytes of one number. */
export const widthOf: Readonly<Record<Dtype, 2 | 4 | 8>> = { f64: 8, f32: 4, f16: 2, bf16: 2 };

const scratch = new DataView(new ArrayBuffer(4));

/** The value of a brain float: the upper half of an f32, so every value is exact. */
export function bf16(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** The value of an IEEE 754 half: 1 sign, 5 exponent and 10 fraction bits. f32 has every one of them. */
export function f16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** A tensor's numbers as f32, and the largest change that rounding made (0 unless they were f64). */
export interface Converted {
  data: Float32Array;
  rounding: number;
}

/** 65,536 values at most: each is worked out once. */
const tables: Partial<Record<'f16' | 'bf16', Float32Array>> = {};

function expand(bytes: Uint8Array<ArrayBuffer>, dtype: 'f16' | 'bf16'): Float32Array {
  const table = (tables[dtype] ??= Float32Array.from({ length: 65_536 }, (_, bits) => (dtype === 'f16' ? f16(bits) : bf16(bits))));
  const bits = new Uint16Array(bytes.buffer);
  const data = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) data[i] = table[bits[i]!]!;
  return data;
}

/**
 * Little-endian numbers as f32.
 * @param bytes at any alignment; a whole number of values
 */
export function toF32(bytes: Uint8Array<ArrayBuffer>, dtype: Dtype): Converted {
  // A copy starts where any array may be laid over it.
  const own = bytes.slice();
  if (dtype === 'f32') return { data: new Float32Array(own.buffer), rounding: 0 };
  if (dtype !== 'f64') return { data: expand(own, dtype), rounding: 0 };
  const wide = new Float64Array(own.buffer);
  const data = new Float32Array(wide);
  let rounding = 0;
  for (let i = 0; i < wide.length; i++) {
    const change = Math.abs(wide[i]! - data[i]!);
    if (change > rounding && change < Infinity) rounding = change;
  }
  return { data, rounding };
}
