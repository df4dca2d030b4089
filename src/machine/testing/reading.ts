/** For tests: values of a trace by the names that people know, read from its state alone. */
import type { CapturedWorkgroup, TracePass } from '../../trace/trace';
import { filledAt } from '../../trace/trace';
import { placeIn, type Role } from '../../ops/layout';
import type { PassSpec } from '../../kernels/card';

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The f32 of some bits. */
export function floatOf(bits: number): number {
  word[0] = bits;
  return float[0]!;
}

/** Executed phases of a workgroup with a name, in order. */
export const phasesNamed = (pass: TracePass, captured: CapturedWorkgroup, name: string): number[] =>
  [...captured.order.keys()].filter((k) => pass.phases[captured.order[k]!]!.name === name);

/**
 * An array's values as they stand after executed phase k, laid out and scaled by the card's role: [row * cols + col];
 * NaN where nothing was written. `as` names what it holds then, where its role is not always the same.
 */
export function matrixAt(
  pass: TracePass,
  spec: PassSpec,
  captured: CapturedWorkgroup,
  name: string,
  k: number,
  as?: Role,
): Float64Array {
  const info = pass.arrays.find((array) => array.name === name)!;
  const layout = spec.layouts[name]!;
  const { role, rows, cols, factors } = layout;
  const factor = factors?.[as ?? (typeof role === 'string' ? role : 'other')] ?? 1;
  const out = new Float64Array(rows * cols).fill(Number.NaN);
  const filled = filledAt(captured.arrays[info.id]!, k);
  filled?.bits.forEach((bits, i) => {
    if (!filled.writer[i]) return;
    const at = placeIn(layout, i % info.length, Math.floor(i / info.length));
    if (at) out[at[0] * cols + at[1]] = floatOf(bits) * factor;
  });
  return out;
}

/** Bytes that a pass requested, by buffer and direction, from its totals over all workgroups. */
export function requestedBy(pass: TracePass): Record<string, number> {
  const sums: Record<string, number> = {};
  const stride = pass.sites.length * 3;
  for (const { id, buffer, mode, bytes } of pass.sites) {
    for (let i = id * 3; i < pass.totals.length; i += stride) {
      for (const direction of mode === 'both' ? ['load', 'store'] : [mode]) {
        const key = `${buffer} ${direction}`;
        sums[key] = (sums[key] ?? 0) + pass.totals[i]! * bytes;
      }
    }
  }
  return sums;
}

/** Bytes requested from HBM by all passes. */
export function storageBytes(passes: readonly TracePass[]): { loads: number; stores: number } {
  const sum = { loads: 0, stores: 0 };
  for (const pass of passes) {
    const storage = { ...pass, sites: pass.sites.filter(({ space }) => space === 'storage') };
    const wanted = new Set(storage.sites.map(({ buffer }) => buffer));
    for (const [key, bytes] of Object.entries(requestedBy(pass))) {
      const [buffer, direction] = key.split(' ');
      if (!wanted.has(buffer!)) continue;
      if (direction === 'load') sum.loads += bytes;
      else sum.stores += bytes;
    }
  }
  return sum;
}
