// The headline of a moment: its most important event, what and why, and the sum that decided, if one did. Pure.
import type { Arithmetic, Moment, PagingEvent } from '../../../paging';
import type { Language } from '../../../words';
import {
  joined,
  listed,
  nameOf,
  ALL_WORDS,
  orphanedBy,
  eventSentence,
  type EventOf,
  type EventSentence,
} from './events';

export { eventSentence, type EventSentence } from './events';

/** The sum that decides an allocation, see `Arithmetic`. */
export interface Decision extends Arithmetic {
  granted: boolean;
  /** The names of the requests that it counts. */
  name: string;
}

export interface PageSentence extends EventSentence {
  /** The event that the headline is about; undefined at the start. */
  about: PagingEvent | undefined;
  decision: Decision | undefined;
}

/** Kinds of events, the most important first. */
const ORDER: readonly PagingEvent['kind'][] = [
  'fork',
  'free',
  'copy-on-write',
  'preempt',
  'swap-out',
  'swap-in',
  'arrive',
  'admit',
  'finish',
  'extend',
  'refuse',
  'hold',
  'evict',
  'slide',
  'grant',
  'await',
  'batch',
];

const RANKS = new Map(ORDER.map((kind, i) => [kind, i]));

/** The importance of an event, lower is more. A refused action of the visitor comes first: nothing else happened. */
function rank(event: PagingEvent): number {
  const asked = event.kind === 'refuse' && ['add', 'append', 'fork', 'free'].includes(event.attempt);
  return asked ? -1 : (RANKS.get(event.kind) ?? ORDER.length);
}

/** The first of the most important events. */
function mostImportant(events: readonly PagingEvent[]): PagingEvent | undefined {
  let [best, least]: [PagingEvent | undefined, number] = [undefined, Infinity];
  for (const event of events) {
    const at = rank(event);
    if (at < least) [best, least] = [event, at];
  }
  return best;
}

/**
 * The headline of a moment.
 * @param tokenText a token as one short visible word
 */
export function pageSentence(moment: Moment, tokenText: (token: number) => string, language: Language): PageSentence {
  const { state, events } = moment;
  const words = ALL_WORDS[language];
  const about = mostImportant(events);
  if (!about) {
    const { blocks, blockSize } = state.config;
    return { what: words.start(blocks - 1, blockSize), why: words.startWhy, about, decision: undefined };
  }
  const sentence =
    about.kind === 'batch'
      ? batchSentence(about, events, state, language)
      : eventSentence(about, { state, tokenText }, language);
  if (about.kind === 'admit' && about.resumed) sentence.what = resumed(about, moment, language);
  if (about.kind === 'finish') endSentence(sentence, about, moment, tokenText, language);
  const orphans = about.kind === 'evict' ? orphanedBy(about, state) : 0;
  const alike = events.filter((event) => event.kind === about.kind && rank(event) === rank(about)).length - 1;
  const what =
    alike > 0 && about.kind !== 'arrive' ? joined(language, sentence.what, words.more(alike)) : sentence.what;
  return {
    what,
    why: orphans > 0 ? joined(language, sentence.why, ALL_WORDS[language].orphans(orphans)) : sentence.why,
    about,
    decision: decisionOf(moment, about, language),
  };
}

/** How many tokens are recomputed is in the append event that follows. */
function resumed(
  { request, count, hitTokens }: EventOf<'admit'>,
  { state, events }: Moment,
  language: Language,
): string {
  const again = events.find((event) => event.kind === 'append' && event.request === request);
  const recomputed = again?.kind === 'append' ? again.recomputed : 0;
  return ALL_WORDS[language].resume(nameOf(state, request, language), count, hitTokens, recomputed);
}

/** Adds the last token, when it came from outside, and the blocks that the end releases. */
function endSentence(
  sentence: EventSentence,
  end: EventOf<'finish'>,
  { state, events }: Moment,
  tokenText: (token: number) => string,
  language: Language,
): void {
  const given = events.find(({ kind }) => kind === 'extend');
  if (given) sentence.what = joined(language, eventSentence(given, { state, tokenText }, language).what, sentence.what);
  const release = events.find((event) => event.kind === 'release' && event.request === end.request);
  if (release?.kind !== 'release') return;
  const held = release.blocks.filter(({ to }) => to === 'held').length;
  sentence.why = joined(language, sentence.why, ALL_WORDS[language].letGo(release.blocks.length - held, held));
}

/** A step that only computed tokens. When it took no block, that is said. */
function batchSentence(
  event: EventOf<'batch'>,
  events: readonly PagingEvent[],
  state: Moment['state'],
  language: Language,
): EventSentence {
  const sentence = eventSentence(event, { state, tokenText: String }, language);
  const taken = event.tokens === 0 || events.some(({ kind }) => kind === 'allocate');
  return taken ? sentence : { ...sentence, why: joined(language, sentence.why, ALL_WORDS[language].decodeInPlace) };
}

type Summed = EventOf<'admit' | 'grant' | 'refuse' | 'swap-in'>;

const SUMMED: ReadonlySet<PagingEvent['kind']> = new Set<Summed['kind']>(['admit', 'grant', 'refuse', 'swap-in']);

const isSummed = (event: PagingEvent): event is Summed =>
  SUMMED.has(event.kind) && 'arithmetic' in event && event.arithmetic !== undefined;

/** The requests whose blocks the sum counts. */
function countedFor(event: Summed): readonly number[] {
  if (event.kind === 'swap-in') return event.requests;
  return event.kind === 'admit' ? [event.request] : (event.members ?? [event.request]);
}

/**
 * The sum of the event in the headline; else of the first refusal, else of what was granted to the same request, else
 * of the last grant.
 */
function decisionOf({ events, state }: Moment, about: PagingEvent, language: Language): Decision | undefined {
  const summed = events.filter(isSummed);
  const concerned = (event: Summed): boolean => 'request' in about && countedFor(event).includes(about.request);
  const chosen =
    summed.find((event) => event === about) ??
    summed.find(({ kind }) => kind === 'refuse') ??
    summed.find(concerned) ??
    summed.at(-1);
  if (!chosen?.arithmetic) return undefined;
  const names = countedFor(chosen).map((id) => nameOf(state, id, language));
  return { ...chosen.arithmetic, granted: chosen.kind !== 'refuse', name: listed(names, language) };
}
