// What may be changed in a forward pass of the small model. Where nothing is, the pass is the plain one, bit for bit.
import { AttnError } from '../errors';
import type { HeadChoice } from './passage';
import type { ModelConfig } from './weights';

/** Numbers on a grid of 2^bits − 1 steps, symmetric about 0; one scale for all that `per` names. */
export interface Rounding<Per extends string> {
  /** 2 to 16. */
  readonly bits: number;
  readonly per: Per;
}

export interface PassOptions {
  /** `full`: every token sees every token, also later ones. Causal by default, as the model was trained. */
  readonly mask?: 'full';
  /** No rotary turn of Q and K at all, or every position moved on by so many. */
  readonly rope?: 'off' | number;
  /** Of the scores; 1 / sqrt(d) by default. */
  readonly scale?: number;
  /** The first so many layers, then the output at once. */
  readonly layers?: number;
  /** Heads that add nothing to the stream. */
  readonly ablate?: readonly HeadChoice[];
  /** So many KV heads: K and V of each group of query heads are replaced by their mean (Ainslie et al. 2023). */
  readonly groups?: number;
  /** All matrices but the embedding. A row is one output. */
  readonly weights?: Rounding<'tensor' | 'row'>;
  /** What goes into each of these matrices. A token is one row. */
  readonly activations?: Rounding<'tensor' | 'token'>;
  /** K (turned) and V of every head. `channel`: K by channel, V by token (Liu et al. 2024). */
  readonly kv?: Rounding<'tensor' | 'token' | 'channel'>;
}

export const BITS = [2, 16] as const;
/** Positions beyond what f32 turns exactly would show the rounding of the angle. */
export const OFFSETS = [0, 4096] as const;
export const SCALES = [0, 10] as const;

/** Whether nothing is changed. */
export const isPlain = (options: PassOptions): boolean =>
  Object.values(options).every((value) => value === undefined || (Array.isArray(value) && value.length === 0));

/**
 * Holds options against the model they are for.
 * @throws AttnError `shape-invalid` (details: field, value, expected)
 */
export function checkOptions(options: PassOptions, { layers, heads }: ModelConfig): void {
  const { layers: depth, groups, scale, rope, ablate = [] } = options;
  const need = (holds: boolean, field: string, value: number | string, expected: string): void => {
    if (!holds) throw new AttnError('shape-invalid', { field, value, expected });
  };
  const within = (x: number, [low, high]: readonly [number, number]): boolean => x >= low && x <= high;
  const whole = (x: number, range: readonly [number, number]): boolean => Number.isInteger(x) && within(x, range);
  if (depth !== undefined) need(whole(depth, [1, layers]), 'layers', depth, `1 – ${layers}`);
  if (groups !== undefined)
    need(whole(groups, [1, heads]) && heads % groups === 0, 'groups', groups, `a divisor of ${heads}`);
  if (scale !== undefined) need(within(scale, SCALES), 'scale', scale, SCALES.join(' – '));
  if (typeof rope === 'number') need(whole(rope, OFFSETS), 'rope', rope, OFFSETS.join(' – '));
  for (const { layer, head } of ablate) {
    need(whole(layer, [0, layers - 1]), 'ablate', `${layer}.${head}`, `0 – ${layers - 1}`);
    need(whole(head, [0, heads - 1]), 'ablate', `${layer}.${head}`, `0 – ${heads - 1}`);
  }
  for (const field of ['weights', 'activations', 'kv'] as const) {
    const bits = options[field]?.bits;
    if (bits !== undefined) need(whole(bits, BITS), field, bits, BITS.join(' – '));
  }
}
