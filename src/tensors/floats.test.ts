/** Half floats and bfloat16: all 65,536 values of each against the definition of the format, in exact arithmetic. */
import { describe, expect, test } from 'vitest';
import { bf16, f16, toF32 } from './floats';

/**
 * The value that the bits of an IEEE 754 format stand for, by the definition: (-1)^s · 2^(e - bias) · 1.f, or · 0.f
 * with e = 1 for e = 0.
 */
function byDefinition(bits: number, exponentBits: number, fractionBits: number): number {
  const text = bits.toString(2).padStart(1 + exponentBits + fractionBits, '0');
  const exponent = Number.parseInt(text.slice(1, 1 + exponentBits), 2);
  const fraction = Array.from(text.slice(1 + exponentBits)).reduce(
    (sum, digit, i) => sum + (digit === '1' ? 2 ** -(i + 1) : 0),
    0,
  );
  const sign = text[0] === '1' ? -1 : 1;
  const most = 2 ** exponentBits - 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === most) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

describe.each([
  { dtype: 'f16' as const, value: f16, exponent: 5, fraction: 10 },
  { dtype: 'bf16' as const, value: bf16, exponent: 8, fraction: 7 },
])('$dtype', ({ dtype, value, exponent, fraction }) => {
  test('each of the 65,536 values is the exact one, the sign of zero included', () => {
    const converted = toF32(new Uint8Array(all.buffer), dtype);
    expect(converted.rounding).toBe(0);
    const wrong = [...all].filter((bits) => {
      const want = byDefinition(bits, exponent, fraction);
      return !Object.is(value(bits), want) || !Object.is(converted.data[bits], want);
    });
    expect(wrong).toEqual([]);
  });

  test('values count up with the bits, so none is there twice', () => {
    const finite = [...all.subarray(0, (2 ** exponent - 1) * 2 ** fraction)].map(value);
    expect(finite.every((x, i) => i === 0 || x > finite[i - 1]!)).toBe(true);
  });
});

test('f64 is rounded to the nearest f32, and says by how much at most', () => {
  const wide = Float64Array.of(1, 0.1, -1 / 3, 2 ** -149);
  const { data, rounding } = toF32(new Uint8Array(wide.buffer), 'f64');
  expect([...data]).toEqual([...wide].map(Math.fround));
  expect(rounding).toBe(Math.max(Math.abs(0.1 - Math.fround(0.1)), Math.abs(1 / 3 - Math.fround(1 / 3))));
});

test('bytes may begin anywhere', () => {
  const bytes = new Uint8Array(4 * 3 + 1);
  bytes.set(new Uint8Array(Float32Array.of(1, -2, 3.5).buffer), 1);
  expect([...toF32(bytes.subarray(1), 'f32').data]).toEqual([1, -2, 3.5]);
});
