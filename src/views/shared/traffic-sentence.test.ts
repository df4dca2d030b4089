// The sentences on traffic over every kernel and odd shapes: numbers that are numbers, nouns in the right number,
// causes that the kernel has.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TensorId } from '../../ops/op';
import type { Extra } from '../../frame/traffic';
import type { Run } from '../../ops/run';
import { peersOf } from '../../kernels';
import { OPENING } from '../../kernels/defaults';
import { kernelById } from '../../kernels/kernels';
import { both } from '../../ops/costs';
import { ioModel, ioModelByTensor, standardModel } from '../../kernels/io-model';
import { costsOf } from '../../kernels/costs';
import { modelSentence, requestedSentence } from './traffic-sentence';

const NONSENSE =
  /NaN|Infinity|undefined|null|\[object|-\d|\b0 is below|(^|\s)1 (row block|query row|part|group)s\b|× × /;

const modelOf = (run: Run): string => modelSentence({ op: 'attention', run, costs: costsOf(run) }, 'en');

const anyRun = fc
  .record({
    kernel: fc.constantFrom(...peersOf(OPENING).map(({ id }) => id)),
    batch: fc.integer({ min: 1, max: 2 }),
    heads: fc.integer({ min: 1, max: 3 }),
    queries: fc.oneof(fc.constantFrom(1, 2, 64), fc.integer({ min: 1, max: 300 })),
    keys: fc.oneof(fc.constantFrom(1, 7, 64), fc.integer({ min: 1, max: 300 })),
    dim: fc.oneof(fc.constantFrom(1, 7, 64), fc.integer({ min: 1, max: 128 })),
    mask: fc.constantFrom('full' as const, 'causal' as const),
    tile: fc.nat(99),
  })
  .map(({ kernel, tile, ...rest }): Run => {
    const { tiles } = kernelById(kernel);
    return { kernel, tile: tiles[tile % tiles.length] ?? { br: 0, bc: 0 }, shape: { ...rest, kvHeads: rest.heads } };
  });

test('any kernel and shape, both languages: no NaN, Infinity or undefined, no "1 row blocks", no tile that a kernel has not', () => {
  const causes = ['threads', 'sweeps', 'groups', 'padding', 'ahead', 'lookup', 'lse'] as const;
  fc.assert(
    fc.property(anyRun, fc.subarray([...causes]), fc.nat(1e9), (run, some, more) => {
      const extras = some.map((cause): Extra => ({ cause, bytes: more + 1, tensors: ['K', 'V'] }));
      const { loads, stores } = kernelById(run.kernel).requested(run);
      for (const language of ['en', 'zh'] as const) {
        const said = `${modelSentence({ op: 'attention', run, costs: costsOf(run) }, language)} ${requestedSentence({ costs: costsOf(run) }, { read: loads, written: stores }, extras, language)}`;
        expect(said).not.toMatch(NONSENSE);
        if (run.tile.br <= 1) expect(said).not.toContain('Br =');
        if (language === 'en' && !said.includes('This is standard')) {
          expect(said.includes('More, not less')).toBe(both(ioModel(run)) > both(standardModel(run)));
          const once = 4 * run.shape.batch * run.shape.heads * run.shape.keys * run.shape.dim;
          expect(said.includes('read once.')).toBe(ioModelByTensor(run).K?.read === once);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('the cases that were said wrongly', () => {
  const shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full' as const };
  // paged has no tile: each query row goes through its blocks by itself.
  const paged = modelOf({
    kernel: 'paged',
    tile: { br: 0, bc: 0 },
    shape: { ...shape, heads: 2, kvHeads: 2, queries: 2 },
  });
  expect(paged).toContain('Each of 2 query rows reads the K and V that it sees');
  // One query: K and V once, and no tile would change that.
  expect(modelOf({ kernel: 'decode', tile: { br: 1, bc: 16 }, shape: { ...shape, queries: 1 } })).toContain(
    'K and V are read once.',
  );
  expect(modelOf({ kernel: 'flash2', tile: { br: 8, bc: 8 }, shape: { ...shape, dim: 64 } })).toContain(
    'Br = 8 is below d/2 = 32',
  );
  // 8 row blocks read K and V: 7 times 2 N d more than once, 4 bytes each.
  expect(modelOf({ kernel: 'flash2', tile: { br: 8, bc: 8 }, shape })).toContain(
    'Each of 8 row blocks reads the K and V that it sees: 112 KiB more than reading them once.',
  );
  const fast: Run = {
    kernel: 'flash-fast',
    tile: { br: 64, bc: 4 },
    shape: { ...shape, queries: 100, keys: 100, dim: 64 },
  };
  const { loads, stores } = kernelById('flash-fast').requested(fast);
  const groups: Extra = { cause: 'groups', bytes: 102_400, tensors: ['K', 'V'] };
  expect(requestedSentence({ costs: costsOf(fast) }, { read: loads, written: stores }, [groups], 'en')).toContain(
    'each of 2 groups of four lanes loads K, V for itself (+100 KiB)',
  );
});

test('tensors are named as a reader knows them, not as the source binds them', () => {
  const run: Run = {
    kernel: 'flash2',
    tile: { br: 8, bc: 8 },
    shape: { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 32, mask: 'full' },
  };
  const said = (tensor: TensorId, language: 'en' | 'zh'): string =>
    requestedSentence(
      { costs: costsOf(run) },
      { read: 1, written: 0 },
      [{ cause: 'threads', bytes: 8, tensors: [tensor] }],
      language,
    );
  for (const language of ['en', 'zh'] as const) {
    for (const tensor of ['OPart', 'ML', 'KPool', 'VPool', 'Table', 'Requests'] as const)
      expect(said(tensor, language)).not.toContain(tensor);
    for (const tensor of ['Q', 'K', 'V', 'O', 'LSE'] as const) expect(said(tensor, language)).toContain(tensor);
  }
  expect(said('ML', 'en')).toContain('each thread loads what it needs of m and l of the parts for itself');
});
