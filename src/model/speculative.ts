// Speculative sampling (Leviathan et al. 2023, Chen et al. 2023): a cheap draft guesses some tokens, the target looks at
// all of them at once, and what is kept has the target's own distribution.

/** The probability that a token drawn from q is accepted: Σ min(p, q). */
export function acceptance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.min(p[i]!, q[i]!);
  return sum;
}

/** What a rejected token is drawn from: (p − q)⁺, normalised; p itself where nothing is left, for then none is rejected. */
export function residual(p: Float64Array, q: ArrayLike<number>): Float64Array {
  const rest = p.map((x, i) => Math.max(0, x - q[i]!));
  const sum = rest.reduce((a, b) => a + b, 0);
  return sum > 0 ? rest.map((x) => x / sum) : p;
}

/** What both ways together draw from, token by token: accepted at once, or rejected and drawn anew. It is p. */
export function bothWays(p: Float64Array, q: ArrayLike<number>): Float64Array {
  const rest = residual(p, q);
  const rejected = 1 - acceptance(p, q);
  return p.map((x, i) => Math.min(x, q[i]!) + rejected * rest[i]!);
}

/** Tokens that one look of the target gives on average, of k guesses each accepted with a: (1 − a^(k+1)) / (1 − a). */
export const expectedTokens = (a: number, k: number): number => (a >= 1 ? k + 1 : (1 - a ** (k + 1)) / (1 - a));

/** How much faster that is where a step of the draft costs `cost` of one of the target. */
export const speedup = (a: number, k: number, cost: number): number => expectedTokens(a, k) / (k * cost + 1);

export interface Guessed {
  readonly token: number;
  /** What draft and target gave it. */
  readonly q: number;
  readonly p: number;
  /** min(1, p / q), and the number that it had to exceed. */
  readonly bound: number;
  readonly drawn: number;
  readonly accepted: boolean;
}

export interface Speculation {
  /** The draft's guesses, in order. Those after the first rejected one were never looked at. */
  readonly guesses: readonly Guessed[];
  /** How many were kept. */
  readonly accepted: number;
  /** The token after them: drawn from the residual where one was rejected, else from the target. */
  readonly next: number;
}

function drawFrom(p: ArrayLike<number>, u: number): number {
  let left = u;
  let last = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i]! <= 0) continue;
    last = i;
    if ((left -= p[i]!) < 0) return i;
  }
  return last;
}

/**
 * One round.
 * @param draft the draft's distribution after some tokens
 * @param target the target's distributions after `ids` and after each of `guesses`: k + 1 of them
 * @param uniform numbers in [0, 1)
 */
export function speculate(
  ids: readonly number[],
  k: number,
  draft: (ids: readonly number[]) => Float64Array,
  target: (ids: readonly number[], guesses: readonly number[]) => readonly Float64Array[],
  uniform: () => number,
): Speculation {
  const tokens: number[] = [];
  const qs: Float64Array[] = [];
  for (let i = 0; i < k; i++) {
    const q = draft([...ids, ...tokens]);
    qs.push(q);
    tokens.push(drawFrom(q, uniform()));
  }
  const ps = target(ids, tokens);
  const guesses = tokens.map((token, i): Guessed => {
    const [q, p] = [qs[i]![token]!, ps[i]![token]!];
    const bound = Math.min(1, p / q);
    const drawn = uniform();
    return { token, q, p, bound, drawn, accepted: drawn < bound };
  });
  const first = guesses.findIndex(({ accepted }) => !accepted);
  const accepted = first < 0 ? k : first;
  const from = first < 0 ? ps[k]! : residual(ps[first]!, qs[first]!);
  return { guesses, accepted, next: drawFrom(from, uniform()) };
}
