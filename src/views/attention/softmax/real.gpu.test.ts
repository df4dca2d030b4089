/**
 * Views on captures of the kernels that really ran here: every step is drawn, and the numbers on screen are the
 * captured ones.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateInputs } from '../../../ops/attention/inputs';
import { frameOf } from '../../../frame/frame';
import type { Frame } from '../../../frame/frame-types';
import { sceneOf } from '../../../frame/scene';
import type { Trace } from '../../../trace/trace';
import { openCapture } from '../../../machine/gpu/capture';
import { openSession, type Session } from '../../../machine/gpu/session';
import { value } from '../../../ui/format';
import { sentence } from '../../story/sentence';
import { softmax } from './softmax';
import { paintedOn } from './pen';
import type { Plot } from './plot';
import { source } from '../../source/source';
import { mountStrip, type StripActions } from '../../strip/strip';
import { stage } from '../../testing/softmax-stage';

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

async function capture(kernel: string): Promise<Trace> {
  const shape = { batch: 1, heads: 1, kvHeads: 1, queries: 40, keys: 40, dim: 12, mask: 'causal' as const };
  const made = await openCapture(
    session,
    { kernel, shape, tile: kernel === 'flash-fast' ? { br: 16, bc: 4 } : { br: 16, bc: 16 } },
    generateInputs(shape, 5),
    { input: 'seed 5' },
    { plain: 'later' },
  );
  made.dispose();
  return made.trace;
}

/** Every phase of every captured workgroup of the plane, with a row of that workgroup. */
function* frames(trace: Trace): Generator<Frame> {
  for (const [pass, { order, pass: one }] of sceneOf(trace, 0).passes.entries()) {
    for (const workgroup of order) {
      const phases = one.captured.find((c) => c.workgroup === workgroup)?.order.length ?? 0;
      for (let phase = 0; phase < phases; phase++) {
        const { block } = frameOf(trace, { pass, workgroup, phase }, { row: 0, thread: 0 });
        yield frameOf(trace, { pass, workgroup, phase }, { row: Math.min(block.r0 + 3, block.r1), thread: 0 });
      }
    }
  }
}

test.each(['flash2', 'naive', 'flash-fast', 'flash-fast-shared'] as const)(
  '%s: every step is drawn and told as captured',
  async (kernel) => {
    const trace = await capture(kernel);
    const s = stage(trace, softmax.css + source.css);
    const actions = {} as StripActions;
    const [chart, code, strip] = [
      softmax.mount(s.host, s.env),
      source.mount(s.host, s.env),
      mountStrip(s.host, s.env, actions),
    ];
    const painted = () => [...s.host.querySelectorAll('.view-softmax canvas')].map((canvas) => paintedOn(canvas));
    const text = (name: string): string => painted().flatMap((one) => one?.values.get(name) ?? [])[0] ?? '';
    let steps = 0;
    let told = new Set<string>();
    for (const frame of frames(trace)) {
      chart.draw(frame);
      code.draw(frame);
      strip.draw(frame, { playing: false, speed: 1, granularity: 'phase' });
      const tile = frame.softmax?.inWorkgroup ? frame.softmax.tiles.at(-1) : undefined;
      const said = (x: number | undefined): string => (x === undefined ? '' : value(x));
      if (tile) expect(text('l')).toBe(said(tile.l));
      if (tile && kernel !== 'naive') expect([text('m'), text('alpha')]).toEqual([said(tile.m), said(tile.alpha)]);
      const written = tile?.p.filter((p, i) => p !== undefined && !tile.masked[i]).length ?? 0;
      const plot = paintedOn(s.host.querySelector('.plate.P canvas'))?.shapes.get('plot') as Plot | undefined;
      expect(plot?.bars ?? []).toHaveLength(written);
      expect(s.host.querySelector('.scrub')?.getAttribute('aria-valuetext')).toContain(frame.phase.name);
      for (const language of ['en', 'zh'] as const) {
        const { what, why } = sentence(frame, language);
        expect(`${what} ${why}`).not.toMatch(/undefined|NaN|Infinity/);
        told = told.add(frame.phase.name);
      }
      steps++;
    }
    expect(steps).toBeGreaterThan(10);
    const names = {
      flash2: ['load Q', 'load K,V', 'S = QKᵀ', 'softmax', 'O += PV', 'write O'],
      naive: ['S = QKᵀ', 'row max', 'row sum', 'write P', 'O = PV'],
      'flash-fast': ['load Q', 'S = QKᵀ', 'softmax', 'O += PV', 'write O'],
      'flash-fast-shared': ['load Q,K', 'm, l, O begin', 'S = QKᵀ', 'softmax', 'load V, next K', 'O += PV', 'write O'],
    };
    expect([...told]).toEqual(names[kernel]);
    for (const mounted of [chart, code, strip]) mounted.dispose();
    expect(s.host.children).toHaveLength(0);
  },
);
