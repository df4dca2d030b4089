// The number formats of tensor files, each converted to f32: exactly when f32 has the value, else rounded to nearest.

/** Number formats that can be read. */
export type Dtype = 'f64' | 'f32' | 'f16' | 'bf16';

/** Bytes of one number. */
export const widthOf: Readonly<Record<Dtype, 2 | 4 | 8>> = { f64: 8, f32: 4, f16: 2, bf16: 2 };

const scratch = new DataView(new ArrayBuffer(4));

/** The value of a bfloat16: the upper half of an f32, so every value is exact. */
export function bf16(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** The value of an IEEE 754 half: 1 sign, 5 exponent and 10 fraction bits. f32 has all of these values. */
export function f16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** A tensor's numbers as f32, and the largest change by rounding (0 unless they were f64). */
export interface Converted {
  data: Float32Array;
  rounding: number;
}

/** At most 65,536 values: each is computed once. */
const tables: Partial<Record<'f16' | 'bf16', Float32Array>> = {};

function expand(bytes: Uint8Array<ArrayBuffer>, dtype: 'f16' | 'bf16'): Float32Array {
  const table = (tables[dtype] ??= Float32Array.from({ length: 65_536 }, (_, bits) =>
    dtype === 'f16' ? f16(bits) : bf16(bits),
  ));
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
  // A copy is aligned for any typed array.
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
