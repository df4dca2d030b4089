/**
 * The step sentences: every phase of both kernels in both languages as snapshots, and their numbers against the
 * frame's.
 */
import { kernelById } from '../../kernels/kernels';
import { expect, test } from 'vitest';
import type { Frame } from '../../frame/frame-types';
import { value } from '../../ui/format';
import { sentence } from './sentence';
import { flashFrame, naiveFrame } from '../testing/softmax-frame';

const flash: Record<string, Frame> = {
  'load Q': flashFrame({ phase: 0, row: 26, r0: 16 }),
  'first load K,V': flashFrame({ phase: 1, row: 26, r0: 16 }),
  'first S': flashFrame({ phase: 2, row: 26, r0: 16 }),
  'first softmax': flashFrame({ phase: 3, row: 26, r0: 16 }),
  'first O += PV': flashFrame({ phase: 4, row: 26, r0: 16 }),
  'softmax, m rises': flashFrame({ phase: 7, row: 26, r0: 16 }),
  'softmax, m stays': flashFrame({ phase: 11, row: 26, r0: 16 }),
  'masked in part': flashFrame({ phase: 6, row: 26, r0: 16, mask: 'causal' }),
  'masked in full, S': flashFrame({ phase: 10, row: 26, r0: 16, mask: 'causal' }),
  'masked in full, softmax': flashFrame({ phase: 11, row: 26, r0: 16, mask: 'causal' }),
  'write O': flashFrame({ phase: 17, row: 26, r0: 16 }),
  'a line': flashFrame({ phase: 7, row: 26, r0: 16, line: 4 }),
  'the last line': flashFrame({ phase: 7, row: 26, r0: 16, line: 65 }),
  'row of another workgroup': flashFrame({ phase: 7, row: 2, r0: 16 }),
  'not captured yet': { ...flashFrame({ phase: 0 }), workgroup: undefined },
};

const named = (frame: Frame, pass: string, phase: string): Frame => ({
  ...frame,
  pass: { ...frame.pass, name: pass },
  phase: { ...frame.phase, name: phase },
  bytes: { ...frame.bytes, hbm: { ...frame.bytes.hbm, step: { read: 16384, written: 256 } } },
});
const naive: Record<string, Frame> = {
  scores: named(naiveFrame('row max'), 'scores', 'S = QKᵀ'),
  'row max': named(naiveFrame('row max'), 'softmax', 'row max'),
  'row sum': named(naiveFrame('row sum'), 'softmax', 'row sum'),
  'write P': named(naiveFrame('write P'), 'softmax', 'write P'),
  output: named(naiveFrame('write P'), 'output', 'O = PV'),
};

for (const language of ['en', 'zh'] as const) {
  test(`what and why of each phase, ${language}`, () => {
    const told = Object.entries({ ...flash, ...naive }).map(([name, frame]) => {
      const { what, why } = sentence(frame, language);
      return `${name}\n  ${what}\n  ${why}`;
    });
    expect(told.join('\n')).toMatchSnapshot();
  });

  test(`the softmax sentence adds up, ${language}`, () => {
    const tile = flash['softmax, m rises']!.softmax!.tiles.at(-1)!;
    const { what } = sentence(flash['softmax, m rises']!, language);
    const spoken = [...what.matchAll(/−?\d+\.\d+/g)].map(([x]) => Number(x.replace('−', '-')));
    const [mOld, m, alpha, alphaAgain, lOld, sumP, l] = spoken as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(alphaAgain).toBe(alpha);
    expect(alpha).toBeCloseTo(Math.exp(mOld - m), 3);
    expect(l).toBeCloseTo(alpha * lOld + sumP, 2);
    expect(what).toContain(value(tile.l!));
  });

  test(`before a phase has written, no number of it is spoken, ${language}`, () => {
    const before = sentence(flash['first S']!, language).what;
    const after = flash['first softmax']!.softmax!.tiles[0]!;
    expect(before).not.toContain(value(after.l!));
  });
}

test('unknown phases are told by their bytes', () => {
  expect(sentence(named(naiveFrame('row max'), 'x', 'mine'), 'en').what).toBe(
    'Phase “mine”: 16.0 KiB read from HBM, 256 B written.',
  );
});

test('one row shares nothing, one tile is one tile, and a kernel of single rows says how often it reads K and V', () => {
  const load = flashFrame({ phase: 1, row: 26, r0: 16 });
  const withShape = (
    frame: Frame,
    run: Partial<Frame['trace']['header']['run']>,
    shape: Partial<Frame['trace']['header']['run']['shape']>,
  ): Frame => {
    const { header } = frame.trace;
    return {
      ...frame,
      trace: {
        ...frame.trace,
        header: { ...header, run: { ...header.run, ...run, shape: { ...header.run.shape, ...shape } } },
      },
    };
  };
  const alone = { ...load, block: { ...load.block, r1: load.block.r0 } };
  expect(sentence(alone, 'en').why).toContain('one query row, so nothing shares this tile');
  expect(sentence(load, 'en').why).toMatch(/^All \d+ query rows of the block share/);
  const { tile } = load.trace.header.run;
  const tiles = load.phase.tiles;
  const last = (after: number): Frame => ({
    ...withShape(load, {}, { mask: 'causal', keys: tile.bc * (tiles + after) }),
    phase: { ...load.phase, tile: tiles - 1 },
  });
  expect(sentence(last(1), 'en').why).toContain('hides the 1 tile after it, which is never loaded');
  expect(sentence(last(2), 'en').why).toContain('hides the 2 tiles after it, which are never loaded');
  const query = flashFrame({ phase: 0, row: 26, r0: 16 });
  const byRow = (queries: number): Frame => {
    const frame = withShape(query, { kernel: 'decode' }, { queries });
    const [pass] = kernelById('decode').passes({ ...frame.trace.header.run, tile: { br: 1, bc: 16 } });
    return { ...frame, pass: { ...frame.pass, layouts: pass!.layouts } };
  };
  expect(sentence(byRow(5), 'en').why).toContain('5 rows of a head read K and V 5 times');
  expect(sentence(byRow(1), 'en').why).toContain('one query row a sequence');
});

test('Q is said to be multiplied by what the text multiplies it by, and the last tile fetches no next K', () => {
  const query = flashFrame({ phase: 0, row: 26, r0: 16 });
  const phaseAt = (name: string, tile: number): Frame => ({
    ...query,
    phase: { ...query.phase, name, tile, tiles: 3 },
  });
  const first = phaseAt('load Q,K', 0);
  expect(first.pass.text).not.toContain('LOG2E');
  expect(sentence(first, 'en').what).toContain('of Q, times 1 / √d, and');
  expect(sentence({ ...first, pass: { ...first.pass, text: 'q * LOG2E' } }, 'en').what).toContain(
    'times log₂e · 1 / √d',
  );
  expect(sentence(phaseAt('load V, next K', 1), 'en').what).toContain('the K of the next tile');
  expect(sentence(phaseAt('load V, next K', 2), 'en').what).not.toContain('next');
});
