// The pool in words: one block or slot in a line, and the whole picture in a paragraph.
import type { Block, Moment, RuleSet, State } from '../../../paging';
import { speak, type Language } from '../../../words';
import { markText } from '../../../ui/dom/mark';
import { changeWords, poolWords, ruleNames } from './pool.words';
import { changesOf, factsOf, mainChange, requestAt } from './facts';
import { cpuFactsOf } from './cpu-facts';
import { type CpuFacts } from './cpu-facts';
import type { PageFrame } from '../view';

/** A table entry in words: "Ada[2]". */
export const entryOf = (state: State, request: number, logical: number): string =>
  `${requestAt(state, request)?.name ?? request}[${logical}]`;

/** How many blocks there are of each kind; the null block does not count. */
export interface Tally {
  held: number;
  shared: number;
  free: number;
  holding: number;
}

/** Adds a block to the counts, or removes it (`by` -1). */
export function count(tally: Tally, { free, refCount, tokens, id }: Block, by: 1 | -1 = 1): void {
  if (id === 0) return;
  if (free) {
    tally.free += by;
    if (tokens.length > 0) tally.holding += by;
    return;
  }
  tally.held += by;
  if (refCount > 1) tally.shared += by;
}

export function summaryOf({ config }: State, { held, shared, free, holding }: Tally, language: Language): string {
  return speak(poolWords, language).summary(config.blocks - 1, config.blockSize, held, shared, free, holding);
}

/** One block in a line, or one of its slots when `offset` is given. */
export function blockText(
  frame: PageFrame,
  id: number,
  offset: number | undefined,
  language: Language,
  tokenText: (token: number) => string,
): string {
  const { moment } = frame;
  const { state } = moment;
  const words = speak(poolWords, language);
  const { blockSize } = state.config;
  if (id === 0) return words.nullBlock;
  const block = state.blocks.at(id);
  const facts = factsOf(moment);
  const parts = [words.block(id, id * blockSize, (id + 1) * blockSize - 1)];
  const token = offset === undefined ? undefined : block.tokens[offset];
  if (offset !== undefined) {
    const slot = id * blockSize + offset;
    parts.push(token === undefined ? words.emptySlot(slot) : words.slot(slot, tokenText(token)));
  }
  const held = facts.holders(id);
  if (held.length > 0) {
    const shown = held.slice(0, 6).map(({ request, logical }) => entryOf(state, request, logical));
    parts.push(
      words.heldBy(shown.join(words.comma) + (held.length > 6 ? ' …' : '')),
      words.filled(block.tokens.length, blockSize),
    );
  } else {
    parts.push(words.inQueue((facts.place[id] ?? 0) + 1));
    parts.push(
      block.tokens.length > 0
        ? words.stillHolds(entryOf(state, block.writer, block.logical), block.hash !== undefined)
        : words.neverUsed,
    );
  }
  if (block.hash !== undefined) parts.push(words.publishedAs(block.hash.slice(0, 6)));
  const changes = changesOf(facts, id).map((change) => changeWords[language][change]);
  if (changes.length > 0) parts.push(words.now(changes.join(words.comma)));
  return parts.join(language === 'zh' ? '，' : ', ');
}

/** At most so many moves are listed one by one. */
const MOST_MOVES = 8;

/** The CPU pool in a line: which requests are in it, and what this step moved. */
export function cpuText(state: State, { out, back }: CpuFacts, language: Language): string {
  const words = speak(poolWords, language);
  const { cpuBlocks } = state.config;
  const listed = (all: readonly string[]): string =>
    all.slice(0, MOST_MOVES).join(words.comma) + (all.length > MOST_MOVES ? words.more(all.length - MOST_MOVES) : '');
  const names = listed(state.swapped.map((id) => state.requests.at(id).name));
  const pairs = (moves: readonly (readonly [number, number])[]): string =>
    listed(moves.map(([from, to]) => `${from} → ${to}`));
  const parts = [words.cpu(cpuBlocks - state.cpuFree.length, cpuBlocks, names)];
  if (out.size > 0) parts.push(words.cpuOut(pairs([...out].map(([cpu, block]) => [block, cpu]))));
  if (back.size > 0) parts.push(words.cpuBack(pairs([...back])));
  return parts.join(language === 'zh' ? '' : ' ');
}

/** One block of the CPU pool in a line. */
export function cpuBlockText(
  { state }: Moment,
  facts: CpuFacts,
  id: number,
  language: Language,
  tokenText: (token: number) => string,
): string {
  const words = speak(poolWords, language);
  const held = facts.holders(id).map(({ request, logical }) => entryOf(state, request, logical));
  const [from, to] = [facts.out.get(id), facts.back.get(id)];
  return [
    words.cpuBlock(id),
    held.length > 0
      ? words.cpuHolds(held.join(words.comma), state.cpu.at(id).tokens.map(tokenText).join(''))
      : words.neverUsed,
    ...(from === undefined ? [] : [words.cpuFrom(from)]),
    ...(to === undefined ? [] : [words.cpuTo(to)]),
  ].join(language === 'zh' ? '，' : ', ');
}

export function describePool(frame: PageFrame, language: Language): string {
  const words = speak(poolWords, language);
  const { moment } = frame;
  const tally: Tally = { held: 0, shared: 0, free: 0, holding: 0 };
  for (const block of moment.state.blocks) count(tally, block);
  const facts = factsOf(moment);
  const changed = [...facts.changed].slice(0, 12).flatMap((id) => {
    const change = mainChange(facts, id);
    return change ? [words.changedBlock(id, changeWords[language][change])] : [];
  });
  const text = words.describe(
    summaryOf(moment.state, tally, language),
    changed.length > 0 ? words.changed(changed.join(words.comma)) : words.unchanged,
  );
  const cpu = cpuFactsOf(moment);
  return moment.state.swapped.length > 0 || cpu.back.size > 0
    ? `${text} ${cpuText(moment.state, cpu, language)}`
    : text;
}

/** Marks numbers as computed by the simulation, with the name of its rule set. Writes only when the rules change. */
export function markRules(node: HTMLElement, rules: RuleSet, language: Language): void {
  if (node.dataset['rules'] === rules) return;
  node.dataset['rules'] = rules;
  const mark = markText(
    { kind: 'computed', note: speak(poolWords, language).note(ruleNames[rules][language]) },
    language,
  );
  node.dataset['mark'] = mark;
  node.tabIndex = 0;
  node.setAttribute('aria-description', mark);
}
