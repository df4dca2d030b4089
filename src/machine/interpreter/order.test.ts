/** A device keeps no order between two barriers. So no answer may hang on which invocation comes first to one, and a barrier that is left out must show. */
import { describe, expect, test } from 'vitest';
import { inputsOfPeers } from '../../ops/attention/inputs';
import { attention } from '../../ops/attention/op';
import { elementsOf } from '../../ops';
import { type Shape } from '../../ops/attention/shape';
import { backwardInputs } from '../../ops/attention-backward/inputs';
import { normInputs } from '../../ops/layernorm/inputs';
import type { Tile } from '../../ops/run';
import { KERNELS } from '../../kernels';
import * as backward from '../../kernels/backward';
import * as flash1 from '../../kernels/flash1';
import * as layernorm from '../../kernels/layernorm';
import { interpret } from '../../kernels/testing/texts';
import type { TextPass } from '../../kernels/text-pass';
import { textOf } from '../../wgsl/link';

const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 37, keys: 41, dim: 8, mask: 'causal' };
const inputs = inputsOfPeers(shape, 3);
const forward = { Q: inputs.q.slice(), K: inputs.k.slice(), V: inputs.v.slice() };

type Given = Parameters<typeof interpret>[2];

/** All tensors of a card: those of attention, as they are, and zeros. */
function tensorsOf(passes: readonly TextPass[]): Given {
  const ids = passes.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor));
  return Object.fromEntries(
    ids.map((id) => {
      const values = attention.given(id, { shape, inputs }) ?? new Float32Array(elementsOf(id, shape));
      return [id, values.slice() as Float32Array<ArrayBuffer>];
    }),
  );
}

/** The smallest tile that has several threads a row, so that they have something to wait for. */
const smallest = (tiles: readonly Tile[]): Tile =>
  tiles.filter(({ bc }) => bc > 4).toSorted((a, b) => a.br * a.bc - b.br * b.bc)[0] ?? { br: 0, bc: 0 };

const cases: [id: string, passes: readonly TextPass[], given: Given][] = [
  ...KERNELS.map(({ id, tiles, passes }): [string, readonly TextPass[], Given] => {
    const specs = passes({ kernel: id, shape, tile: smallest(tiles) });
    return [id, specs, tensorsOf(specs)];
  }),
  ['flash1', flash1.passes({ shape, tile: smallest(flash1.tiles) }), forward],
  ['backward', backward.passes({ shape, tile: smallest(backward.tiles) }), backwardInputs(shape, forward, 3)],
  ['layernorm', layernorm.passes({ shape, tile: smallest(layernorm.tiles) }), normInputs(shape, 3)],
];

const BARRIER = 'workgroupBarrier();';

/** What is left without one barrier, with the name of the phase behind it. */
function withoutOne({ files, ...pass }: TextPass): { phase: string; pass: TextPass }[] {
  const name = files.at(-1) as string;
  const parts = textOf(name).split(BARRIER);
  return parts.slice(1).map((behind, n) => {
    const text = parts.slice(0, n + 1).join(BARRIER) + parts.slice(n + 1).join(BARRIER);
    return { phase: /phase: (.*)/.exec(behind)?.[1] ?? '', pass: { ...pass, files: [...files.slice(0, -1), { name, text }] } };
  });
}

/** Barriers that only a block without a single visible key needs: every thread must have begun its rows. Zeros stand there anyhow. */
const UNSEEN: Record<string, string> = { flash2: 'write O' };

describe.each(cases)('%s', (id, passes, given) => {
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
