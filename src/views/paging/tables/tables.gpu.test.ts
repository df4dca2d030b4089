// Block tables, kernel arrays, free queue and hash chains in a real DOM: what they show is what the state says, and
// cells lead to blocks and tokens.
import { afterEach, expect, test } from 'vitest';
import { type Config, freeOrder, kernelInputs, orphans, slotOf } from '../../../paging';
import { pageChains } from '../chains/chains';
import { forestOf } from '../chains/model';
import { factsOf } from '../shared/facts';
import { pageQueue } from '../queue/queue';
import { pageSlots } from '../slots/slots';
import { pageTables } from './tables';
import { slotFormula, tablesOf } from './model';
import type { PageSelection } from '../view';
import { lived, pageFrame, pageStage, type PageStage } from '../testing/page-stage';
import { press, shown } from '../../testing/softmax-stage';

afterEach(() => document.body.replaceChildren());

/** What all cells of a picture look at, walked by keys from the first to the last in a row. */
function walked({ host, events }: PageStage, steps: number, key = 'ArrowRight'): PageSelection[] {
  const board = host.querySelector<HTMLElement>('.board')!;
  press(board, 'Home');
  for (let i = 1; i < steps; i++) press(board, key);
  return events.splice(0).flatMap(([name, selection]) => (name === 'hover' ? [selection as PageSelection] : []));
}

test('the chosen table is walked entry by entry, and the formula gives the slot that the model gives', () => {
  const history = lived('story');
  const index = 11;
  const { state } = history.at(index);
  const stage = pageStage(pageTables, 700);
  stage.view.draw(pageFrame(history, index, {}, 0));
  const { table } = state.requests.at(0);
  expect(walked(stage, table.length).map(({ block }) => block)).toEqual(table);
  for (let position = 0; position < state.requests.at(0).computed; position++) {
    stage.view.draw(pageFrame(history, index, { request: 0, position }, 0));
    const text = shown(stage.host.querySelector('.formula'));
    expect(text.endsWith(`= ${slotOf(table, position, state.config.blockSize)}`)).toBe(true);
    expect(text).toBe(slotFormula(table, position, state.config.blockSize));
  }
  expect(slotFormula(table, 1000, 4)).toBeUndefined();
});

test('sharers stand below with the number of blocks they share; a button chooses a request', () => {
  const history = lived('story');
  const frame = pageFrame(history, 11, {}, 0);
  const { sharers, others } = tablesOf(frame, 40, 3);
  const table = new Set(frame.moment.state.requests.at(0).table);
  expect(sharers.length).toBeGreaterThan(0);
  for (const { row, shared } of sharers)
    expect(row.request.table.filter((block) => table.has(block))).toHaveLength(shared);
  expect(others).toBe(0);
  const { host, view, events } = pageStage(pageTables, 700);
  view.draw(frame);
  const other = [...host.querySelectorAll<HTMLButtonElement>('.requests button')].find(
    (button) => button.ariaPressed === 'false',
  )!;
  other.click();
  const [name, id] = events.at(-1) as [string, number];
  expect([name, frame.moment.state.requests.at(id).name]).toEqual(['request', other.textContent]);
});

test('a long table shows its beginning and its end', () => {
  const history = lived('storm', {}, 80);
  const longest = history.last.state.running.toSorted(
    (a, b) => history.last.state.requests.at(b).table.length - history.last.state.requests.at(a).table.length,
  )[0]!;
  const { chosen } = tablesOf(pageFrame(history, history.length, {}, longest), 6, 3);
  const { table } = history.last.state.requests.at(longest);
  expect(table.length).toBeGreaterThan(6);
  expect(chosen?.entries.map(({ logical }) => logical)).toEqual([
    0,
    1,
    2,
    table.length - 3,
    table.length - 2,
    table.length - 1,
  ]);
});

test('every number of the arrays is the kernel input, and a slot leads to its token', () => {
  const history = lived('story');
  const stage = pageStage(pageSlots, 700);
  for (const index of [3, 8, 12]) {
    const { state } = history.at(index);
    stage.view.draw(pageFrame(history, index, {}, state.batch[0]?.request));
    const inputs = kernelInputs(state.batch, state.config.blockSize);
    const said = pageSlots.describe(pageFrame(history, index), 'en');
    for (const [name, values] of [
      ['slot_mapping', inputs.slotMapping],
      ['indptr', inputs.indptr],
      ['last_page_len', inputs.lastPageLength],
    ] as const)
      expect(said).toContain(`${name} ${[...values].join(' ')}`);
    const [row] = state.batch;
    const first = walked(stage, inputs.maxBlocks).map(({ block }) => block);
    expect(first).toEqual(
      row!.table.slice(0, inputs.indptr[1]).concat(Array.from({ length: inputs.maxBlocks - inputs.indptr[1]! })),
    );
    expect(shown(stage.host.querySelector('.last'))).toContain(`+ 1 = ${inputs.lastPageLength[0]}`);
  }
});

test('the queue is walked in its order, and says what is evicted next', () => {
  const history = lived('chat', {}, 120);
  const { state } = history.last;
  const stage = pageStage(pageQueue, 2000);
  stage.view.draw(pageFrame(history, history.length));
  const order = freeOrder(state);
  const shownOrder = walked(stage, Math.min(order.length, 12)).map(({ block }) => block);
  expect(shownOrder).toEqual(order.slice(0, 12));
  expect(factsOf(history.last).evictedNext).toBe(order.find((id) => state.blocks.at(id).hash !== undefined) ?? -1);
  const published = order.filter((id) => state.blocks.at(id).hash !== undefined).length;
  expect(shown(stage.host.querySelector('.summary'))).toBe(
    `${order.length} free, ${published} of them can still be found by hash`,
  );
  expect(shown(stage.host.querySelector('.rule'))).toContain('A queue');
  // By the paper's rules it is a stack, and nowhere called a queue.
  const stack = lived('story', { rules: 'paper' });
  stage.view.draw(pageFrame(stack, stack.length));
  expect(shown(stage.host.querySelector('.rule'))).toContain('A stack');
  expect(shown(stage.host)).not.toMatch(/queue/i);
});

test('why nothing can be found by hash: nothing is full yet, nobody holds it any more, or sharing is off', () => {
  const stage = pageStage(pageChains, 700);
  const said = (changes: Partial<Config>, end: boolean): string => {
    const history = lived('story', changes);
    stage.view.draw(pageFrame(history, end ? history.length : 0));
    return shown(stage.host.querySelector('.summary'));
  };
  expect(said({ rules: 'v1-2026' }, false)).toBe(
    'No block is published at this moment: only a full block gets a hash.',
  );
  expect(said({ rules: 'paper' }, true)).toContain('loses it when nobody holds it');
  expect(said({ sharing: false }, true)).toBe('No block is published: prefix sharing is switched off.');
});

test('nobody has chosen a request: the picture says that it follows the first that runs', () => {
  const history = lived('story');
  const { host, view } = pageStage(pageTables, 700);
  const label = () => shown(host.querySelector('.requests .label'));
  view.draw(pageFrame(history, 11, {}, 0));
  expect(label()).toBe('Request');
  view.draw({ ...pageFrame(history, 11, {}, 0), followed: true });
  expect(label()).toBe('Auto:');
});

test('the forest holds each published block once, after its parent, and its orphans are those of the model', () => {
  // A window lets the head of a chain go first: the deepest-first rule keeps chains whole otherwise.
  const history = lived('storm', { window: 12 }, 300);
  let orphaned = 0;
  for (let index = 20; index <= history.length; index += 7) {
    const { state } = history.at(index);
    const { nodes } = forestOf(state);
    const published = [...state.blocks].filter(({ hash }) => hash !== undefined);
    expect(nodes.flatMap(({ block, duplicates }) => [block.id, ...duplicates]).toSorted((a, b) => a - b)).toEqual(
      published.map(({ id }) => id),
    );
    for (const [i, node] of nodes.entries()) {
      expect(node.parent).toBeLessThan(i);
      if (node.parent >= 0) expect(node.block.parent).toBe(nodes[node.parent]?.hash);
    }
    const lost = nodes.filter(({ orphan }) => orphan).flatMap(({ block, duplicates }) => [block.id, ...duplicates]);
    expect(lost.toSorted((a, b) => a - b)).toEqual(orphans(state).toSorted((a, b) => a - b));
    orphaned += lost.length;
  }
  expect(orphaned).toBeGreaterThan(0);
});

test('chains are drawn at once while few, and when the replay rests while many', () => {
  const few = pageStage(pageChains, 700);
  const story = lived('story');
  few.view.draw(pageFrame(story, 11));
  expect(shown(few.host.querySelector('.summary'))).toMatch(/^7 published/);
  const many = pageStage(pageChains, 700);
  const history = lived('scale', {}, 1010);
  many.view.draw(pageFrame(history, history.length));
  expect(many.host.querySelector('.stale')).not.toBeNull();
  many.view.rest?.();
  expect(many.host.querySelector('.stale')).toBeNull();
  const published = [...history.last.state.blocks].filter(({ hash }) => hash !== undefined).length;
  expect(shown(many.host.querySelector('.summary'))).toMatch(
    new RegExp(`^${published.toLocaleString('en')} published`),
  );
});
