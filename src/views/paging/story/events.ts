// One event as a sentence: what happened, and why. Pure.
import { findPublished, orphansOf, type Arithmetic, type PagingEvent, type State } from '../../../paging';
import { speak, type Language } from '../../../words';
import { blockWords } from './blocks.words';
import { policyWords, refusalWords, requestWords, statusWords } from './sentence.words';

const both = (language: Language) => ({ ...speak(requestWords, language), ...speak(blockWords, language) });

/** All words, joined once: sentences are made at every step. */
export const ALL_WORDS = { en: both('en'), zh: both('zh') } as const;

export interface EventSentence {
  what: string;
  why: string;
}

/** What the sentence of an event needs besides the event. */
export interface SentenceContext {
  /** The state after the operation. */
  state: State;
  /** A token as one short visible word. */
  tokenText(token: number): string;
}

export type EventOf<K extends PagingEvent['kind']> = Extract<PagingEvent, { kind: K }>;

const span = (from: number, to: number): string => (from === to ? String(from) : `${from}–${to}`);

/** The name of a request, with a noun when it is only a number; a general noun when there is no such request. */
export function nameOf({ requests }: State, id: number, language: Language): string {
  if (id < 0 || id >= requests.length) return requestWords.unknown[language];
  const { name } = requests.at(id);
  return /^\d/.test(name) ? requestWords.numbered[language](name) : name;
}

/** Joins sentences. */
export const joined = (language: Language, ...parts: string[]): string => parts.join(language === 'zh' ? '' : ' ');

/** Joins names, with "and" before the last. */
export function listed(names: readonly string[], language: Language): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(language === 'zh' ? '、' : ', ')}${requestWords.and[language]}${names.at(-1)}`;
}

const begun = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** One event as a sentence: what happened and why. */
export function eventSentence(event: PagingEvent, context: SentenceContext, language: Language): EventSentence {
  const { what, why } = say(event, context, language);
  return { what: begun(what), why: begun(why) };
}

function say(event: PagingEvent, { state, tokenText }: SentenceContext, language: Language): EventSentence {
  const words = ALL_WORDS[language];
  const name = (id: number): string => nameOf(state, id, language);
  /** Whether the request is finished: nothing is computed for its last token. */
  const over = (id: number): boolean => state.requests.at(id).status === 'finished';
  const room = ({ fresh, idleHits, free, watermark }: Arithmetic): string =>
    words.roomWhy(fresh, idleHits, free, watermark);
  switch (event.kind) {
    case 'arrive':
      return {
        what: words.arrive(name(event.request), event.tokens, event.finalLength, event.position + 1),
        why: words.arriveWhy,
      };
    case 'lookup': {
      const hits = event.blocks.length;
      const lost =
        event.partialTokens > 0 ? words.lookupLostWhy(event.partialBlock, event.partialTokens) : words.lookupWhy;
      return { what: words.lookup(name(event.request), event.tokens, hits, event.limit, event.hitTokens), why: lost };
    }
    case 'touch':
      return {
        what: words.touch(event.block, name(event.request), event.logical, event.refCount),
        why: event.wasIdle ? words.touchIdleWhy : words.touchWhy,
      };
    case 'admit': {
      const { request, count, hitTokens, arithmetic } = event;
      return { what: words.admit(name(request), count, hitTokens), why: room(arithmetic) };
    }
    case 'grant':
      return {
        what: words.grant(listed(event.members.map(name), language), event.arithmetic.fresh, event.arithmetic.copies),
        why: room(event.arithmetic),
      };
    case 'evict':
      return {
        what: words.evict(event.block, event.logical, name(event.request)),
        why: event.duplicate ? words.evictDuplicateWhy : words.evictWhy,
      };
    case 'allocate':
      return {
        what: words.allocate(event.block, event.logical, name(event.request), event.free),
        why: words.allocateWhy,
      };
    case 'append':
      return appendSentence(event, name(event.request), language);
    case 'publish':
      return {
        what: words.publish(event.block, event.logical, name(event.request)),
        why: event.duplicates.length > 0 ? words.publishDuplicateWhy(event.duplicates.join(', ')) : words.publishWhy,
      };
    case 'copy-on-write':
      return {
        what: words.copy(name(event.request), event.from, event.to, event.slots),
        why: words.copyWhy(event.from, state.blocks.at(event.from).refCount),
      };
    case 'fork': {
      const [child, parent] = [name(event.child), name(event.request)];
      return event.asNewRequest
        ? { what: words.forkNew(child, parent), why: words.forkNewWhy }
        : { what: words.fork(child, parent, event.shared.length), why: words.forkWhy };
    }
    case 'preempt':
      return {
        what:
          event.how === 'swap'
            ? words.preemptSwap(name(event.request), event.blocks)
            : words.preempt(name(event.request), event.blocks, event.lost),
        why:
          event.because === event.request
            ? words.preemptSelfWhy
            : words.preemptWhy(name(event.because), policyWords[event.policy][language]),
      };
    case 'swap-out':
      return { what: words.swapOut(name(event.group), event.blocks.length, event.cpuFree), why: words.swapOutWhy };
    case 'swap-in':
      return { what: words.swapIn(name(event.group), event.blocks.length), why: room(event.arithmetic) };
    case 'refuse':
      return refusalSentence(event, name(event.request), language);
    case 'hold':
      return {
        what: words.hold(event.waiting),
        why: event.reason === 'preempted' ? words.holdPreemptedWhy : words.holdSwappedWhy,
      };
    case 'release': {
      const count = (to: 'front' | 'back' | 'held'): number => event.blocks.filter((block) => block.to === to).length;
      const why = { 'v1-2026': words.release2026Why, 'v1-2025': words.release2025Why, paper: words.releasePaperWhy };
      return {
        what: words.release(name(event.request), count('front'), count('back'), count('held')),
        why: why[state.config.rules],
      };
    }
    case 'slide': {
      const [first = 0, last = first] = [event.logical[0], event.logical.at(-1)];
      return { what: words.slide(name(event.request), span(first, last)), why: words.slideWhy(event.firstVisible) };
    }
    case 'sample':
      return {
        what: words.sample(name(event.request), tokenText(event.token), event.position),
        why: over(event.request) ? words.sampleLastWhy : words.sampleWhy,
      };
    case 'await':
      return { what: words.await(name(event.request), event.position), why: words.awaitWhy };
    case 'extend': {
      const text = state.requests.at(event.request).tokens.slice(event.from, event.to).map(tokenText).join('');
      return {
        what: words.extend(name(event.request), span(event.from, event.to - 1), text),
        why: over(event.request) ? words.extendLastWhy : words.extendWhy,
      };
    }
    case 'batch': {
      const { step, tokens, requests, budget, phase } = event;
      const why = { mixed: words.mixedWhy, prefill: words.prefillWhy, decode: words.decodeWhy };
      return {
        what: tokens === 0 ? words.batchIdle(step) : words.batch(step, tokens, requests, budget),
        why: why[phase],
      };
    }
    case 'finish':
      return {
        what: words.finish(name(event.request), event.tokens, event.generated),
        why: state.config.rules === 'paper' ? words.finishGoneWhy : words.finishKeptWhy,
      };
    case 'free':
      return { what: words.free(name(event.request), statusWords[event.status][language]), why: words.freeWhy };
  }
}

function appendSentence(
  { from, to, written, recomputed, prompt }: EventOf<'append'>,
  name: string,
  language: Language,
): EventSentence {
  const words = ALL_WORDS[language];
  const blocks = listed([...new Set(written.map(({ block }) => String(block)))], language);
  const what = words.append(name, to - from, span(from, to - 1), blocks, written.length);
  if (recomputed > 0) return { what, why: words.appendAgainWhy(recomputed) };
  return { what, why: prompt > 0 ? words.appendPromptWhy(prompt) : words.appendOneWhy };
}

function refusalSentence(
  { reason, attempt, arithmetic, need = 0, have = 0 }: EventOf<'refuse'>,
  name: string,
  language: Language,
): EventSentence {
  const words = ALL_WORDS[language];
  const what = {
    add: words.refuseAdd,
    append: words.refuseAppend(name),
    fork: words.refuseFork(name),
    free: words.refuseFree(name),
    admit: words.refuseAdmit(name),
    run: words.refuseRun(name),
    'swap-in': words.refuseBack(name),
    'swap-out': words.refuseOut(name),
  };
  if (reason !== 'blocks' || !arithmetic)
    return { what: what[attempt], why: refusalWords[reason][language](need, have) };
  const sum = words.blocksWhy(arithmetic.fresh, arithmetic.idleHits, arithmetic.free, arithmetic.watermark);
  return { what: what[attempt], why: attempt === 'admit' ? joined(language, sum, words.headWhy) : sum };
}

/** How many published blocks became orphans by this eviction. */
export const orphanedBy = ({ hash, duplicate }: EventOf<'evict'>, state: State): number =>
  duplicate || findPublished(state, hash).length > 0 ? 0 : orphansOf(state, hash).length;
