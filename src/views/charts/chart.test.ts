// The kernels' hues and marks in charts: one each, legible on both themes, and apart for eyes that see less colour.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TUNED } from '../../bench/entrant';
import { KERNELS } from '../../kernels';
import { OPS } from '../../ops';
import { hueOf, markPath } from '../../ui/kernel-mark';

type Triple = readonly [number, number, number];

const sheet = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
/** Custom properties that are colours, by theme. */
function colours(css: string, theme: string): Map<string, Triple> {
  const block = new RegExp(`data-theme='${theme}'\\]\\) \\{([^}]*)`).exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+): #(\w\w)(\w\w)(\w\w);/g)].map(([, name, ...rgb]) => [name!, linear(rgb)]),
  );
}
const linear = (hex: readonly string[]): Triple => {
  const [r = 0, g = 0, b = 0] = hex
    .map((two) => parseInt(two, 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return [r, g, b];
};
const times = (rows: readonly Triple[], [r, g, b]: Triple): Triple => {
  const [x = 0, y = 0, z = 0] = rows.map((row) => row[0] * r + row[1] * g + row[2] * b);
  return [x, y, z];
};

/** WCAG 2.2. */
function contrast(a: Triple, b: Triple): number {
  const [low = 0, high = 0] = [a, b]
    .map(([r, g, bl]) => 0.2126 * r + 0.7152 * g + 0.0722 * bl)
    .toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/**
 * What eyes of each kind get of a linear colour: all, or without one kind of cone (Machado, Oliveira, Fernandes 2009,
 * severity 1).
 */
const EYES: Record<string, readonly Triple[]> = {
  typical: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** OKLab (Ottosson 2020). */
function lab(colour: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    colour,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(cones[0]), Math.cbrt(cones[1]), Math.cbrt(cones[2])],
  );
}
const seen = (colour: Triple, eye: readonly Triple[]): Triple => {
  const [r, g, b] = times(eye, colour);
  const clip = (x: number): number => Math.min(1, Math.max(0, x));
  return lab([clip(r), clip(g), clip(b)]);
};

/** What may stand in one chart: the kernels of an op, and the tuned choice. */
const charts = OPS.map(({ id: of }) => [...KERNELS.filter(({ op }) => op === of).map(({ id }) => id), TUNED]);

it('every kernel and the tuned choice has a hue and a mark of its own', () => {
  for (const entrants of charts) {
    expect(new Set(entrants.map(hueOf)).size).toBe(entrants.length);
    expect(new Set(entrants.map((id) => markPath(id))).size).toBe(entrants.length);
  }
});

it.each(['dark', 'light'])('%s: a hue is legible as text, and no two look alike to anybody', (theme) => {
  const hues = colours(sheet('chart.css'), theme);
  const grounds = colours(sheet('../../ui/theme.css'), theme);
  const own = charts[0]!.map((id) => hues.get(`kernel-${hueOf(id)}`)!);
  for (const hue of own)
    for (const ground of ['panel', 'raised']) expect(contrast(hue, grounds.get(ground)!)).toBeGreaterThan(4.5);
  for (const [kind, eye] of Object.entries(EYES)) {
    const all = own.map((hue) => seen(hue, eye));
    for (const [i, a] of all.entries()) {
      for (const b of all.slice(0, i))
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), `${kind} ${i}`).toBeGreaterThan(0.08);
    }
  }
});
