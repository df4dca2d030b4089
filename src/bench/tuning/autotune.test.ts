// Under which key and for how long a tuned choice is stored, without a device: classes, shortened shapes, and storage
// that is broken, foreign or full.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flops } from '../../ops/attention/cost';
import type { Shape } from '../../ops/attention/shape';
import { racedShape, shapeClass, tiledCards } from './autotune';
import { createChoiceStore, type Choice } from './store';

const shape: Shape = { batch: 1, heads: 8, kvHeads: 8, queries: 1024, keys: 1024, dim: 64, mask: 'full' };
const choice = (br: number): Choice => ({
  best: { kernel: 'flash2', tile: { br, bc: 16 } },
  contenders: [],
  raced: shape,
  clock: 'wall',
  date: '2026-01-02T03:04:05.000Z',
});

class Memory implements Storage {
  readonly #map = new Map<string, string>();
  readonly most: number;
  constructor(most = Infinity) {
    this.most = most;
  }
  get length() {
    return this.#map.size;
  }
  key = () => null;
  clear = () => this.#map.clear();
  removeItem = (name: string) => void this.#map.delete(name);
  getItem = (name: string) => this.#map.get(name) ?? null;
  setItem(name: string, value: string) {
    if (value.length > this.most) throw new DOMException('full', 'QuotaExceededError');
    this.#map.set(name, value);
  }
}

test('a class is one mask, one row length, sizes within a power of two', () => {
  expect(shapeClass({ ...shape, keys: 600 })).toBe(shapeClass(shape));
  for (const other of [{ mask: 'causal' as const }, { dim: 32 }, { keys: 512 }, { queries: 1 }, { heads: 1 }])
    expect(shapeClass({ ...shape, ...other })).not.toBe(shapeClass(shape));
});

test('raced are kernels whose workgroups take blocks of rows: not one that takes a plane, nor one that writes S', () => {
  expect(tiledCards(shape).map(({ id }) => id)).toEqual(['flash2', 'flash-fast', 'flash-fast-shared']);
  expect(tiledCards({ ...shape, queries: 1 }).map(({ id }) => id)).toEqual([
    'flash2',
    'flash-fast',
    'flash-fast-shared',
    'decode',
    'decode-split',
  ]);
});

test('the shape that is raced is of the same kind, never longer, and cheap enough where it can be', () => {
  const any = fc.record({
    queries: fc.integer({ min: 1, max: 1 << 15 }),
    keys: fc.integer({ min: 1, max: 1 << 15 }),
    heads: fc.integer({ min: 1, max: 32 }),
    software: fc.boolean(),
  });
  fc.assert(
    fc.property(any, ({ software, ...sizes }) => {
      const asked = { ...shape, ...sizes };
      const raced = racedShape(asked, software);
      expect({ ...raced, queries: asked.queries, keys: asked.keys }).toEqual(asked);
      expect(raced.queries <= asked.queries && raced.keys <= asked.keys).toBe(true);
      const most = software ? 0.15e9 : 20e9;
      if (flops(asked) <= most) expect(raced).toEqual(asked);
      else expect(flops(raced) <= most || Math.max(raced.queries, raced.keys) <= 64).toBe(true);
    }),
    { seed: 1 },
  );
});

test('choices outlive the page; the oldest give way', () => {
  const storage = new Memory();
  const store = createChoiceStore(storage);
  for (let i = 0; i < 60; i++) store.set(`key ${i}`, choice(i));
  const again = createChoiceStore(storage);
  expect(again.get('key 59')).toEqual(choice(59));
  expect(again.get('key 0')).toBeUndefined();
  expect(again.get('key 12')).toEqual(choice(12));
});

test('a storage that is full, blocked, broken or foreign costs no more than the memory of it', () => {
  const full = createChoiceStore(new Memory(10));
  full.set('a', choice(1));
  expect(full.get('a')).toEqual(choice(1));
  const blocked = createChoiceStore(undefined);
  blocked.set('a', choice(2));
  expect(blocked.get('a')).toEqual(choice(2));
  for (const text of ['{', '7', '[1, [2]]', '[["a", {"best": {"kernel": 3}}]]', '[["a", null]]']) {
    const storage = new Memory();
    storage.setItem('attnscope-tuned-2', text);
    expect(createChoiceStore(storage).get('a')).toBeUndefined();
  }
});
