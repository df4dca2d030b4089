/**
 * The sentences of the Page lab: the default story word for word in both languages, its numbers against the states
 * before and after, and every workload's events without a gap.
 */
import { expect, test } from 'vitest';
import { configOf, Simulation, WORKLOADS, type Config, type Moment, type PagingEvent } from '../../../paging';
import { pageSentence, eventSentence } from './sentence';

const letter = (token: number): string => String.fromCharCode(token);
const [STORY] = WORKLOADS;

/** Moments of a workload, the first `most`. */
function lived(id: string, most: number, changes: Partial<Config> = {}): Moment[] {
  const workload = WORKLOADS.find((one) => one.id === id) ?? STORY;
  const simulation = new Simulation(workload, configOf(workload, changes));
  simulation.advance(most);
  return Array.from({ length: simulation.history.length + 1 }, (_, i) => simulation.history.at(i));
}

const numbers = (text: string): number[] => [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));

for (const language of ['en', 'zh'] as const) {
  test(`the story in ${language}`, () => {
    const sentences = lived('story', 100).map((moment) => {
      const { what, why } = pageSentence(moment, letter, language);
      return `${moment.index}: ${what} | ${why}`;
    });
    expect(sentences).toMatchSnapshot();
  });
}

/** What a headline must say, worked out from the two states and the operation, not from its event. */
function facts(
  moment: Moment,
  before: Moment['state'],
): Partial<Record<PagingEvent['kind'], () => (string | number)[]>> {
  const { state } = moment;
  const entered =
    state.requests.length > before.requests.length ? state.requests.at(state.requests.length - 1) : undefined;
  const came = state.running.find((id) => !before.running.includes(id));
  const left = before.running.find((id) => !state.running.includes(id));
  const of = (id: number | undefined) => state.requests.at(id ?? 0);
  const tokens = state.batch.reduce((sum, { count }) => sum + count, 0);
  return {
    arrive: () => [entered!.name, entered!.tokens.length, entered!.finalLength, state.waiting.indexOf(entered!.id) + 1],
    admit: () => [of(came).name, of(came).computed - (of(came).hitTokens - before.requests.at(came!).hitTokens)],
    fork: () => [entered!.name, of(entered!.parent).name, entered!.table.length],
    free: () => [of(left).name],
    finish: () => [of(left).name, of(left).tokens.length, of(left).tokens.length - of(left).promptLength],
    preempt: () => [of(left).name, before.requests.at(left!).table.length, before.requests.at(left!).computed],
    'copy-on-write': () => {
      const shared = [...before.blocks].find(
        ({ id, refCount }) => refCount > 1 && state.blocks.at(id).refCount < refCount,
      )!;
      const copier = state.running
        .map(of)
        .find(({ table, id }) => before.requests.at(id).table.includes(shared.id) && !table.includes(shared.id))!;
      const at = before.requests.at(copier.id).table.indexOf(shared.id);
      return [copier.name, shared.id, shared.tokens.length, copier.table[at]!, shared.refCount - 1];
    },
    batch: () => [state.step, tokens, state.batch.length, state.config.budget],
    grant: () => [of(state.running[0]).name, before.freeBlocks],
    refuse: () => [of(state.waiting[0]).name, before.freeBlocks],
    hold: () => [state.waiting.length],
  };
}

for (const language of ['en', 'zh'] as const) {
  test(`every sentence of the story has the numbers of its states, in ${language}`, () => {
    const moments = lived('story', 100);
    const kinds = new Set<string>();
    for (const moment of moments.slice(1)) {
      const before = moments[moment.index - 1]!.state;
      const { what, why, about } = pageSentence(moment, letter, language);
      const said = `${what} ${why}`;
      kinds.add(about!.kind);
      const wanted = facts(moment, before)[about!.kind];
      expect(wanted, `${moment.index}: ${about!.kind} is checked`).toBeDefined();
      for (const fact of wanted!()) {
        if (typeof fact === 'string') expect(said, `moment ${moment.index}`).toContain(fact);
        else expect(numbers(said), `moment ${moment.index}: ${said}`).toContain(fact);
      }
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining(['arrive', 'admit', 'fork', 'copy-on-write', 'preempt', 'finish', 'free']),
    );
  });
}

test('the sum that decides is the one of the states: what is granted fits, what is refused does not', () => {
  const decided = { granted: 0, refused: 0 };
  for (const id of ['story', 'storm', 'parallel', 'chat']) {
    for (const moment of lived(id, 200, { watermark: id === 'storm' ? 0.05 : 0 })) {
      const { decision } = pageSentence(moment, letter, 'en');
      if (!decision) continue;
      const { fresh, idleHits, free, watermark, granted } = decision;
      expect(fresh + idleHits <= free - watermark, `${id} ${moment.index}`).toBe(granted);
      decided[granted ? 'granted' : 'refused']++;
    }
  }
  expect(decided.granted).toBeGreaterThan(20);
  expect(decided.refused).toBeGreaterThan(20);
});

test('the sum beside a copy is that of who copies', () => {
  const moment = lived('story', 100).find(({ events }) => events.some(({ kind }) => kind === 'copy-on-write'))!;
  expect(pageSentence(moment, letter, 'en').decision).toMatchObject({
    name: 'Ada and Ada 2',
    fresh: 1,
    copies: 1,
    free: 4,
    granted: true,
  });
});

test('a moment that finishes a request says so, with the blocks that it sets free, and promises no next step', () => {
  const moment = lived('beam', 190)[190]!;
  expect(moment.events.map(({ kind }) => kind)).toEqual(['extend', 'finish', 'release']);
  const [en, zh] = (['en', 'zh'] as const).map((language) => pageSentence(moment, letter, language));
  expect(en).toMatchObject({
    what: 'Request 37 is given “j” for position 46. Request 37 is done: 47 tokens, 24 of them generated.',
    why: expect.stringContaining('12 blocks are free again.') as string,
  });
  expect(zh!.why).toContain('12 个块重新空闲。');
  const said = moment.events
    .map((event) => eventSentence(event, { state: moment.state, tokenText: letter }, 'en').why)
    .join(' ');
  expect(`${en!.why} ${said}`).not.toContain('next step');
});

test.each([
  ['beam', 10, 15],
  ['parallel', 6, 18],
])('several copies of a block in one moment, %s %i: the holders are those after all of them', (id, at, block) => {
  const moment = lived(id, at)[at]!;
  expect(moment.events.filter(({ kind }) => kind === 'copy-on-write')).toHaveLength(3);
  expect(moment.state.blocks.at(block).refCount).toBe(1);
  expect(pageSentence(moment, letter, 'en').why).toContain(`After this moment block ${block} has 1 holder;`);
});

test('every kind of event is told, in both languages, with its own numbers and nothing left open', () => {
  const seen = new Set<string>();
  const wrong: string[] = [];
  const said = (text: string): string => [...new Set(numbers(text))].toSorted((a, b) => a - b).join();
  const runs: [string, Partial<Config>][] = [
    ['story', {}],
    ['storm', {}],
    ['parallel', {}],
    ['beam', {}],
    ['chat', { window: 24 }],
    ['story', { rules: 'v1-2026' }],
  ];
  for (const [id, changes] of runs) {
    for (const { state, events } of lived(id, 160, changes)) {
      for (const event of events) {
        seen.add(event.kind);
        const [en, zh] = (['en', 'zh'] as const).map((language) =>
          eventSentence(event, { state, tokenText: letter }, language),
        );
        if ([en!.what, en!.why, zh!.what, zh!.why].some((text) => /undefined|NaN|^\s*$|−1|-1/.test(text)))
          wrong.push(`${en!.what} ${zh!.what}`);
        if (!/\p{Script=Han}/u.test(zh!.what)) wrong.push(zh!.what);
        // Both languages say the same numbers.
        if (said(zh!.what) !== said(en!.what)) wrong.push(`${en!.what} ${zh!.what}`);
      }
    }
  }
  const kinds: PagingEvent['kind'][] = [
    ...([
      'arrive',
      'lookup',
      'touch',
      'admit',
      'grant',
      'evict',
      'allocate',
      'append',
      'publish',
      'copy-on-write',
      'fork',
    ] as const),
    ...([
      'preempt',
      'swap-out',
      'swap-in',
      'refuse',
      'hold',
      'release',
      'slide',
      'sample',
      'await',
      'extend',
      'batch',
      'finish',
      'free',
    ] as const),
  ];
  expect(wrong).toEqual([]);
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
});
