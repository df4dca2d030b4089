// The six steps of the tour, as pure functions of a trace: where each stands, what is lit, and the sentence with the
// run's own numbers.
import { frameOf } from '../../frame/frame';
import type { Cursor, Frame } from '../../frame/frame-types';
import { sceneOf } from '../../frame/scene';
import type { Trace } from '../../trace/trace';
import { cardById } from '../../kernels';
import { OPENING } from '../../kernels/defaults';
import { both } from '../../ops/costs';
import { ioModel, scoreBytes, standardModel } from '../../kernels/io-model';
import { bytes, count, range, value } from '../../ui/format';
import type { Pane } from '../../views';
import type { RingRef } from '../../views/shared/ring';
import { speak, type Language } from '../../words';
import { tourWords } from './tour.words';

export interface TourStep {
  cursor: Cursor;
  row: number;
  ring: RingRef;
  /** The pane of small screens that shows it. */
  pane: Pane;
  say(language: Language): string;
}

/** Length for which the last step names the model's bytes, beside those of the run: there S is large. */
const LONG = 4096;

/** Names of the phases that the tour stops at, in the order in which a workgroup of flash2 comes to them. */
const FETCH = 'load K,V';
const SCORES = 'S = QKᵀ';
const SOFTMAX = 'softmax';
const WRITE = 'write O';

/** A workgroup in which a row's maximum rises at the second tile: there online softmax has something to show. */
interface Story {
  workgroup: number;
  row: number;
  /** The executed phases of that workgroup. */
  phases: Frame['phases'];
}

function storyOf(trace: Trace): Story | undefined {
  const { plane } = trace.header;
  let fallback: Story | undefined;
  for (const workgroup of sceneOf(trace, plane).passes[0]?.order ?? []) {
    const first = frameOf(trace, { pass: 0, workgroup, phase: 0 }, { row: 0, thread: 0, pinned: false }, plane);
    const { phases, block } = first;
    const softmax = phases.find(({ name, tile }) => name === SOFTMAX && tile === 1);
    if (!softmax || !phases.some(({ name }) => name === FETCH) || phases.at(-1)?.name !== WRITE) continue;
    // From the last row on: a causal mask leaves it most to see.
    for (let row = block.r1; row >= block.r0; row--) {
      const tile = frameOf(
        trace,
        { pass: 0, workgroup, phase: softmax.k },
        { row, thread: 0, pinned: false },
        plane,
      ).softmax?.tiles.at(-1);
      if (tile?.alpha !== undefined && tile.alpha < 0.9 && (tile.mOld ?? -Infinity) > -1e30)
        return { workgroup, row, phases };
    }
    fallback ??= { workgroup, row: block.r1, phases };
  }
  return fallback;
}

/** The tour of a trace; undefined where it is not one of the page's first kernel with its workgroups and at least two key tiles. */
export function tourOf(trace: Trace): readonly TourStep[] | undefined {
  const { kernel, shape, tile } = trace.header.run;
  const { plane } = trace.header;
  const story = kernel === OPENING ? storyOf(trace) : undefined;
  if (!story) return undefined;
  const { workgroup, row, phases } = story;
  const phaseOf = (name: string, nth: number): number =>
    phases.find((p) => p.name === name && p.tile === nth)?.k ?? phases.length - 1;
  const at = (phase: number): Cursor => ({ pass: 0, workgroup, phase });
  const seen = (cursor: Cursor): Frame => frameOf(trace, cursor, { row, thread: 0, pinned: false }, plane);
  const start = { pass: 0, workgroup: sceneOf(trace, plane).passes[0]?.order[0] ?? 0, phase: 0 };
  const said = (language: Language) => speak(tourWords, language);
  const [high = tile] = cardById(kernel).tiles.toSorted((a, b) => b.br - a.br);
  const long = { ...trace.header.run, shape: { ...shape, queries: LONG, keys: LONG }, tile: high };
  const [fetch, scores, softmax, write] = [
    phaseOf(FETCH, 1),
    phaseOf(SCORES, 1),
    phaseOf(SOFTMAX, 1),
    phases.length - 1,
  ].map(at) as [Cursor, Cursor, Cursor, Cursor];
  return [
    {
      cursor: start,
      row: seen(start).block.r1,
      ring: { of: 'scores' },
      pane: 'cross',
      say: (language) => said(language).scores(shape.keys, count(shape.queries * shape.keys)),
    },
    {
      cursor: fetch,
      row,
      ring: { of: 'level', id: 'sram' },
      pane: 'memory',
      say(language) {
        const { block, bytes: moved } = seen(fetch);
        // The first step stood at the first workgroup: that this is another one is said.
        const ahead = workgroup === start.workgroup ? undefined : workgroup;
        return said(language).tile(range(block.r0, block.r1), tile.bc, bytes(both(moved.hbm.step)), ahead);
      },
    },
    {
      cursor: scores,
      row,
      ring: { of: 'scores', live: true },
      pane: 'cross',
      say: (language) => said(language).live(tile.br, tile.bc, bytes(both(seen(scores).bytes.hbm.step))),
    },
    {
      cursor: softmax,
      row,
      ring: { of: 'row' },
      pane: 'softmax',
      say(language) {
        const last = seen(softmax).softmax?.tiles.at(-1);
        return said(language).row(row, value(last?.mOld ?? NaN), value(last?.m ?? NaN), value(last?.alpha ?? NaN));
      },
    },
    {
      cursor: write,
      row,
      ring: { of: 'never' },
      pane: 'memory',
      say: (language) =>
        said(language).never(bytes(seen(write).bytes.hbm.step.written), bytes(2 * 4 * shape.queries * shape.keys)),
    },
    {
      cursor: write,
      row,
      ring: { of: 'traffic' },
      pane: 'memory',
      say(language) {
        const { run } = trace.header;
        const spared = scoreBytes(run);
        const [standard, tiled, longStandard, longTiled] = [
          standardModel(run),
          ioModel(run),
          standardModel(long),
          ioModel(long),
        ].map(both) as [number, number, number, number];
        return said(language).saves({
          standard: bytes(standard),
          spared: bytes(spared),
          paid: bytes(tiled - (standard - spared)),
          tiled: bytes(tiled),
          rows: tile.br,
          n: count(LONG),
          most: high.br,
          bigStandard: bytes(longStandard),
          bigTiled: bytes(longTiled),
          times: count(longStandard / longTiled),
        });
      },
    },
  ];
}
