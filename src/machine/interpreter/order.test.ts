/**
 * A device keeps no order between two barriers. So no answer may hang on which invocation comes first to one, and a
 * barrier that is left out must show.
 */
import { describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import { numbersOf } from '../../ops/numbers';
import type { Shape } from '../../ops/attention/shape';
import type { Tile } from '../../ops/run';
import { RUNNABLE } from '../../kernels/kernels';
import type { Kernel, PassSpec } from '../../kernels/card';
import { interpret } from '../../kernels/testing/texts';
import { textOf } from '../../wgsl/link';

const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 37, keys: 41, dim: 8, mask: 'causal' };
const inputs = inputsOfPeers(shape, 3);

/** The smallest tile that has several threads a row, so that they have something to wait for. */
const smallest = (tiles: readonly Tile[]): Tile =>
  tiles.filter(({ bc }) => bc > 4).toSorted((a, b) => a.br * a.bc - b.br * b.bc)[0] ?? { br: 0, bc: 0 };

/** What a kernel's op gives it. */
function givenTo({ op }: Kernel, passes: readonly PassSpec[]): Parameters<typeof interpret>[2] {
  const ids = passes.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor));
  const given = ids.map((id) => [id, numbersOf(op).given(id, { shape, inputs })] as const);
  return Object.fromEntries(given.filter((one): one is [string, Float32Array<ArrayBuffer>] => one[1] !== undefined));
}

const BARRIER = 'workgroupBarrier();';

/** What is left without one barrier, with the name of the phase behind it. */
function withoutOne({ files, ...pass }: PassSpec): { phase: string; pass: PassSpec }[] {
  const name = files.at(-1) as string;
  const parts = textOf(name).split(BARRIER);
  return parts.slice(1).map((behind, n) => {
    const text = parts.slice(0, n + 1).join(BARRIER) + parts.slice(n + 1).join(BARRIER);
    return {
      phase: /phase: (.*)/.exec(behind)?.[1] ?? '',
      pass: { ...pass, files: [...files.slice(0, -1), { name, text }] },
    };
  });
}

/**
 * Barriers that only a block without a single visible key needs: every thread must have begun its rows. Zeros stand
 * there anyhow.
 */
const UNSEEN: Record<string, string> = { flash2: 'write O' };

describe.each(RUNNABLE)('$id', (card) => {
  const { id } = card;
  const passes = card.passes({ kernel: id, shape, tile: smallest(card.tiles) });
  const given = givenTo(card, passes);
  const right = interpret(passes, shape, given);

  test('the same bits whichever invocation is first', () => {
    expect(interpret(passes, shape, given, true)).toEqual(right);
  });

  test('a barrier that is left out changes the answer', () => {
    passes.forEach((pass, p) => {
      for (const { phase, pass: lacking } of withoutOne(pass)) {
        const answers = [false, true].map((backwards) => interpret(passes.with(p, lacking), shape, given, backwards));
        const seen = answers.some((answer) => JSON.stringify(answer) !== JSON.stringify(right));
        expect({ phase, seen }).toEqual({ phase, seen: UNSEEN[id] !== phase });
      }
    });
  });
});
