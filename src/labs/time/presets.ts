// Settings at a click: lists of lengths, and what suits one query or as many as keys. Only the lab itself needs them, a
// link does not.
import type { Entrant } from '../../bench/entrant';
import { KERNELS, otherKernel } from '../../kernels';
import { OPENING } from '../../kernels/defaults';
import { defaultTime, type TimeSettings } from './settings';

/**
 * Lengths at a click: a short list and a long one. One query is over a long one in the time that many take over a short
 * one.
 */
export const PRESETS = {
  all: { quick: defaultTime.lengths, long: [64, 128, 256, 512, 1024, 2048] },
  one: { quick: [256, 1024, 4096], long: [256, 512, 1024, 2048, 4096, 8192, 16384] },
} as const satisfies Record<string, Record<string, readonly number[]>>;

/** What answers one query, beside the standard kernel: those made for it. */
const forOne: readonly Entrant[] = [
  otherKernel(OPENING),
  ...KERNELS.filter(({ decoding }) => decoding).map(({ id }) => id),
];

const same = (a: readonly unknown[], b: readonly unknown[]): boolean => a.join() === b.join();

/**
 * One query, or as many as keys: kernels and lengths that nobody chose give way to those that suit; what was chosen
 * stays.
 */
export function withQueries(settings: TimeSettings, decoding: boolean): TimeSettings {
  const { kernels, lengths } = settings;
  const [from, to] = decoding
    ? [defaultTime, { kernels: forOne, lengths: PRESETS.one.quick }]
    : [{ kernels: forOne, lengths: PRESETS.one.quick }, defaultTime];
  return {
    ...settings,
    decoding,
    kernels: same(kernels, from.kernels) ? [...to.kernels] : kernels,
    lengths: same(lengths, from.lengths) ? [...to.lengths] : lengths,
  };
}
