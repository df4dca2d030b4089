// What the traffic of a run means, in sentences: its IO model beside that of standard attention, and why the kernel as written requests more. Pure.
import { partsOf, type TensorId } from '../../ops/attention/shape';
import type { Traffic } from '../../frame/frame-types';
import type { Cause, Extra } from '../../frame/traffic';
import type { Run } from '../../ops/run';
import { kernelById } from '../../kernels';
import { blockRows, both, ioModelByTensor, materialises, scoreBytes, standardModel, sumOf } from '../../kernels/io-model';
import { speak, type Language } from '../../words';
import { bytes, times } from '../../ui/format';
import { trafficSentenceWords } from './traffic-sentence.words';

type Words = ReturnType<typeof speak<typeof trafficSentenceWords>>;

/** The number to quote: the run's IO model, how it stands to standard attention's, and what makes the difference. */
export function modelSentence(run: Run, language: Language): string {
  const words = speak(trafficSentenceWords, language);
  const by = ioModelByTensor(run);
  const all = both(sumOf(by));
  if (materialises(run)) return words.standard(bytes(all), bytes(scoreBytes(run)));
  const standard = both(standardModel(run));
  return [words.quote(bytes(all), times(all / standard), bytes(standard)), why(run, words)].join(words.space);
}

const NONE: Traffic = { read: 0, written: 0 };

function why(run: Run, words: Words): string {
  const { shape, tile } = run;
  const { queries, keys, dim, batch, heads } = shape;
  const by = ioModelByTensor(run);
  const blocks = Math.ceil(queries / blockRows(run));
  const saved = scoreBytes(run);
  const again = both(by.K ?? NONE) + both(by.V ?? NONE) - 8 * batch * heads * keys * dim;
  const parts = both(by.OPart ?? NONE) + both(by.ML ?? NONE);
  const more = both(sumOf(by)) > both(standardModel(run));
  const small = shape.mask === 'full' && again > saved && tile.br > 1 && tile.br < dim / 2;
  return [
    more && words.more,
    words.saved(bytes(saved)),
    again > 0 ? words.again(blocks, blockRows(run) > 1, bytes(again)) : words.once,
    parts > 0 && words.parts(partsOf(shape), bytes(parts)),
    small && words.small(tile.br, dim / 2),
  ]
    .filter(Boolean)
    .join(words.space);
}

/** What the kernel as written requests beside its own model, and why. */
export function requestedSentence(run: Run, requested: Traffic, extras: readonly Extra[], language: Language): string {
  const words = speak(trafficSentenceWords, language);
  const model = both(sumOf(ioModelByTensor(run)));
  const asked = both(requested);
  if (asked === model) return words.asMuch;
  const groups = kernelById(run.kernel).keyGroups?.(run) ?? 1;
  const causes = extras.map(({ cause, tensors, bytes: size }) =>
    words[cause](tensors.map((id) => named(id, words)).join(words.comma), bytes(size), groups),
  );
  const ends = extras.some(({ cause }) => AGAIN.includes(cause)) ? words.caches : '';
  return [words.asks(bytes(asked), times(asked / model), causes.join(words.semicolon)), ends].filter(Boolean).join(words.space);
}

/** A tensor as a reader knows it: some have names of their own only in the kernels' source. */
const named = (id: TensorId, words: Words): string => (id in words ? words[id as 'ML'] : id);

/** Causes by which the same bytes are asked for again. */
const AGAIN: readonly Cause[] = ['threads', 'sweeps', 'groups', 'padding'];
