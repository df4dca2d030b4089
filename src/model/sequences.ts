// The token sequences that the worker remembers: the next call for one of them computes only what is new.
import { cutCache, emptyCache, extend, type KvCache } from './cache';
import type { HeadInput } from './layers';
import type { HeadChoice } from './passage';
import { drawToken, type Draw } from './sampling';
import type { Model } from './sentence';

/** The token after a sequence, and one head's Q, K and V of the sequence. Computed from the trained weights. */
export interface Next {
  readonly token: number;
  readonly label: string;
  /** Its probability, 0..1. */
  readonly probability: number;
  /** Each [N, d], N = tokens of the sequence without the next one. */
  readonly states: HeadInput;
}

interface Sequence {
  cache: KvCache;
  logits: Float32Array;
}

/** How many sequences are kept; the least recently used is dropped first. */
const KEPT = 8;

const commonPrefix = (a: readonly number[], b: readonly number[]): number => {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
};

/** @returns a function that answers for a sequence; it throws AttnError as `extend` does */
export function createSequences({
  weights,
  tokenizer,
}: Model): (ids: readonly number[], head: HeadChoice, draw: Draw) => Next {
  const { config } = weights;
  const kept: Sequence[] = [];

  const read = (ids: readonly number[]): Sequence => {
    const shared = (of: Sequence | undefined): number => (of ? commonPrefix(of.cache.ids, ids) : 0);
    const best = kept.reduce<Sequence | undefined>((most, one) => (shared(one) > shared(most) ? one : most), undefined);
    const common = shared(best);
    if (best && common === ids.length && common === best.cache.ids.length) {
      kept.splice(kept.indexOf(best), 1);
      kept.push(best);
      return best;
    }
    // When all tokens are known, the last one is computed again for its logits.
    const start = Math.min(common, ids.length - 1);
    const goesOn = best && start === best.cache.ids.length;
    const from = goesOn ? best.cache : best ? cutCache(best.cache, Math.max(0, start), config) : emptyCache(config);
    const sequence = extend(weights, from, ids.slice(from.ids.length));
    if (goesOn) kept.splice(kept.indexOf(best), 1);
    kept.push(sequence);
    if (kept.length > KEPT) kept.shift();
    return sequence;
  };

  return (ids, { layer, head }, draw) => {
    const { cache, logits } = read(ids);
    const { token, probability } = drawToken(logits, ids.length, draw, ids);
    const all = cache.heads[layer]?.[head] ?? cache.heads[0]![0]!;
    const rows = (of: Float32Array): Float32Array => of.slice(0, ids.length * config.dim);
    return {
      token,
      probability,
      label: tokenizer.label(token),
      states: { q: rows(all.q), k: rows(all.k), v: rows(all.v) },
    };
  };
}
