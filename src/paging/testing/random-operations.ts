/**
 * Random configurations and operations for the property tests: numbers that fast-check draws and shrinks, read against
 * a state.
 */
import fc from 'fast-check';
import type { Config, Operation, RuleSet, State } from '../types';

/** Small pools in which everything happens often: refusals, sharing, preemption, swapping and windows. */
export const configs = (rules: RuleSet): fc.Arbitrary<Config> =>
  fc
    .record({
      blockSize: fc.integer({ min: 1, max: 4 }),
      blocks: fc.integer({ min: 3, max: 14 }),
      cpuBlocks: fc.integer({ min: 0, max: 16 }),
      preemption: fc.constantFrom<Config['preemption']>('auto', 'recompute', 'swap', 'swap'),
      victim: fc.constantFrom<Config['victim']>('last', 'most-blocks', 'fewest-computed'),
      watermark: fc.constantFrom(0, 0.1, 0.25),
      budget: fc.integer({ min: 1, max: 12 }),
      maxRunning: fc.integer({ min: 1, max: 5 }),
      sharing: fc.constantFrom(true, true, false),
      window: fc.constantFrom(0, 0, 1, 3, 6),
      seed: fc.nat(99),
      shuffle: fc.nat(99),
    })
    .map((random): Config => ({ ...random, rules, vocabulary: 2, maxLength: 24 }));

/** What `operationOf` reads. */
export const codes = fc.array(fc.nat(0x7fff_ffff), { maxLength: 18, size: 'max' });

/**
 * The operation that a number stands for in a state. Prompts are short words of two letters, so prefixes are often
 * shared.
 */
export function operationOf(code: number, state: State): Operation {
  const pick = (shift: number, options: number) => (code >>> shift) % options;
  const tokens = (length: number) => Array.from({ length }, (_, i) => ((code >>> 12) >>> (i % 7 === 0 ? 3 : 0)) & 1);
  const request = pick(4, Math.max(1, state.requests.length));
  const kind = code % 16;
  if (kind < 4) {
    const prompt = tokens(pick(4, 12));
    const salt = pick(20, 8) === 0 ? 'salt' : '';
    return {
      op: 'add',
      name: 'r',
      prompt,
      generate: pick(8, 10),
      source: pick(16, 4) === 0 ? 'outside' : 'seeded',
      salt,
    };
  }
  if (kind === 4) return { op: 'append', request, tokens: tokens(1 + pick(8, 5)) };
  // Swapping needs groups.
  if (kind < (state.config.rules === 'paper' ? 9 : 7))
    return { op: 'fork', request, name: 'f', ...(pick(9, 3) === 0 && { token: pick(10, 2) }) };
  if (kind === 9) return { op: 'free', request };
  return { op: 'step' };
}
