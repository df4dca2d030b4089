// A line to a worker: answers reach whoever asked, in whatever order they come; errors keep their codes; an end and a
// breakdown leave nobody waiting.
import { expect, test } from 'vitest';
import { lineTo, type Port, type Reply } from './ask';
import { inMemory } from './testing/ask';
import { AttnError } from './errors';

const answers = {
  later: async ({ ms, is }: { ms: number; is: string }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return is;
  },
  count: (to: number, { progress, give }: Reply) => {
    for (let i = 1; i <= to; i++) progress(i / to);
    const counted = new Float64Array(to).map((_, i) => i + 1);
    give.push(counted.buffer);
    return counted;
  },
  refuse: (limit: number) => {
    throw new AttnError('tokens-too-many', { count: Infinity, limit });
  },
  fall: () => {
    throw new TypeError('no such thing');
  },
};
const line = () => lineTo<typeof answers>(() => inMemory(answers));

test('each answer goes to its question, progress to whoever asked for it, buffers over to the page', async () => {
  const { ask } = line();
  const [slow, quick] = [ask('later', { ms: 30, is: 'slow' }), ask('later', { ms: 0, is: 'quick' })];
  const first = await Promise.race([slow, quick]);
  expect([first, await slow, await quick]).toEqual(['quick', 'slow', 'quick']);
  const seen: number[] = [];
  expect(await ask('count', 4, { onProgress: (done) => seen.push(done) })).toEqual(Float64Array.of(1, 2, 3, 4));
  expect(seen).toEqual([0.25, 0.5, 0.75, 1]);
});

test('an error arrives with its code and numbers; any other as unexpected with its words', async () => {
  const { ask } = line();
  const refused: unknown = await ask('refuse', 256).catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(AttnError);
  expect(refused).toMatchObject({ code: 'tokens-too-many', details: { count: Infinity, limit: 256 } });
  await expect(ask('fall', undefined as never)).rejects.toMatchObject({
    code: 'unexpected',
    details: { message: 'no such thing' },
  });
});

test('an end rejects what is under way and what is asked later, and starts no worker for it', async () => {
  let started = 0;
  const { ask, end } = lineTo<typeof answers>(() => {
    started++;
    return inMemory(answers);
  });
  expect(started).toBe(0);
  const going = ask('later', { ms: 5, is: 'never' });
  end();
  await expect(going).rejects.toMatchObject({ code: 'cancelled' });
  await expect(ask('count', 1)).rejects.toMatchObject({ code: 'cancelled' });
  expect(started).toBe(1);
});

test('a worker that breaks down fails all that wait for it, and the next question starts another', async () => {
  const dead = new EventTarget();
  const ports: Port[] = [
    { postMessage: () => {}, terminate: () => {}, addEventListener: dead.addEventListener.bind(dead) },
    inMemory(answers),
  ];
  const { ask } = lineTo<typeof answers>(
    () => ports.shift()!,
    (message) => new AttnError('device-refused', { reason: message }),
  );
  const both = [ask('count', 1), ask('count', 2)];
  dead.dispatchEvent(Object.assign(new Event('error'), { message: 'no script' }));
  for (const one of both)
    await expect(one).rejects.toMatchObject({ code: 'device-refused', details: { reason: 'no script' } });
  expect(await ask('count', 1)).toEqual(Float64Array.of(1));
});
