// A KV cache and the forward pass that continues from it, so that a new token costs one row and not the whole text
// again.
import { AttnError } from '../errors';
import { checkLength } from './forward';
import { addInto, embedded, feedForward, logitsOf, project, rotaryTable, type HeadInput } from './layers';
import { dot, matmul } from './matmul';
import type { ModelConfig, Weights } from './weights';

/** Q, K and V of the tokens so far. Q is not needed to continue; it is kept because the page shows it. */
export interface KvCache {
  readonly ids: readonly number[];
  /** [layer][head], each of `context` rows, of which the first `ids.length` are filled. */
  readonly heads: readonly (readonly HeadInput[])[];
}

export function emptyCache({ layers, heads, context, dim }: ModelConfig): KvCache {
  const rows = (): Float32Array => new Float32Array(context * dim);
  const head = (): HeadInput => ({ q: rows(), k: rows(), v: rows() });
  return { ids: [], heads: Array.from({ length: layers }, () => Array.from({ length: heads }, head)) };
}

/** The first `tokens` tokens of a cache, in buffers of their own. */
export function cutCache({ ids, heads }: KvCache, tokens: number, { context, dim }: ModelConfig): KvCache {
  const rows = (from: Float32Array): Float32Array => {
    const out = new Float32Array(context * dim);
    out.set(from.subarray(0, tokens * dim));
    return out;
  };
  return {
    ids: ids.slice(0, tokens),
    heads: heads.map((layer) => layer.map(({ q, k, v }) => ({ q: rows(q), k: rows(k), v: rows(v) }))),
  };
}

/**
 * Continues with `ids`, one or many. Writes into the buffers of `cache` after its end: it must not be used afterwards.
 * @returns the longer cache, and the next-token logits [vocabulary] after the last token
 * @throws AttnError `text-empty`, `tokens-too-many`, or `unexpected` for an id outside the vocabulary
 */
export function extend(
  weights: Weights,
  cache: KvCache,
  ids: readonly number[],
): { cache: KvCache; logits: Float32Array } {
  const { config } = weights;
  const { width, dim } = config;
  if (ids.length === 0) throw new AttnError('text-empty');
  const from = cache.ids.length;
  checkLength(from + ids.length, config);
  const x = embedded(weights, ids);
  const turn = rotaryTable(from, ids.length, config);
  for (const [l, layer] of weights.layers.entries()) {
    const mixed = new Float32Array(x.length);
    for (const [h, fresh] of project(x, layer, config, turn).entries()) {
      const kept = cache.heads[l]![h]!;
      for (const name of ['q', 'k', 'v'] as const) kept[name].set(fresh[name], from * dim);
      attendCached(kept, from, ids.length, dim, mixed, h * dim);
    }
    addInto(x, matmul(mixed, layer.out, ids.length, width, width));
    feedForward(x, layer, config);
  }
  return {
    cache: { ids: [...cache.ids, ...ids], heads: cache.heads },
    logits: logitsOf(x.subarray(x.length - width), weights),
  };
}

/**
 * Rows from .. from + count of one head attend to all earlier rows and to themselves; O is written to its columns of
 * `mixed` [count, width].
 */
function attendCached(
  { q, k, v }: HeadInput,
  from: number,
  count: number,
  dim: number,
  mixed: Float32Array,
  column: number,
): void {
  const scale = 1 / Math.sqrt(dim);
  const width = mixed.length / count;
  for (let i = 0; i < count; i++) {
    const seen = from + i + 1;
    const p = Float64Array.from({ length: seen }, (_, j) => dot(q, (from + i) * dim, k, j * dim, dim) * scale);
    const max = p.reduce((a, b) => Math.max(a, b));
    let sum = 0;
    for (let j = 0; j < seen; j++) sum += p[j] = Math.exp(p[j]! - max);
    for (let c = 0; c < dim; c++) {
      let o = 0;
      for (let j = 0; j < seen; j++) o += p[j]! * v[j * dim + c]!;
      mixed[i * width + column + c] = o / sum;
    }
  }
}
