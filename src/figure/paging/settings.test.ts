/**
 * The settings in a link: they read back as they were written, any text is read without throwing, and unreadable parts
 * are named.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configOf, configProblem, WORKLOADS, type Config } from '../../paging';
import { formatCursor, parseCursor, TABS } from '../../labs/shared/page-cursor';
import {
  changed,
  configFor,
  defaultSettings,
  formatPage,
  GENERATE,
  NUMBERS,
  parsePage,
  PREEMPTIONS,
  RULES,
  shortened,
  TYPED_LIMIT,
  VICTIMS,
  WATERMARKS,
  type Changes,
  type PageSettings,
} from './settings';

const within = ([min, max]: readonly [number, number]) => fc.integer({ min, max });
const changes: fc.Arbitrary<Changes> = fc.record(
  {
    rules: fc.constantFrom(...RULES),
    blockSize: within(NUMBERS.blockSize),
    blocks: within(NUMBERS.pool).map((n) => n + 1),
    victim: fc.constantFrom(...VICTIMS),
    watermark: fc.constantFrom(...WATERMARKS),
    budget: within(NUMBERS.budget),
    sharing: fc.boolean(),
    window: within(NUMBERS.window),
    preemption: fc.constantFrom(...PREEMPTIONS),
    seed: within(NUMBERS.seed),
  },
  { requiredKeys: [] },
);
const text = fc
  .string({ minLength: 1, maxLength: TYPED_LIMIT, unit: 'grapheme' })
  .filter((said) => said.trim() !== '' && [...said].length <= TYPED_LIMIT);
const userAction = fc.oneof(
  fc.record({ at: fc.nat(9999), act: fc.constant('add' as const), text, generate: within(GENERATE) }),
  fc.record({ at: fc.nat(9999), act: fc.constantFrom('fork' as const, 'free' as const), request: fc.nat(99_999) }),
);
const settings: fc.Arbitrary<PageSettings> = fc
  .record({ workload: fc.constantFrom(...WORKLOADS), changes, userActions: fc.array(userAction, { maxLength: 6 }) })
  .map(({ workload, changes: wanted, userActions }) => ({
    ...changed({ workload, changes: {}, userActions: [] }, wanted),
    userActions: userActions.toSorted((a, b) => a.at - b.at),
  }));

test('a link reads back as the same settings, and asks for the same simulation', () => {
  fc.assert(
    fc.property(settings, (one) => {
      const { settings: back, unread } = parsePage(formatPage(one));
      expect(unread).toEqual([]);
      expect(back).toEqual(one);
      expect(configFor(back)).toEqual(configFor(one));
    }),
  );
});

test('any text at all is read without throwing, and gives a configuration that can be simulated', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^story(_[a-z]+-[a-z0-9-]*){0,4}(\*\d+[afx]\w*)*$/)),
      (said) => {
        const { settings: read } = parsePage(said);
        expect(configProblem(configFor(read))).toBeUndefined();
        expect(parsePage(formatPage(read))).toEqual({ settings: read, unread: [] });
      },
    ),
  );
});

test('every part that is not one is named, and the workload’s own stands in', () => {
  const parts = ['rules', 'block', 'pool', 'victim', 'watermark', 'budget', 'sharing', 'window', 'preempt', 'seed'];
  const { settings: read, unread } = parsePage(
    `story_${parts.map((part) => `${part}-nonsense`).join('_')}*3q1*9f1*2x1`,
  );
  expect(unread.map(({ key }) => key)).toEqual([...parts.map((part) => `page.${part}`), 'page', 'page']);
  // What came before another in the link may not have happened after it.
  expect(read).toEqual({ ...defaultSettings, userActions: [{ at: 9, act: 'fork', request: 1 }] });
});

test('another block size keeps the slots of the pool; a pool that is set stays', () => {
  for (const workload of WORKLOADS) {
    const base = configOf(workload);
    const slots = ({ blocks, blockSize }: Config) => (blocks - 1) * blockSize;
    const half = configFor(changed({ workload, changes: {}, userActions: [] }, { blockSize: base.blockSize / 2 }));
    expect(slots(half), workload.id).toBe(slots(base));
    const set = changed(changed({ workload, changes: {}, userActions: [] }, { blocks: 12 }), {
      blockSize: base.blockSize * 2,
    });
    expect(configFor(set), workload.id).toMatchObject({ blocks: 12, blockSize: base.blockSize * 2 });
    // Back at the workload's own there is nothing left to say.
    expect(
      changed(changed({ workload, changes: {}, userActions: [] }, { blockSize: 3 }), { blockSize: base.blockSize })
        .changes,
    ).toEqual({});
  }
});

test('every workload at every block size, and all other ends of its settings, gives a configuration that can be simulated', () => {
  for (const workload of WORKLOADS) {
    const [least, most] = NUMBERS.blockSize;
    for (let blockSize = least; blockSize <= most; blockSize++) {
      const one = changed({ workload, changes: {}, userActions: [] }, { blockSize });
      const config = configFor(one);
      expect(configProblem(config), `${workload.id} ${blockSize}`).toBeUndefined();
      const slots = (configOf(workload).blocks - 1) * configOf(workload).blockSize;
      const wanted = Math.max(1, Math.round(slots / blockSize));
      // Fewer blocks than the workload's slots take are said to be fewer.
      expect([config.blocks - 1, shortened(one)]).toEqual(wanted > 65_535 ? [65_535, wanted] : [wanted, undefined]);
    }
  }
  const ends: fc.Arbitrary<Changes> = fc.record({
    blockSize: fc.constantFrom(...NUMBERS.blockSize),
    blocks: fc.constantFrom(...NUMBERS.pool.map((n) => n + 1)),
    budget: fc.constantFrom(...NUMBERS.budget),
    window: fc.constantFrom(...NUMBERS.window),
    seed: fc.constantFrom(...NUMBERS.seed),
    watermark: fc.constantFrom(...WATERMARKS),
  });
  fc.assert(
    fc.property(fc.constantFrom(...WORKLOADS), ends, (workload, wanted) => {
      const one = changed({ workload, changes: {}, userActions: [] }, wanted);
      expect(configProblem(configFor(one))).toBeUndefined();
      expect(parsePage(formatPage(one))).toEqual({ settings: one, unread: [] });
    }),
  );
});

test('a cursor reads back as the same, and any text is a cursor or none', () => {
  const maybe = fc.option(fc.nat(999_999), { nil: undefined });
  const pinned = fc.record(
    { block: fc.nat(99_999), cpu: fc.nat(99_999), request: fc.nat(9999), position: fc.nat(9999) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.record({ index: maybe, request: maybe, tab: fc.constantFrom(...TABS), pinned }), (cursor) => {
      expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
    }),
  );
  fc.assert(fc.property(fc.string(), (said) => void parseCursor(said)));
  expect(parseCursor('1e9')).toBeUndefined();
  expect(parseCursor('3.1.nowhere')).toBeUndefined();
});
