// The files that ship: their size, typed errors for damaged ones, the required loss, and heads that look near and far.
import fc from 'fast-check';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fixture from './fixture.json';
import { forward } from './forward';
import metrics from './metrics.json';
import type { HeadChoice } from './passage';
import { DEFAULT_HEAD, PASSAGES } from './passage';
import type { TokenizerData } from './tokenizer';
import { Tokenizer } from './tokenizer';
import { parseWeights } from './weights';

const folder = new URL('../../public/model/', import.meta.url);
const bytes = readFileSync(new URL('weights.bin', folder));
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
const weights = parseWeights(file);
const tokenizer = new Tokenizer(JSON.parse(readFileSync(new URL('tokenizer.json', folder), 'utf8')) as TokenizerData);

function refusal(damaged: ArrayBuffer): unknown {
  try {
    return parseWeights(damaged);
  } catch (error) {
    return error;
  }
}

/** The file with its header rewritten and everything behind it kept. */
function withHeader(rewrite: (header: string) => string): ArrayBuffer {
  const length = new DataView(file).getUint32(8, true);
  const header = new TextEncoder().encode(rewrite(new TextDecoder().decode(file.slice(12, 12 + length))));
  const start = (size: number) => Math.ceil((12 + size) / 4) * 4;
  const whole = new Uint8Array(start(header.length) + file.byteLength - start(length));
  whole.set(new Uint8Array(file, 0, 8));
  new DataView(whole.buffer).setUint32(8, header.length, true);
  whole.set(header, 12);
  whole.set(new Uint8Array(file, start(length)), start(header.length));
  return whole.buffer;
}

describe('the weights file', () => {
  test('ships with the tokenizer in at most 6 MB', () => {
    const total = readdirSync(folder).reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0);
    expect(total).toBeLessThanOrEqual(6_000_000);
    expect(metrics.weightBytes).toBe(bytes.byteLength);
  });

  test('cut anywhere is refused as truncated', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: file.byteLength - 1 }), (length) => {
        expect(refusal(file.slice(0, length))).toMatchObject({
          code: 'model-unavailable',
          details: { reason: 'truncated', bytes: length },
        });
      }),
      { numRuns: 30, seed: 31, examples: [[0], [11], [12], [100], [file.byteLength - 1]] },
    );
  });

  test('of another kind is refused as foreign', () => {
    const foreign = { code: 'model-unavailable', details: { reason: 'foreign', file: 'weights.bin' } };
    expect(refusal(new TextEncoder().encode('<!doctype html><html></html>').buffer)).toMatchObject(foreign);
    expect(refusal(withHeader((header) => header))).toMatchObject({ config: { layers: 4 } });
    for (const [from, to] of [
      ['"layers":4', '"layers":5'],
      ['"heads":6', '"heads":5'],
      ['"vocabulary":', '"vocabulary":1'],
      ['"eps":', '"eps":-'],
      ['"tensors"', '"tensor"'],
      ['{', '['],
    ] as const) {
      const damaged = withHeader((header) => header.replace(from, to));
      expect(refusal(damaged), to).toMatchObject(foreign);
    }
  });
});

describe('the trained model', () => {
  test('beats a bigram baseline on held-out text in both languages', () => {
    for (const { model, bigram, tokens } of [metrics.heldOut.en, metrics.heldOut.zh]) {
      expect(tokens).toBeGreaterThan(20_000);
      expect(model).toBeLessThan(bigram);
    }
  });

  test('has a head that looks near and one that looks far', () => {
    for (const table of [metrics.meanDistance.en, metrics.meanDistance.zh]) {
      expect(table.map((layer) => layer.length)).toEqual(
        Array<number>(weights.config.layers).fill(weights.config.heads),
      );
      expect(Math.min(...table.flat())).toBeLessThan(3);
      expect(Math.max(...table.flat())).toBeGreaterThan(20);
    }
  });

  test('attends here as far as it did in the trainer', () => {
    const pass = forward(weights, fixture.ids);
    pass.heads.forEach((layer, l) => {
      layer.forEach(({ p }, h) => expect(meanDistance(p, pass.tokens)).toBeCloseTo(fixture.meanDistance[l]![h]!, 3));
    });
  });

  test('opens on passages of 64 tokens or more', () => {
    for (const text of Object.values(PASSAGES)) expect(tokenizer.encode(text).ids.length).toBeGreaterThanOrEqual(64);
  });

  test('shows first what the head is said to do', () => {
    const english = tokenizer.encode(PASSAGES.en);
    // Where a phrase of the passage returns: each of its tokens against what followed the same token before.
    const phrase = tokenizer.encode(' of ye raises me').ids;
    const starts = [...english.ids.keys()].filter((at) => phrase.every((id, i) => english.ids[at + i] === id));
    expect(starts).toHaveLength(3);
    const inEnglish = attention(english.ids, DEFAULT_HEAD.en);
    const induction = starts.slice(1).flatMap((start, again) =>
      [...phrase.keys()].map((i) => {
        const earlier = starts.slice(0, again + 1).map((before) => before + i + 1);
        return massOn(inEnglish, english.ids.length, start + i, earlier);
      }),
    );
    expect(mean(induction)).toBeGreaterThan(0.5);

    const chinese = tokenizer.encode(PASSAGES.zh);
    const marks = [...chinese.labels.keys()].filter((at) => '，。'.includes(chinese.labels[at]!));
    const inChinese = attention(chinese.ids, DEFAULT_HEAD.zh);
    const line = [...chinese.ids.keys()]
      .filter((at) => at > marks[0]! && !marks.includes(at))
      .map((at) => massOn(inChinese, chinese.ids.length, at, [marks.findLast((mark) => mark < at)!]));
    expect(mean(line)).toBeGreaterThan(0.5);
  });
});

/** How far back a query looks, averaged over its probabilities and then over the queries. */
function meanDistance(p: Float32Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) sum += p[i * n + j]! * (i - j);
  return sum / n;
}

const attention = (ids: Uint16Array, { layer, head }: HeadChoice) => forward(weights, ids).heads[layer]![head]!.p;

/** The probability that a query of P [n, n] gives to some keys together. */
function massOn(p: Float32Array, n: number, query: number, keys: readonly number[]): number {
  return keys.reduce((sum, key) => sum + p[query * n + key]!, 0);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
