// The real worker in a real browser, files fetched over HTTP: the same numbers as the pass computed on this thread.
import { expect, test } from 'vitest';
import { createModelClient } from './client';
import { forward } from './forward';
import { PASSAGES } from './passage';
import { parseWeights } from './weights';

test('the worker loads the model, computes what the page would compute, and refuses with counts', async () => {
  const base = new URL('/', location.href);
  const client = createModelClient(base);
  const run = await client.run(PASSAGES.zh);
  const weights = parseWeights(await (await fetch(new URL('model/weights.bin', base))).arrayBuffer());
  const pass = forward(weights, run.ids);
  run.heads.forEach((layer, l) => {
    layer.forEach(({ q, k, v }, h) => {
      const want = pass.heads[l]![h]!;
      expect(q).toEqual(want.q);
      expect(k).toEqual(want.k);
      expect(v).toEqual(want.v);
    });
  });
  await expect(client.run('月'.repeat(300))).rejects.toMatchObject({
    code: 'tokens-too-many',
    details: { count: 300, limit: 256 },
  });
  client.dispose();
});

test('a base without a model is a typed error', async () => {
  const client = createModelClient(new URL('/nowhere/', location.href));
  await expect(client.load()).rejects.toMatchObject({ code: 'model-unavailable' });
  client.dispose();
});
