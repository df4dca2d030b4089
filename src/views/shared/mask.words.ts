// The masks by name.
import type { Mask } from '../../ops/attention/shape';
import type { Dictionary } from '../../words';

/** The masks, where a shape is told in one short line. */
export const maskNames = {
  causal: { en: 'causal', zh: '因果' },
  full: { en: 'full', zh: '无掩码' },
} as const satisfies Dictionary & Record<Mask, Dictionary[string]>;
