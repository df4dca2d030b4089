// What the traffic of a run means, in sentences: its IO model beside that of standard attention, and why the kernel as
// written requests more. Pure.
import { elementsOf, opById, tensorSpec } from '../../ops';
import type { Axis } from '../../ops/layout';
import type { TensorId } from '../../ops/op';
import { partsOf } from '../../ops/attention/shape';
import type { Traffic } from '../../frame/frame-types';
import type { Extra } from '../../frame/traffic';
import { both, sumOf, type Cause, type Costs } from '../../ops/costs';
import type { TraceHeader } from '../../trace/trace';
import { speak, type Language } from '../../words';
import { bytes, times } from '../../ui/format';
import { trafficSentenceWords } from './traffic-sentence.words';

type Words = ReturnType<typeof speak<typeof trafficSentenceWords>>;

/** A run, and what it costs by formula. */
type Facts = Pick<TraceHeader, 'op' | 'run' | 'costs'>;

/** The number to quote: the run's IO model, how it stands to standard attention's, and what makes the difference. */
export function modelSentence(facts: Facts, language: Language): string {
  const words = speak(trafficSentenceWords, language);
  const { model, standard, intermediate } = facts.costs;
  const all = both(sumOf(model));
  if (facts.op !== 'attention') return otherSentence(all, facts.costs, words);
  if (!standard) return words.standard(bytes(all), bytes(intermediate));
  return [
    words.quote(bytes(all), times(all / standard.bytes), bytes(standard.bytes)),
    why(facts, standard, words),
  ].join(words.space);
}

/** Of an op that is not attention: its model beside each tensor once, and beside the way that it replaces. */
function otherSentence(all: number, { compulsory, standard, intermediate }: Costs, words: Words): string {
  const least = both(compulsory);
  return [
    words.other(bytes(all), times(all / least), bytes(least)),
    standard && words.instead(times(all / standard.bytes), bytes(standard.bytes)),
    intermediate > 0 && words.between(bytes(intermediate)),
  ]
    .filter(Boolean)
    .join(words.space);
}

const NONE: Traffic = { read: 0, written: 0 };

function why({ op, run, costs }: Facts, standard: NonNullable<Costs['standard']>, words: Words): string {
  const { shape, tile } = run;
  const { queries, keys, dim, batch, heads } = shape;
  const { model } = costs;
  const sizeOf = (ids: readonly TensorId[]): number => ids.reduce((sum, id) => sum + both(model[id] ?? NONE), 0);
  const along = (axis: Axis): TensorId[] => Object.keys(model).filter((id) => tensorSpec(id).axes[0] === axis);
  const parts = sizeOf(along('part'));
  // An output is written once by every kernel; one that walks over keys outside has O, l and m in HBM all the while.
  const { outputs } = opById(op);
  const ofRows = along('query').filter((id) => outputs.includes(id) || tensorSpec(id).axes[1] === 'one');
  const once = outputs.reduce((sum, id) => sum + (model[id] ? 4 * elementsOf(id, shape) : 0), 0);
  const kept = sizeOf(ofRows) - once;
  const { intermediate: saved } = standard;
  const rows = Math.max(1, tile.br);
  const again = sizeOf(along('key')) - along('key').length * 4 * batch * heads * keys * dim;
  const more = both(sumOf(model)) > standard.bytes;
  const small = shape.mask === 'full' && again > saved && tile.br > 1 && tile.br < dim / 2;
  return [
    more && words.more,
    words.saved(bytes(saved)),
    again > 0 ? words.again(Math.ceil(queries / rows), rows > 1, bytes(again)) : words.once,
    parts > 0 && words.parts(partsOf(shape), bytes(parts)),
    kept > 0 && words.kept(bytes(kept)),
    small && words.small(tile.br, dim / 2),
  ]
    .filter(Boolean)
    .join(words.space);
}

/** What the kernel as written requests beside its own model, and why. */
export function requestedSentence(
  { costs }: Pick<Facts, 'costs'>,
  requested: Traffic,
  extras: readonly Extra[],
  language: Language,
): string {
  const words = speak(trafficSentenceWords, language);
  const model = both(sumOf(costs.model));
  const asked = both(requested);
  if (asked === model) return words.asMuch;
  const causes = extras.map(({ cause, tensors, bytes: size }) =>
    words[cause](tensors.map((id) => named(id, words)).join(words.comma), bytes(size), costs.groups),
  );
  const ends = extras.some(({ cause }) => AGAIN.includes(cause)) ? words.caches : '';
  return [words.asks(bytes(asked), times(asked / model), causes.join(words.semicolon)), ends]
    .filter(Boolean)
    .join(words.space);
}

/** A tensor as a reader knows it: some have names of their own only in the kernels' source. */
function named(id: TensorId, words: Words): string {
  const said: unknown = Object.hasOwn(words, id) ? words[id as keyof Words] : undefined;
  return typeof said === 'string' ? said : id;
}

/** Causes by which the same bytes are asked for again. */
const AGAIN: readonly Cause[] = ['threads', 'sweeps', 'groups', 'padding'];
