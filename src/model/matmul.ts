// Dense layers of the forward pass: Y = X · Wᵀ on plain arrays, in blocks whose sums V8 keeps in registers.

/**
 * `x[n, in] · w[out, in]ᵀ`, all row-major, as a new `[n, out]`. Sums run in f64 and are rounded to f32 once, on the
 * store. Four rows by four columns at a time: eight loads serve sixteen multiply-adds, and no sum waits for the one
 * before it.
 */
export function matmul(x: Float32Array, w: Float32Array, n: number, inputs: number, outputs: number): Float32Array {
  const y = new Float32Array(n * outputs);
  const fullRows = n & ~3;
  const fullOutputs = outputs & ~3;
  for (let o = 0; o < fullOutputs; o += 4) {
    for (let r = 0; r < fullRows; r += 4) block(x, w, inputs, outputs, r, o, y);
  }
  for (let r = 0; r < n; r++) {
    for (let o = r < fullRows ? fullOutputs : 0; o < outputs; o++) {
      y[r * outputs + o] = dot(x, r * inputs, w, o * inputs, inputs);
    }
  }
  return y;
}

/** The dot product of two runs of `length` values, in f64. */
export function dot(a: Float32Array, aAt: number, b: Float32Array, bAt: number, length: number): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    even += a[aAt + i]! * b[bAt + i]!;
    odd += a[aAt + i + 1]! * b[bAt + i + 1]!;
  }
  if (i < length) even += a[aAt + i]! * b[bAt + i]!;
  return even + odd;
}

/** Rows r..r+3 against columns o..o+3. Sixteen named sums, because an array would be kept in memory. */
function block(
  x: Float32Array,
  w: Float32Array,
  inputs: number,
  outputs: number,
  r: number,
  o: number,
  y: Float32Array,
): void {
  const r0 = r * inputs;
  const r1 = r0 + inputs;
  const r2 = r1 + inputs;
  const r3 = r2 + inputs;
  const o0 = o * inputs;
  const o1 = o0 + inputs;
  const o2 = o1 + inputs;
  const o3 = o2 + inputs;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (let i = 0; i < inputs; i++) {
    const w0 = w[o0 + i]!;
    const w1 = w[o1 + i]!;
    const w2 = w[o2 + i]!;
    const w3 = w[o3 + i]!;
    const x0 = x[r0 + i]!;
    s00 += x0 * w0;
    s01 += x0 * w1;
    s02 += x0 * w2;
    s03 += x0 * w3;
    const x1 = x[r1 + i]!;
    s10 += x1 * w0;
    s11 += x1 * w1;
    s12 += x1 * w2;
    s13 += x1 * w3;
    const x2 = x[r2 + i]!;
    s20 += x2 * w0;
    s21 += x2 * w1;
    s22 += x2 * w2;
    s23 += x2 * w3;
    const x3 = x[r3 + i]!;
    s30 += x3 * w0;
    s31 += x3 * w1;
    s32 += x3 * w2;
    s33 += x3 * w3;
  }
  const at = r * outputs + o;
  y[at] = s00;
  y[at + 1] = s01;
  y[at + 2] = s02;
  y[at + 3] = s03;
  y[at + outputs] = s10;
  y[at + outputs + 1] = s11;
  y[at + outputs + 2] = s12;
  y[at + outputs + 3] = s13;
  y[at + 2 * outputs] = s20;
  y[at + 2 * outputs + 1] = s21;
  y[at + 2 * outputs + 2] = s22;
  y[at + 2 * outputs + 3] = s23;
  y[at + 3 * outputs] = s30;
  y[at + 3 * outputs + 1] = s31;
  y[at + 3 * outputs + 2] = s32;
  y[at + 3 * outputs + 3] = s33;
}
