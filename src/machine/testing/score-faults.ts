/**
 * For tests: faults planted in what a window, softcap or ALiBi's bias adds to every kernel's text. Each is tried at
 * ordinary and at large logits, of more keys than queries, so that no two alignments agree.
 */
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { slopesOf } from '../../ops/sizes';
import { outliers, type Fault, type Magnitudes } from './faults';

/** A change of what is asked, the faults that it lets in, by kernel, and what they are tried with. */
interface Setting {
  faults(kernel: string): Record<string, Fault>;
  magnitudes: Magnitudes;
}

const wide: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 40, keys: 51, dim: 32, mask: 'full' };

function tried(change: Partial<Shape>, atLarge = change): Magnitudes {
  const ordinary: Shape = { ...wide, ...change };
  const large: Shape = { ...wide, dim: 128, ...atLarge };
  return {
    ordinary: { shape: ordinary, inputs: inputsOfPeers(ordinary, 3) },
    large: { shape: large, inputs: outliers(large, 3) },
  };
}

const isPaged = (kernel: string): boolean => kernel === 'paged';

/** The first file is the kernels', the second that of `paged`, which looks its request's keys up. */
const edges = (kernel: string): Record<string, Fault> => {
  const [left, right] = isPaged(kernel) ? ['paged.wgsl', 'paged.wgsl'] : ['lib/window.wgsl', 'lib/mask.wgsl'];
  const [own, rows] = isPaged(kernel) ? ['i + seq.y', 'rows'] : ['i + NK', 'NQ'];
  const first = `max(${own}, ${rows} + LEFT) - ${rows} - LEFT`;
  const end = `max(${own.replace('i', 'i + 1u')} + RIGHT, ${rows}) - ${rows}`;
  return {
    'window off by one: a key less before': [left, first, `max(${own} + 1u, ${rows} + LEFT) - ${rows} - LEFT`],
    'window off by one: a key more before': [left, first, `max(${own}, ${rows} + LEFT + 1u) - ${rows} - LEFT - 1u`],
    'window off by one: a key less after': [right, end, `max(${own} + RIGHT, ${rows}) - ${rows}`],
    'window off by one: a key more after': [right, end, end.replace('1u', '2u')],
  };
};

const CAP = 'lib/softcap.wgsl';
const capped: Record<string, Fault> = {
  'softcap ignored': [CAP, 'return SOFTCAP * sign(s) *', 'return s + 0.0 * SOFTCAP *'],
  'softcap without its factor': [CAP, 'SOFTCAP * sign(s)', 'sign(s)'],
  'softcap without its sign': [CAP, 'SOFTCAP * sign(s)', 'SOFTCAP'],
  'a wrong polynomial': [CAP, '1.33314422036e-1', '1.33314422036e-2'],
};

/** The kernel's own file, and how its text reads the slope and takes the bias off. */
const OWN: Record<string, readonly [file: string, plane: string, distance: string]> = {
  naive: ['naive-scores.wgsl', 'plane', 'abs(ownKey(i) - f32(j))'],
  flash2: ['flash2.wgsl', 'plane', 'abs(own - f32(j))'],
  flash1: ['flash1.wgsl', 'plane', 'abs(ownKey(q0 + r)'],
  'flash-fast': ['flash-fast.wgsl', 'plane', 'abs(own - f32(k0 + j))'],
  'flash-fast-shared': ['flash-fast-shared.wgsl', 'plane', 'abs(ownKey('],
  decode: ['decode.wgsl', 'block.z', 'abs(own - f32(k0 + j))'],
  'decode-split': ['decode.wgsl', 'block.z', 'abs(own - f32(k0 + j))'],
  paged: ['decode.wgsl', 'block.z', 'abs(own - f32(k0 + j))'],
};

function biased(kernel: string): Record<string, Fault> {
  const [file, plane, distance] = OWN[kernel]!;
  const [place, own, rows] = isPaged(kernel)
    ? ['paged.wgsl', 'i + seq.y', 'f32(rows)']
    : ['lib/alibi.wgsl', 'i + NK', 'f32(NQ)'];
  return {
    'bias aligned top-left': [place, `f32(${own}) - ${rows}`, 'f32(i)'],
    'bias a token off': [place, `f32(${own})`, `f32(${own} + 1u)`],
    'slope of another head': [file, `SLOPES[${plane} % HEADS]`, `SLOPES[(${plane} + 1u) % HEADS]`],
    'distance with its sign': [file, distance, distance.slice('abs'.length)],
    'bias ignored': [file, distance, distance.replace('abs(', '0.0 * abs(')],
  };
}

export const SETTINGS: Record<'window' | 'softcap' | 'alibi', Setting> = {
  window: { faults: edges, magnitudes: tried({ mask: 'window-9-2' }) },
  // At large logits, too, one that bends scores: they are near -2e4.
  softcap: { faults: () => capped, magnitudes: tried({ softcap: 3 }, { softcap: 5e4 }) },
  alibi: { faults: biased, magnitudes: tried({ alibi: slopesOf(2) }) },
};
