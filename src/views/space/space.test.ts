/**
 * The memory scene's arithmetic: area true to bytes, nothing overlaps, everything in the picture, colours of captured
 * values and of nothing else.
 */
import { infoOf } from '../../ops';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../frame/frame';
import type { Frame } from '../../frame/frame-types';
import { arraysOf, scaleOf, tensorsOf, type Matrix } from '../shared/matrix';
import { MASKED } from '../shared/level-paint';
import { colourTable, positionOf } from '../../ui/palette';
import { axes, between, eyeOf, fit, FOV, PRESETS, type Pose, type Vec } from './camera';
import { describeSpace, labelsOf, movedText } from './captions';
import { colourCells } from './cells';
import { contentsOf, occupancyOf, workgroupsOf } from './contents';
import { flowsOf, streamsOf } from './flows';
import { arrange, type Want } from './labels';
import { areaOf, layoutOf, type Area, type Contents } from './layout';
import { pick } from './pick';
import { spaceSpeech } from './space.words';
import { crossTrace } from '../testing/cross-frame';
import { memoryFrame } from '../testing/memory-frame';

const options = { queries: 40, keys: 40, dim: 8, br: 16, bc: 8, mask: 'causal' } as const;
const traces = {
  flash2: crossTrace({ ...options, kernel: 'flash2' }),
  naive: crossTrace({ ...options, kernel: 'naive' }),
};

const known = new Map<string, Frame[]>();
/** Every captured step of a trace. */
function framesOf(kernel: keyof typeof traces): Frame[] {
  const made = known.get(kernel) ?? replay(kernel);
  known.set(kernel, made);
  return made;
}

function replay(kernel: keyof typeof traces): Frame[] {
  const trace = traces[kernel];
  return trace.passes.flatMap((pass, p) =>
    pass.captured.flatMap(({ workgroup, order }) =>
      Array.from(order, (_, phase) => frameOf(trace, { pass: p, workgroup, phase }, { row: 3, thread: 0 })),
    ),
  );
}
const matricesOf = (frame: Frame): Matrix[] => [
  ...tensorsOf(frame),
  ...arraysOf(frame, 'sram'),
  ...arraysOf(frame, 'reg'),
];

const items = (prefix: string, most: number) =>
  fc
    .array(fc.record({ rows: fc.integer({ min: 1, max: 300 }), cols: fc.integer({ min: 1, max: 300 }) }), {
      maxLength: most,
    })
    .map((sizes) => sizes.map((size, i) => ({ key: `${prefix}${i}`, ...size })));
const contents: fc.Arbitrary<Contents> = fc.record({
  hbm: items('hbm', 7).filter((list) => list.length > 0),
  ghosts: items('ghost', 2),
  sram: items('sram', 7),
  reg: items('reg', 3),
  workgroups: fc.integer({ min: 1, max: 100 }),
});

const overlap = (a: Area, b: Area): boolean => a.y === b.y && a.x0 < b.x1 && b.x0 < a.x1 && a.z0 < b.z1 && b.z0 < a.z1;
const inside = (a: Area, b: Area): boolean => a.x0 >= b.x0 && a.x1 <= b.x1 && a.z0 >= b.z0 && a.z1 <= b.z1;

describe('layout', () => {
  test('every matrix of every step has an area of one cell for 4 bytes', () => {
    for (const kernel of ['flash2', 'naive'] as const) {
      for (const frame of framesOf(kernel)) {
        const { places, ghosts } = layoutOf(contentsOf(frame));
        const matrices = matricesOf(frame);
        expect(matrices.length).toBeGreaterThan(4);
        for (const m of matrices.filter((one) => one.level !== 'reg')) {
          const area = areaOf(places.get(m.key)!);
          expect((area.x1 - area.x0) * (area.z1 - area.z0) * 4, m.key).toBe(m.bytes);
        }
        expect(ghosts.map((g) => g.rows * g.cols * 4)).toEqual(kernel === 'naive' ? [] : [6400, 6400]);
      }
    }
  });

  test('whatever the sizes: true to them, on three heights, nothing overlaps, all on the floor', () => {
    fc.assert(
      fc.property(contents, (given) => {
        const { places, ghosts, others, sram, reg, floor, scale } = layoutOf(given);
        for (const { key, rows, cols } of [...given.hbm, ...given.sram, ...given.reg])
          expect(places.get(key)).toMatchObject({ rows, cols });
        const all = [...places.values(), ...ghosts];
        const flat = [...all.map(areaOf), scale];
        for (const [i, a] of flat.entries()) {
          expect(inside(a, floor)).toBe(true);
          for (const b of flat.slice(i + 1)) expect(overlap(a, b)).toBe(false);
        }
        for (const p of places.values()) {
          const tray = p.level === 'sram' ? sram : p.level === 'reg' ? reg : undefined;
          if (tray) expect(inside(areaOf(p), tray) && p.y === tray.y).toBe(true);
          else expect(p.y).toBe(0);
        }
        const boxes = [sram ?? reg, ...others];
        for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
        for (const g of ghosts) for (const box of boxes) expect(overlap(areaOf(g), box)).toBe(false);
        expect(others.length).toBeLessThanOrEqual(given.workgroups - 1);
        if (sram) expect(reg.y).toBeGreaterThan(sram.y);
        expect((scale.x1 - scale.x0) * (scale.z1 - scale.z0) * 4).toBeCloseTo(scale.bytes, 6);
        expect(Math.log2(scale.bytes / 1024) % 2).toBe(0);
      }),
    );
  });

  test('workgroups: the grid counts them, memory alone says how many would fit', () => {
    const frame = memoryFrame();
    expect(workgroupsOf(frame)).toBe(8);
    // sQ, sK, sV of 16 x 32, sS of 16 x 16, three columns of 16: 7360 bytes; the limit is 32 KiB.
    expect(occupancyOf(frame)).toEqual({ used: 7360, limit: 32_768, fit: 4 });
    expect(occupancyOf(memoryFrame({ kernel: 'naive' }))).toMatchObject({ used: 0, fit: undefined });
  });
});

const dot = (a: Vec, b: Vec): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** A point in the picture: -1..1 across and down the picture. */
function project(pose: Pose, aspect: number, p: Vec): [number, number] {
  const eye = eyeOf(pose);
  const { right, up, back } = axes(pose.azimuth, pose.elevation);
  const d: Vec = [p[0] - eye[0], p[1] - eye[1], p[2] - eye[2]];
  const t = Math.tan(FOV / 2) * -dot(d, back);
  return [dot(d, right) / (t * aspect), dot(d, up) / t];
}

describe('camera', () => {
  test('a fitted view holds all of it and wastes nothing', () => {
    fc.assert(
      fc.property(
        contents,
        fc.constantFrom(...Object.values(PRESETS)),
        fc.double({ min: 0.4, max: 3, noNaN: true }),
        (given, direction, aspect) => {
          const { whole } = layoutOf(given);
          const inset = [0.1, 0.2] as const;
          const pose = fit(whole, direction, aspect, inset);
          const at = whole.map((p) => project(pose, aspect, p));
          const [xs, ys] = [at.map(([x]) => x), at.map(([, y]) => y)];
          // Free are a tenth on the left and right each, a tenth above and three below: nothing lies there, and one way
          // across reaches both ends.
          const rounding = 1e-9;
          expect(Math.max(...xs.map(Math.abs))).toBeLessThanOrEqual(0.9 + rounding);
          expect(Math.max(...ys)).toBeLessThanOrEqual(0.9 + rounding);
          expect(Math.min(...ys)).toBeGreaterThanOrEqual(-0.7 - rounding);
          const [width, height] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
          expect(Math.max(width / 1.8, height / 1.6)).toBeGreaterThan(1 - rounding);
        },
      ),
    );
  });

  test('a turn ends where it should, by the shorter way', () => {
    const a: Pose = { azimuth: 3, elevation: 0.5, target: [0, 0, 0], distance: 10 };
    const b: Pose = { azimuth: -3, elevation: 1, target: [2, 0, 4], distance: 40 };
    expect(between(a, b, 0)).toEqual(a);
    const end = between(a, b, 1);
    expect(Math.cos(end.azimuth - b.azimuth)).toBeCloseTo(1);
    expect(end).toMatchObject({ elevation: 1, target: [2, 0, 4], distance: 40 });
    const half = between(a, b, 0.5);
    expect(Math.abs(half.azimuth)).toBeCloseTo(Math.PI);
    expect(half.distance).toBeCloseTo(20);
  });
});

describe('pointing', () => {
  test('a ray through the middle of a cell meets that cell, unless a nearer matrix is in between', () => {
    const { places } = layoutOf(contentsOf(framesOf('flash2')[3]!));
    const all = [...places.values()];
    const pose = fit(layoutOf(contentsOf(framesOf('flash2')[3]!)).whole, PRESETS.top, 1.5, [0.1, 0.1]);
    const eye = eyeOf(pose);
    for (const place of all) {
      for (let n = 0; n < place.rows * place.cols; n += 7) {
        const [row, col] = [Math.floor(n / place.cols), n % place.cols];
        const ray: Vec = [place.x + col + 0.5 - eye[0], place.y - eye[1], place.z + row + 0.5 - eye[2]];
        expect(pick(eye, ray, all, () => 0)).toEqual({ place, row, col });
      }
    }
    expect(pick(eye, [0, 1, 0], all, () => 0)).toBeUndefined();
    expect(pick(eye, [1e6, -1, 0], all, () => 0)).toBeUndefined();
  });
});

describe('colours', () => {
  test('a cell has the colour of its captured value, and none where nothing is written yet or it is masked', () => {
    let [blank, masked, painted] = [0, 0, 0];
    for (const frame of framesOf('flash2')) {
      for (const m of [...arraysOf(frame, 'sram'), ...arraysOf(frame, 'reg')]) {
        const out = new Uint8Array(m.rows * m.cols * 4);
        colourCells(m, 'dark', undefined, out);
        const pixels = new Uint32Array(out.buffer);
        const array = frame.arrays.find((a) => a.info.name === m.name)!;
        const shown = array.values.filter((_, i) => array.writer[i] !== 0);
        const end =
          m.role === 'P' || m.role === 'alpha'
            ? 1
            : shown.reduce((a, x) => (Math.abs(x) < 1e30 ? Math.max(a, Math.abs(x)) : a), 0);
        pixels.forEach((pixel, i) => {
          const x = array.values[i] ?? 0;
          if (array.writer[i] === 0) blank++;
          else if (x <= MASKED) masked++;
          else painted++;
          const value = array.writer[i] !== 0 && x > MASKED;
          const place = Math.max(0, Math.min(255, Math.round(positionOf(x, scaleOf(m.role), end) * 255)));
          expect(pixel).toBe(value ? colourTable('dark', scaleOf(m.role))[place] : 0);
        });
      }
    }
    expect(Math.min(blank, masked, painted)).toBeGreaterThan(50);
  });

  test('no step shows a value that a later phase writes', () => {
    for (const frame of framesOf('flash2')) {
      for (const array of frame.arrays)
        array.writer.forEach((writer, i) => expect(writer === 0 || array.at[i]! <= frame.cursor.phase).toBe(true));
    }
  });
});

describe('ways', () => {
  test('bytes of the ways are the counted bytes of the step, level by level', () => {
    for (const kernel of ['flash2', 'naive'] as const) {
      for (const frame of framesOf(kernel)) {
        const flows = flowsOf(frame);
        const bytes = (keep: (f: (typeof flows)[number]) => boolean): number =>
          flows.filter(keep).reduce((n, f) => n + f.bytes, 0);
        expect(bytes((f) => f.from.level === 'hbm')).toBe(frame.bytes.hbm.step.read);
        expect(bytes((f) => f.to.level === 'hbm')).toBe(frame.bytes.hbm.step.written);
        expect(bytes((f) => f.from.level === 'sram')).toBe(frame.bytes.sram.step.read);
        expect(streamsOf(flows).reduce((n, s) => n + s.bytes, 0)).toBe(bytes(() => true));
      }
    }
  });

  test('flash: tiles of K and V fly to their arrays in the phase that loads them, and O leaves the registers at the end', () => {
    const frames = framesOf('flash2');
    const made = memoryFrame({ step: 'load K,V' });
    const load = {
      ...made,
      pass: {
        ...made.pass,
        bindings: (['K', 'V'] as const).map((id) => ({
          name: id,
          tensor: id,
          access: 'read' as const,
          ...infoOf(id, made.trace.header.run.shape),
        })),
      },
    };
    const nameIn = (frame: Frame, key: string | undefined) => matricesOf(frame).find((m) => m.key === key)?.name;
    expect(flowsOf(load).map((f) => [nameIn(load, f.from.key), nameIn(load, f.to.key)])).toEqual(
      expect.arrayContaining([
        ['K', 'sK'],
        ['V', 'sV'],
      ]),
    );
    const end = frames.find((f) => f.phase.name === 'write O')!;
    const store = flowsOf(end).filter((f) => f.to.level === 'hbm');
    expect(store.map((f) => [f.from.level, nameIn(end, f.to.key)])).toEqual([
      ['reg', 'O'],
      ['reg', 'LSE'],
    ]);
    expect(movedText(load, spaceSpeech('en'))).toContain('HBM → SRAM 4.00 KiB');
  });
});

test('labels never cover one another and stay in the picture', () => {
  const want: fc.Arbitrary<Want> = fc.record({
    x: fc.integer({ min: -20, max: 420 }),
    y: fc.integer({ min: -20, max: 320 }),
    w: fc.integer({ min: 10, max: 120 }),
    h: fc.constant(18),
    rank: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(want, { maxLength: 20 }), (wants) => {
      const at = arrange(wants, 400, 300).flatMap((p, i) => (p ? [{ ...p, w: wants[i]!.w, h: wants[i]!.h }] : []));
      for (const [i, a] of at.entries()) {
        expect(a.x - a.w / 2 >= 0 && a.x + a.w / 2 <= 400 && a.y >= 0 && a.y + a.h <= 300).toBe(true);
        for (const b of at.slice(i + 1))
          expect(Math.abs(a.x - b.x) >= (a.w + b.w) / 2 || Math.abs(a.y - b.y) >= 18).toBe(true);
      }
      // Whoever has the lowest rank and fits gets its own place.
      const [first] = wants.toSorted((a, b) => a.rank - b.rank);
      if (first && first.x > 70 && first.x < 330 && first.y >= 0 && first.y <= 280)
        expect(at.some((p) => p.y === first.y)).toBe(true);
    }),
  );
});

test('every plane is named with its bytes, ghosts with what they would take', () => {
  const frame = memoryFrame();
  const labels = labelsOf(frame, layoutOf(contentsOf({ ...frame, ...framesOf('flash2')[3]! })), 'en');
  expect(labels.length).toBeGreaterThan(3);
  const real = framesOf('flash2')[3]!;
  const named = labelsOf(real, layoutOf(contentsOf(real)), 'en').map((l) => `${l.name}: ${l.detail}`);
  expect(named).toContain('Q: 1.25 KiB');
  expect(named).toContain('S: never written, would be 6.25 KiB');
  expect(named.find((name) => name.startsWith('sS'))).toMatch(/^sS = [SP]: 512 B$/);
  expect(describeSpace(real, 'en')).toContain('S, P are never written to HBM and would take 6.25 KiB each.');
  expect(describeSpace(framesOf('naive')[0]!, 'zh')).not.toContain('SRAM：');
});
