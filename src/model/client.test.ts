// The client and the worker's service, joined in memory instead of by a Worker: what resolves, what rejects, and which
// call wins.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inMemory as joined } from '../testing/ask';
import type { Port } from '../ask';
import { createModelClient } from './client';
import { PASSAGES } from './passage';
import { createService } from './service';

const base = 'https://page.example/some/path/';
const read = (url: URL) =>
  readFileSync(new URL(`../../public/${url.pathname.slice('/some/path/'.length)}`, import.meta.url));
const serveFiles = async (url: URL) => new Response(new Uint8Array(read(url)));

/** A worker with a service of its own. */
const inMemory =
  (fetchFile = serveFiles) =>
  () =>
    joined(createService(fetchFile));

describe('a sentence through the client', () => {
  test.each(['en', 'zh'] as const)('gives the %s passage its tokens, Q, K, V, maps and guesses', async (language) => {
    const client = createModelClient(base, inMemory());
    const config = await client.load();
    const run = await client.run(PASSAGES[language]);
    const n = run.ids.length;
    expect(n).toBeGreaterThanOrEqual(64);
    expect(run.labels).toHaveLength(n);
    expect(run.text).toBe(PASSAGES[language]);
    expect(run.config).toEqual(config);
    expect(run.heads).toHaveLength(config.layers);
    for (const layer of run.heads) {
      expect(layer).toHaveLength(config.heads);
      for (const { q, k, v } of layer)
        expect([q.length, k.length, v.length]).toEqual([n * config.dim, n * config.dim, n * config.dim]);
    }
    expect(run.maps.flat()).toHaveLength(config.layers * config.heads);
    for (const { side, values } of run.maps.flat()) {
      expect(side).toBe(48);
      // The first token sees only itself.
      expect(values[0]).toBe(255);
    }
    const certain = run.next.reduce((sum, guess) => sum + guess.probability, 0);
    expect(certain).toBeGreaterThan(0);
    expect(certain).toBeLessThanOrEqual(1);
    expect(run.next.map((guess) => guess.probability)).toEqual(
      run.next.map((guess) => guess.probability).toSorted((a, b) => b - a),
    );
    client.dispose();
  });

  test('counts tokens before and without the weights, as the run has them', async () => {
    const asked: string[] = [];
    const client = createModelClient(
      base,
      inMemory((url) => {
        asked.push(url.pathname.slice('/some/path/'.length));
        return serveFiles(url);
      }),
    );
    const counts = await Promise.all([PASSAGES.en, PASSAGES.zh, ''].map((text) => client.count(text)));
    expect(asked).toEqual(['model/tokenizer.json']);
    expect(counts).toEqual([(await client.run(PASSAGES.en)).ids.length, (await client.run(PASSAGES.zh)).ids.length, 0]);
    expect(asked.toSorted()).toEqual(['model/tokenizer.json', 'model/weights.bin']);
    client.dispose();
  });

  test('traditional script gives the same numbers as simplified', async () => {
    const client = createModelClient(base, inMemory());
    const traditional = await client.run('黃鶴一去不復返');
    const simplified = await client.run('黄鹤一去不复返');
    expect(traditional.text).toBe(simplified.text);
    expect(traditional.heads).toEqual(simplified.heads);
  });

  test('one character works', async () => {
    const run = await createModelClient(base, inMemory()).run('月');
    expect(run.labels).toEqual(['月']);
    expect(run.maps[0]![0]).toEqual({ side: 1, values: Uint8Array.of(255) });
  });
});

describe('token by token', () => {
  const head = { layer: 3, head: 2 };
  const greedy = { temperature: 0, seed: 0 };

  test('gives the states of the whole text and the likeliest token, also for a text that goes on, branches or is asked again', async () => {
    const client = createModelClient(base, inMemory());
    const { ids, labels } = await client.encode(PASSAGES.en);
    expect(labels).toHaveLength(ids.length);
    const whole = await client.run(PASSAGES.en);
    expect([...ids]).toEqual([...whole.ids]);
    const all = [...ids];
    for (const part of [all.slice(0, 20), all, all.slice(0, 30), [...all.slice(0, 10), 66, 67], all]) {
      const { states, token, label, probability } = await client.next(part, head, greedy);
      expect(label.length).toBeGreaterThan(0);
      expect(token).toBeGreaterThanOrEqual(0);
      expect(probability).toBeGreaterThan(0);
      const same = part.findIndex((id, i) => id !== all[i]);
      const rows = (same < 0 ? part.length : same) * 32;
      expect(states.k).toHaveLength(part.length * 32);
      for (const name of ['q', 'k', 'v'] as const)
        states[name]
          .subarray(0, rows)
          .forEach((x, i) => expect(Math.abs(x - whole.heads[3]![2]![name][i]!)).toBeLessThan(1e-4));
    }
    expect((await client.next(all, head, greedy)).label).toBe(whole.next[0]!.label);
  });

  test('refuses nothing, too much and what is no token', async () => {
    const client = createModelClient(base, inMemory());
    await expect(client.next([], head, greedy)).rejects.toMatchObject({ code: 'text-empty' });
    await expect(client.next(Array<number>(257).fill(7), head, greedy)).rejects.toMatchObject({
      code: 'tokens-too-many',
    });
    await expect(client.next([70_000], head, greedy)).rejects.toMatchObject({ code: 'unexpected' });
  });
});

describe('readings', () => {
  test('of a plain and a changed pass, with progress; one that is ended rejects, and the others go on', async () => {
    const client = createModelClient(base, inMemory());
    const { ids } = await client.encode(PASSAGES.zh);
    const done: number[] = [];
    const end = new AbortController();
    const question = { ids: [...ids] };
    const [plain, changed, ended] = await Promise.allSettled([
      client.read(question, { onProgress: (share) => done.push(share) }),
      client.read({ ...question, options: { mask: 'full' } }),
      (setTimeout(() => end.abort(), 5), client.read(question, { signal: end.signal })),
    ]);
    expect(done).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(ended).toMatchObject({ reason: { code: 'cancelled' } });
    if (plain.status !== 'fulfilled' || changed.status !== 'fulfilled') throw new Error('no answer');
    expect(plain.value.losses).toHaveLength(ids.length - 1);
    expect(changed.value.losses[5]).not.toBe(plain.value.losses[5]);
    await expect(client.read(question, { signal: end.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await expect(client.read({ ids: [] })).rejects.toMatchObject({ code: 'text-empty' });
    await expect(client.read({ ...question, options: { groups: 4 } })).rejects.toMatchObject({ code: 'shape-invalid' });
  });

  test('every token has its label', async () => {
    const client = createModelClient(base, inMemory());
    const labels = await client.vocabulary();
    const { ids, labels: own } = await client.encode('鹤 whale');
    expect([...ids].map((id) => labels[id])).toEqual(own);
    expect(labels).toHaveLength(7043);
  });
});

describe('order', () => {
  test('the newest text wins, before and during a pass', async () => {
    const client = createModelClient(base, inMemory());
    const unloaded = [client.run('one'), client.run('two')];
    expect(await Promise.allSettled(unloaded)).toMatchObject([
      { reason: { code: 'cancelled' } },
      { value: { text: 'two' } },
    ]);
    const loaded = [client.run(PASSAGES.en), client.run(PASSAGES.zh), client.run('three')];
    expect(await Promise.allSettled(loaded)).toMatchObject([
      { reason: { code: 'cancelled' } },
      { reason: { code: 'cancelled' } },
      { value: { text: 'three' } },
    ]);
  });

  test('cancel and dispose reject what is under way; the next run works after a cancel', async () => {
    const client = createModelClient(base, inMemory());
    await client.load();
    const cancelled = client.run(PASSAGES.en);
    await Promise.resolve();
    client.cancel();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await expect(client.run('again')).resolves.toMatchObject({ text: 'again' });
    const dropped = client.run(PASSAGES.en);
    await Promise.resolve();
    client.dispose();
    await expect(dropped).rejects.toMatchObject({ code: 'cancelled' });
    await expect(client.run('late')).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('the worker drops a pass between two layers, and refuses to run without a model', async () => {
    const service = createService(serveFiles);
    await expect(service.run('early', { give: [] })).rejects.toMatchObject({
      code: 'model-unavailable',
      details: { reason: 'not-loaded' },
    });
    await service.load(base);
    const going = service.run(PASSAGES.en, { give: [] });
    service.cancel(undefined);
    await expect(going).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('refusals', () => {
  test('of a text, with its counts', async () => {
    const client = createModelClient(base, inMemory());
    await expect(client.run('')).rejects.toMatchObject({ code: 'text-empty' });
    await expect(client.run(' \n\t')).rejects.toMatchObject({ code: 'text-empty' });
    await expect(client.run('鲸'.repeat(2001))).rejects.toMatchObject({
      code: 'text-too-long',
      details: { count: 2001, limit: 2000 },
    });
    await expect(client.run('月'.repeat(257))).rejects.toMatchObject({
      code: 'tokens-too-many',
      details: { count: 257, limit: 256 },
    });
    await expect(client.run('月'.repeat(256))).resolves.toMatchObject({ ids: { length: 256 } });
  });

  test('of files that are missing, cut, foreign or of two trainings; a later load may succeed', async () => {
    const weights = (answer: () => Response) => async (url: URL) =>
      url.pathname.endsWith('weights.bin') ? answer() : serveFiles(url);
    const failure = (fetchFile: (url: URL) => Promise<Response>) =>
      expect(createModelClient(base, inMemory(fetchFile)).load()).rejects;
    const code = 'model-unavailable';
    const url = `${base}model/weights.bin`;
    await failure(weights(() => new Response('', { status: 404 }))).toMatchObject({
      code,
      details: { reason: 'fetch', url, status: 404 },
    });
    await failure(() => Promise.reject(new TypeError('offline'))).toMatchObject({
      code,
      details: { reason: 'fetch', status: 0 },
    });
    await failure(weights(() => new Response('<!doctype html><p>Not here</p>'))).toMatchObject({
      code,
      details: { reason: 'foreign' },
    });
    await failure(async (file) => new Response(new Uint8Array(read(file)).slice(0, 5000))).toMatchObject({ code });
    const other = {
      format: 'attnscope-tokenizer-1',
      merges: [],
      characters: '月',
      foldFrom: '',
      foldTo: '',
      foldPhrases: [],
    };
    await failure(async (file) =>
      file.pathname.endsWith('.json') ? Response.json(other) : serveFiles(file),
    ).toMatchObject({
      code,
      details: { reason: 'foreign', file: 'tokenizer.json' },
    });

    let down = true;
    const client = createModelClient(
      base,
      inMemory(async (file) => (down ? new Response('', { status: 503 }) : serveFiles(file))),
    );
    await expect(client.run('月')).rejects.toMatchObject({ code, details: { reason: 'fetch', status: 503 } });
    down = false;
    await expect(client.run('月')).resolves.toMatchObject({ labels: ['月'] });
  });

  test('of a worker whose script does not start', async () => {
    const page = new EventTarget();
    const port: Port = {
      postMessage: () => {},
      terminate: () => {},
      addEventListener: page.addEventListener.bind(page),
    };
    const loading = createModelClient(base, () => port).load();
    page.dispatchEvent(new Event('error'));
    await expect(loading).rejects.toMatchObject({ code: 'model-unavailable', details: { reason: 'worker' } });
  });
});
