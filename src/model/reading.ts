// What is read out of a pass of the small model, plain or changed: loss by token, logits, the residual stream's size,
// how sharp each head looks, and how far Q, K and P are from those of another pass.
import { forwardSteps, type Pass } from './forward';
import type { PassOptions } from './options';
import { lossesOf } from './sampling';
import type { Thumbnail } from './thumbnail';
import { thumbnail } from './thumbnail';
import type { ModelConfig, Weights } from './weights';

export interface PassQuestion {
  /** 1 to `context` tokens. */
  readonly ids: readonly number[];
  readonly options?: PassOptions;
}

export interface ReadingQuestion extends PassQuestion {
  /** Another pass, which this one is held against. */
  readonly against?: PassQuestion;
}

/** How far a pass is from another, by layer, over the tokens that both have. */
export interface Difference {
  /** Tokens at the beginning of both; the first so many. */
  readonly tokens: number;
  /** The largest |ΔQ|, |ΔK| and |ΔP|. */
  readonly q: readonly number[];
  readonly k: readonly number[];
  readonly p: readonly number[];
  /** Of how many of these tokens some K differs at all. */
  readonly changed: readonly number[];
}

/** Computed by `forward.ts` from the trained weights. */
export interface Reading {
  readonly ids: readonly number[];
  readonly config: ModelConfig;
  /** [N, vocabulary]: the next-token logits after every token. */
  readonly logits: Float32Array;
  /** [N − 1]: −ln p of each token after the first, in nats. */
  readonly losses: Float32Array;
  /** As of `Stream` in forward.ts. */
  readonly rms: readonly Float32Array[];
  readonly added: readonly Float32Array[];
  /** [layer][head] of the layers that ran: the mean over the rows of P of the largest weight. */
  readonly sharpness: readonly (readonly number[])[];
  /** [layer][head] */
  readonly maps: readonly (readonly Thumbnail[])[];
  readonly difference?: Difference;
}

/** A reading in steps: yields the share that is done. @throws AttnError as `forward` */
export function* readingSteps(weights: Weights, question: ReadingQuestion): Generator<number, Reading, void> {
  const { ids, options, against } = question;
  const { config } = weights;
  const passes = against ? 2 : 1;
  const everywhere = Array.from(ids.keys());
  const pass = yield* share(forwardSteps(weights, ids, everywhere, options), 0, passes * (config.layers + 1));
  const other =
    against &&
    (yield* share(
      forwardSteps(weights, against.ids, [], against.options),
      config.layers + 1,
      passes * (config.layers + 1),
    ));
  return {
    ids,
    config,
    logits: pass.logits,
    losses: lossesOf(pass.logits, ids),
    rms: pass.stream.rms,
    added: pass.stream.added,
    sharpness: pass.heads.map((layer) => layer.map(({ p }) => sharpnessOf(p, pass.tokens))),
    maps: pass.heads.map((layer) => layer.map(({ p }) => thumbnail(p, pass.tokens))),
    ...(other && { difference: differenceOf(pass, other, config) }),
  };
}

function* share<T>(steps: Generator<number, T, void>, before: number, all: number): Generator<number, T, void> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield (before + step.value + 1) / all;
  }
}

/** The mean over the rows of P [n, n] of their largest weight. */
function sharpnessOf(p: Float32Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let most = 0;
    for (let j = 0; j < n; j++) most = Math.max(most, p[i * n + j]!);
    sum += most;
  }
  return sum / n;
}

/** How far `a` is from `b`, over the layers that both ran and the tokens at the beginning that both have. */
export function differenceOf(a: Pass, b: Pass, { dim }: ModelConfig): Difference {
  const tokens = Math.min(a.tokens, b.tokens);
  const layers = Array.from({ length: Math.min(a.heads.length, b.heads.length) }, (_, l) => l);
  const heads = (layer: number) => a.heads[layer]!.map((head, h) => [head, b.heads[layer]![h]!] as const);
  const farthest = (layer: number, name: 'q' | 'k'): number =>
    Math.max(
      ...heads(layer).map(([x, y]) =>
        x[name].subarray(0, tokens * dim).reduce((most, value, i) => Math.max(most, Math.abs(value - y[name][i]!)), 0),
      ),
    );
  const farthestP = (layer: number): number => {
    let most = 0;
    for (const [x, y] of heads(layer))
      for (let i = 0; i < tokens; i++)
        for (let j = 0; j < tokens; j++)
          most = Math.max(most, Math.abs(x.p[i * a.tokens + j]! - y.p[i * b.tokens + j]!));
    return most;
  };
  const differs = (layer: number, token: number): boolean =>
    heads(layer).some(([x, y]) =>
      x.k.subarray(token * dim, (token + 1) * dim).some((value, i) => value !== y.k[token * dim + i]),
    );
  return {
    tokens,
    q: layers.map((layer) => farthest(layer, 'q')),
    k: layers.map((layer) => farthest(layer, 'k')),
    p: layers.map(farthestP),
    changed: layers.map((layer) => Array.from({ length: tokens }, (_, t) => t).filter((t) => differs(layer, t)).length),
  };
}

/** The buffers of a reading that can move to another thread instead of being copied. */
export const buffersOf = ({ logits, losses, rms, added, maps }: Reading): ArrayBuffer[] =>
  [logits, losses, ...rms, ...added, ...maps.flat().map(({ values }) => values)].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
