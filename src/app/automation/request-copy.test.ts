// Whatever kind of object a request is, the call keeps what it was when it was made.
import { expect, test } from 'vitest';
import { asItStands, copyOf } from './request-copy';

class Request {
  kernel = 'flash2';
  q = Float32Array.of(1, 2);
  shape = { keys: 2, pages: { table: [1, 2], lengths: Int32Array.of(3) } };
}

test.each([
  ['a plain object', () => ({ ...new Request() })],
  ['an instance of a class', () => new Request()],
  ['an object without a prototype', () => Object.assign(Object.create(null), new Request()) as Request],
])('%s is kept with all that it holds', async (_, make) => {
  const given = make();
  const later = asItStands(async (request: Request) => {
    await Promise.resolve();
    return request;
  })(given);
  given.kernel = 'naive';
  given.q.fill(9);
  given.shape.keys = 7;
  given.shape.pages.table[0] = 9;
  given.shape.pages.lengths.fill(9);
  expect(await later).toEqual({ ...new Request() });
});

test('a list of requests goes as deep as one', () => {
  const given = [new Request()];
  const copy = copyOf(given) as Request[];
  given[0]!.shape.pages.table[1] = 9;
  expect(copy[0]!.shape.pages.table).toEqual([1, 2]);
});

test.each([Float32Array, Float64Array, Int32Array])(
  'an array that was handed to somebody else is one without numbers',
  (Kind) => {
    const q = Kind.of(1, 2);
    structuredClone(q.buffer, { transfer: [q.buffer] });
    expect(copyOf({ q })).toEqual({ q: new Kind() });
  },
);

test('what is no request comes through, to be refused by name', () => {
  for (const value of [undefined, null, 3, 'text', new Map(), new DataView(new ArrayBuffer(4))])
    expect(copyOf(value)).toBe(value);
});
