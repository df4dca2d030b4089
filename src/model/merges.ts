// Two ways to grow a vocabulary by merging neighbours, trained on a short text: BPE takes the pair that occurs most
// (Sennrich et al. 2016), WordPiece the pair whose parts occur least without each other (Schuster & Nakajima 2012; the
// training code was never published, the score is the common reconstruction).

export type MergeRule = 'bpe' | 'wordpiece';

export interface Merge {
  readonly left: string;
  readonly right: string;
  readonly joined: string;
  /** How often left and right stand side by side, and each of them anywhere, when they are merged. */
  readonly count: number;
  readonly lefts: number;
  readonly rights: number;
  /** What the rule goes by: the count, or count / (lefts · rights). */
  readonly score: number;
}

/** One word of the text, in units, and how often it occurs. */
export interface Word {
  readonly units: readonly string[];
  readonly times: number;
}

/** Marks a unit that goes on with a word, in WordPiece. */
export const INSIDE = '##';
/** A pair that occurs once alone is no pattern; WordPiece would begin with all of those. */
const LEAST = 2;

/** Words of a text: runs of letters, of digits, or of other signs. No unit reaches beyond one. */
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]+/gu) ?? [];

/** A word in its smallest units: code points. */
const unitsOf = (word: string, rule: MergeRule): string[] =>
  [...word].map((point, i) => (rule === 'wordpiece' && i > 0 ? INSIDE + point : point));

/** Every word of a text once, in its smallest units. */
export function corpusOf(text: string, rule: MergeRule): Word[] {
  const times = new Map<string, number>();
  for (const word of wordsOf(text)) times.set(word, (times.get(word) ?? 0) + 1);
  return [...times].map(([word, n]) => ({ units: unitsOf(word, rule), times: n }));
}

const join = (left: string, right: string, rule: MergeRule): string =>
  left + (rule === 'wordpiece' ? right.slice(INSIDE.length) : right);

/** All of a word's places where left stands before right become one unit, from the left. */
function merged(units: readonly string[], { left, right, joined }: Pick<Merge, 'left' | 'right' | 'joined'>): string[] {
  const out: string[] = [];
  for (let i = 0; i < units.length; i++) {
    const both = units[i] === left && units[i + 1] === right;
    out.push(both ? joined : units[i]!);
    if (both) i++;
  }
  return out;
}

/** The words after one more merge. */
export const applied = (words: readonly Word[], merge: Merge): Word[] =>
  words.map(({ units, times }) => ({ units: merged(units, merge), times }));

/** The pair that a rule merges next; undefined where no pair occurs twice. Of equals the more frequent, then by name. */
export function nextMerge(words: readonly Word[], rule: MergeRule): Merge | undefined {
  const single = new Map<string, number>();
  const pairs = new Map<string, { left: string; right: string; count: number }>();
  for (const { units, times } of words)
    units.forEach((unit, i) => {
      single.set(unit, (single.get(unit) ?? 0) + times);
      const right = units[i + 1];
      if (right === undefined) return;
      const key = `${unit} ${right}`;
      const pair = pairs.get(key) ?? { left: unit, right, count: 0 };
      pair.count += times;
      pairs.set(key, pair);
    });
  let best: Merge | undefined;
  for (const { left, right, count } of pairs.values()) {
    if (count < LEAST) continue;
    const [lefts, rights] = [single.get(left)!, single.get(right)!];
    const score = rule === 'bpe' ? count : count / (lefts * rights);
    const one = { left, right, joined: join(left, right, rule), count, lefts, rights, score };
    if (!best || before(one, best)) best = one;
  }
  return best;
}

const before = (a: Merge, b: Merge): boolean => {
  if (a.score !== b.score) return a.score > b.score;
  if (a.count !== b.count) return a.count > b.count;
  return a.left === b.left ? a.right < b.right : a.left < b.left;
};

/** The first merges of a rule on a text, in order; fewer where no pair is left. */
export function trainMerges(text: string, rule: MergeRule, most: number): Merge[] {
  let words = corpusOf(text, rule);
  const merges: Merge[] = [];
  while (merges.length < most) {
    const merge = nextMerge(words, rule);
    if (!merge) break;
    merges.push(merge);
    words = applied(words, merge);
  }
  return merges;
}

/** A word as BPE cuts it: the merges are replayed in the order in which they were learnt. */
export const encodeBpe = (word: string, merges: readonly Merge[]): string[] =>
  merges.reduce((units, merge) => merged(units, merge), unitsOf(word, 'bpe'));

/**
 * A word as WordPiece cuts it: the longest unit that fits, again and again. Undefined where one does not fit: the whole
 * word is unknown.
 * @param units the alphabet and all that was merged
 */
export function encodeWordPiece(word: string, units: ReadonlySet<string>): string[] | undefined {
  const points = [...word];
  const out: string[] = [];
  for (let at = 0; at < points.length;) {
    let end = points.length;
    const unit = (): string => (at > 0 ? INSIDE : '') + points.slice(at, end).join('');
    while (end > at && !units.has(unit())) end--;
    if (end === at) return undefined;
    out.push(unit());
    at = end;
  }
  return out;
}

/** All units that WordPiece knows after some merges on a text. */
export const vocabularyOf = (text: string, merges: readonly Merge[]): Set<string> =>
  new Set([...corpusOf(text, 'wordpiece').flatMap(({ units }) => units), ...merges.map(({ joined }) => joined)]);
