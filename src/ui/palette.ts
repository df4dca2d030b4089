// Two colour scales for values, as 256-entry tables: diverging for signed values, sequential for 0..1. Safe for
// colour-blind eyes: blue against orange, and a ramp whose lightness alone tells the order.

export type Theme = 'dark' | 'light';
export type Scale = 'diverging' | 'sequential';

type Rgb = readonly [number, number, number];

const STOPS: Record<Theme, Record<Scale, readonly Rgb[]>> = {
  dark: {
    diverging: [
      [122, 184, 255],
      [52, 112, 214],
      [26, 31, 42],
      [214, 116, 30],
      [255, 190, 110],
    ],
    sequential: [
      [24, 28, 38],
      [92, 30, 52],
      [178, 45, 76],
      [255, 106, 122],
      [255, 214, 205],
    ],
  },
  light: {
    diverging: [
      [16, 70, 160],
      [96, 152, 226],
      [250, 251, 253],
      [236, 148, 70],
      [160, 70, 0],
    ],
    sequential: [
      [252, 250, 251],
      [252, 208, 214],
      [240, 122, 142],
      [198, 32, 70],
      [104, 6, 38],
    ],
  },
};

const tables = new Map<string, Uint32Array>();

/** 256 packed ABGR colours (little-endian RGBA), as ImageData needs them; cached, so do not write to them. */
export function colourTable(theme: Theme, scale: Scale): Uint32Array {
  const key = `${theme} ${scale}`;
  const table = tables.get(key) ?? makeTable(theme, scale);
  tables.set(key, table);
  return table;
}

function makeTable(theme: Theme, scale: Scale): Uint32Array {
  const stops = STOPS[theme][scale];
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const x = (i / 255) * (stops.length - 1);
    const a = stops[Math.floor(x)] ?? [0, 0, 0];
    const b = stops[Math.min(stops.length - 1, Math.floor(x) + 1)] ?? a;
    const t = x - Math.floor(x);
    const mix = (n: 0 | 1 | 2): number => Math.round(a[n] + (b[n] - a[n]) * t);
    table[i] = 0xff000000 | (mix(2) << 16) | (mix(1) << 8) | mix(0);
  }
  return table;
}

/** A CSS colour of the scale at position 0..1, for SVG marks that must match a heat-map. */
export function colourAt(table: Uint32Array, position: number): string {
  const c = table[Math.max(0, Math.min(255, Math.round(position * 255)))] ?? 0;
  return `rgb(${c & 255} ${(c >> 8) & 255} ${(c >> 16) & 255})`;
}

/** Position on the scale: diverging maps -max..max, sequential 0..max, to 0..1. */
export const positionOf = (value: number, scale: Scale, max: number): number =>
  max === 0 ? (scale === 'diverging' ? 0.5 : 0) : scale === 'diverging' ? 0.5 + value / (2 * max) : value / max;
