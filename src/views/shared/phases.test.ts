// Every phase and pass that a kernel names has its word in Chinese, and no word is left over.
import { describe, expect, test } from 'vitest';
import type { Shape } from '../../ops/attention/shape';
import { RUNNABLE } from '../../kernels/kernels';
import { link } from '../../wgsl/link';
import { instrument } from '../../tap/tap';
import { passName, passWords, phaseName, phaseSign, phaseWords } from './phases.words';

const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 1, keys: 40, dim: 32, mask: 'full' };
const passes = RUNNABLE.flatMap((card) =>
  card.passes({ kernel: card.id, shape, tile: card.tiles[0] ?? { br: 0, bc: 0 } }),
);

describe('names of phases', () => {
  const names = new Set(
    passes.flatMap((pass) =>
      instrument(link(pass).source, { workgroupSize: pass.workgroupSize }).phases.map(({ name }) => name),
    ),
  );

  test('the dictionary has those of all kernels, and those alone', () => {
    expect(Object.keys(phaseWords).toSorted()).toEqual([...names].toSorted());
    expect(Object.keys(passWords).toSorted()).toEqual([...new Set(passes.map(({ name }) => name))].toSorted());
  });

  test('an unknown one is said as the kernel says it, whatever it is called', () => {
    for (const name of ['warm up', '', 'toString', '__proto__']) {
      expect(phaseName(name, 'zh')).toBe(name);
      expect(passName(name, 'en')).toBe(name);
    }
    expect(phaseName('load Q', 'zh')).toBe('载入 Q');
  });

  test('a long formula stands in the strip by what it makes', () => {
    expect(
      ['S = QKᵀ', 'O += PV', 'load V, next K', 'dV += PᵀdO, dK += dSᵀQ', 'P = exp(QKᵀ - L)'].map(phaseSign),
    ).toEqual(['S = QKᵀ', 'O += PV', 'load V, next K', 'dV, dK', 'P']);
  });
});
