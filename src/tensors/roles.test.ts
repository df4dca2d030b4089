/** Names to roles, tensors to problems, sources to links and back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoadedTensor } from './file';
import { problemOfTensors } from './inputs';
import { assignRoles, type OpenedFile } from './assign';
import { matchRoles, roleOf, rolesOfFiles } from './roles';
import { complete, formatSource, parseSource, sameSources, type Source, type Sources } from './sources';
import { sha256 } from './store';

const refused = (code: string, details: Record<string, unknown> = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });

describe('names', () => {
  test.each([
    ['q', 'q'],
    ['Q.npy', 'q'],
    ['query', 'q'],
    ['model.layers.3.self_attn.k_proj', 'k'],
    ['layer3-Key.npy', 'k'],
    ['past_key_values.0.value', 'v'],
    ['valueStates', 'v'],
    ['blocks.0/V', 'v'],
  ])('%s is %s', (name, role) => expect(roleOf(name)?.role).toBe(role));

  test.each(['qkv', 'weights', 'kernel', 'tensor1.npy', 'x', ''])('%s is none', (name) =>
    expect(roleOf(name)).toBeUndefined(),
  );

  test('one of each is clear', () => {
    expect(matchRoles(['ids', 'v_proj', 'q_proj', 'k_proj'])).toEqual({
      chosen: { q: 'q_proj', k: 'k_proj', v: 'v_proj' },
      ambiguous: [],
      missing: [],
    });
  });

  test('of many layers the first complete one is taken, and all three are said to be ambiguous', () => {
    const names = [
      'layers.0.q_proj',
      'layers.0.k_proj',
      ...['q', 'k', 'v'].flatMap((role) => [1, 2].map((i) => `layers.${i}.${role}_proj`)),
    ];
    const { chosen, ambiguous } = matchRoles(names);
    expect(chosen).toEqual({ q: 'layers.1.q_proj', k: 'layers.1.k_proj', v: 'layers.1.v_proj' });
    expect(ambiguous).toEqual(['q', 'k', 'v']);
  });

  test('two names for one role leave it open; a role without a name is missing', () => {
    expect(matchRoles(['q', 'query', 'k'])).toEqual({ chosen: { k: 'k' }, ambiguous: ['q'], missing: ['v'] });
    expect(matchRoles([])).toEqual({ chosen: {}, ambiguous: [], missing: ['q', 'k', 'v'] });
  });

  test('files of one tensor: by name, then what is empty, then from Q on; two for one role are refused', () => {
    expect(rolesOfFiles(['v.npy', 'k.npy', 'q.npy'], [])).toEqual(['v', 'k', 'q']);
    expect(rolesOfFiles(['a.npy', 'b.npy', 'c.npy'], [])).toEqual(['q', 'k', 'v']);
    expect(rolesOfFiles(['a.npy', 'q.npy'], [])).toEqual(['k', 'q']);
    expect(rolesOfFiles(['a.npy'], ['q'])).toEqual(['k']);
    expect(rolesOfFiles(['a.npy'], ['q', 'k', 'v'])).toEqual(['q']);
    expect(() => rolesOfFiles(['k.npy', 'x.npy', 'key.npy'], [])).toThrow(
      refused('tensor-role-twice', { role: 'K', first: 'k.npy', second: 'key.npy' }),
    );
    expect(() => rolesOfFiles(['a', 'b', 'c', 'd'], [])).toThrow(
      refused('tensor-role-twice', { first: 'c', second: 'd' }),
    );
  });
});

describe('placing', () => {
  const npy = (file: string): OpenedFile => ({
    hash: file,
    file,
    entries: [{ name: '', shape: [2, 2], dtype: 'f32', bytes: new Uint8Array(16) }],
  });
  const safe = (...names: string[]): OpenedFile => ({
    hash: 'st',
    file: 'x.safetensors',
    entries: names.map((text) => {
      const [name = '', dtype = 'f32'] = text.split(':');
      return { name, shape: name.endsWith('bias') ? [2] : [2, 2], dtype, bytes: new Uint8Array(16) };
    }),
  });
  const placed = (files: OpenedFile[], now: Sources = {}) => {
    const { sources, faults } = assignRoles(files, now);
    const text = (source?: Source) => source && source.file + (source.tensor && `/${source.tensor}`);
    return {
      q: text(sources.q),
      k: text(sources.k),
      v: text(sources.v),
      faults: faults.map(({ code, details }) => [
        code,
        'roles' in details ? details.roles : 'role' in details && details.role,
      ]),
    };
  };

  test('one after the other they fill Q, K, V', () => {
    const one = assignRoles([npy('a.npy')], {}).sources;
    const two = assignRoles([npy('b.npy')], one).sources;
    expect(placed([npy('c.npy')], two)).toEqual({ q: 'a.npy', k: 'b.npy', v: 'c.npy', faults: [] });
    expect(placed([npy('key.npy')], two)).toEqual({ q: 'a.npy', k: 'key.npy', v: undefined, faults: [] });
  });

  test('a .safetensors takes every role that its names speak of; biases are left aside', () => {
    expect(
      placed([safe('q_proj', 'q_proj.bias', 'k_proj', 'v_proj')], { q: { hash: 'h', file: 'a.npy', tensor: '' } }),
    ).toEqual({
      q: 'x.safetensors/q_proj',
      k: 'x.safetensors/k_proj',
      v: 'x.safetensors/v_proj',
      faults: [],
    });
  });

  test('what names leave open is told, and what was there stays', () => {
    const now: Sources = { v: { hash: 'h', file: 'mine.npy', tensor: '' } };
    expect(placed([safe('q', 'query', 'k')], now)).toEqual({
      q: undefined,
      k: 'x.safetensors/k',
      v: 'mine.npy',
      faults: [['tensor-role-missing', 'Q, V']],
    });
    expect(placed([npy('q.npy'), npy('query.npy')], now)).toEqual({
      q: undefined,
      k: undefined,
      v: 'mine.npy',
      faults: [['tensor-role-twice', 'Q']],
    });
  });

  test('a tensor that cannot be read but has the name is taken, so that its reason is told', () => {
    expect(placed([safe('q:F8_E4M3', 'k', 'v')])).toMatchObject({ q: 'x.safetensors/q', faults: [] });
  });
});

describe('problems', () => {
  const tensor = (...shape: number[]): LoadedTensor => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    return { name: 't', shape, data, dtype: 'f32', rounding: 0 };
  };
  const problem = (q: number[], k: number[], v: number[]) =>
    problemOfTensors({ q: tensor(...q), k: tensor(...k), v: tensor(...v) }, 'full').shape;

  test('two, three and four sizes, grouped heads, fewer queries than keys', () => {
    expect(problem([5, 8], [7, 8], [7, 8])).toEqual({
      batch: 1,
      heads: 1,
      kvHeads: 1,
      queries: 5,
      keys: 7,
      dim: 8,
      mask: 'full',
    });
    expect(problem([4, 5, 8], [2, 7, 8], [2, 7, 8])).toMatchObject({ batch: 1, heads: 4, kvHeads: 2 });
    expect(problem([3, 4, 5, 8], [3, 1, 7, 8], [3, 1, 7, 8])).toMatchObject({ batch: 3, heads: 4, kvHeads: 1 });
    expect(problem([4, 5, 8], [7, 8], [7, 8])).toMatchObject({ heads: 4, kvHeads: 1 });
  });

  test.each([
    [[5, 8], [5, 4], [5, 4], { a: 'Q', aShape: '[5, 8]', b: 'K', bShape: '[5, 4]', size: 'd' }],
    [[5, 8], [5, 8], [5, 4], { a: 'K', b: 'V', bShape: '[5, 4]', size: 'd' }],
    [[5, 8], [5, 8], [6, 8], { a: 'K', aShape: '[5, 8]', b: 'V', bShape: '[6, 8]', size: 'N' }],
    [[2, 1, 5, 8], [1, 5, 8], [1, 5, 8], { a: 'Q', b: 'K', size: 'B' }],
    [[2, 1, 5, 8], [2, 1, 5, 8], [3, 1, 5, 8], { a: 'K', b: 'V', size: 'B' }],
    [[4, 5, 8], [4, 5, 8], [2, 5, 8], { a: 'K', b: 'V', size: 'H' }],
    [[3, 5, 8], [2, 5, 8], [2, 5, 8], { a: 'Q', b: 'K', size: 'H' }],
  ])('Q %j, K %j, V %j do not fit, and both are named', (q, k, v, details) => {
    expect(() => problem(q, k, v)).toThrow(refused('tensor-mismatch', details));
  });
});

describe('sources', () => {
  test('read back as written, whatever the names', () => {
    const name = fc.string({ minLength: 1, maxLength: 60, unit: 'binary' });
    const source = fc.record({
      hash: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
      file: name.filter((text) => !text.includes('/')),
      tensor: fc.oneof(fc.constant(''), name),
    });
    fc.assert(
      fc.property(source, (s) => {
        expect(parseSource(formatSource(s))).toEqual(s);
      }),
    );
  });

  test.each([
    '',
    'abc/q.npy',
    '0'.repeat(64),
    `${'0'.repeat(64)}/`,
    `${'G'.repeat(64)}/q.npy`,
    `${'0'.repeat(64)}/${'x'.repeat(201)}`,
  ])('%s is none', (text) => {
    expect(parseSource(text)).toBeUndefined();
  });

  test('are the same when all parts are', () => {
    const source = (tensor: string) => ({ hash: '0'.repeat(64), file: 'x', tensor });
    const sources: Sources = { q: source('q'), k: source('k'), v: source('v') };
    expect(sameSources(sources, structuredClone(sources))).toBe(true);
    expect(sameSources(sources, { ...sources, v: source('w') })).toBe(false);
    expect(sameSources(sources, {})).toBe(false);
    expect(sameSources({}, {})).toBe(true);
    expect([complete(sources), complete({ q: sources.q!, k: sources.k! }), complete({})]).toEqual([true, false, false]);
  });

  test('SHA-256 of "abc" is the standard’s (FIPS 180-2, B.1)', async () => {
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
