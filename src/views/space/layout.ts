// Where everything stands in the memory scene: plain arithmetic over sizes, so that area is true to bytes and nothing
// overlaps. One unit is one cell of 4 bytes; x goes right with columns, z to the viewer with rows, y up through HBM,
// SRAM and registers.
import type { Level } from '../shared/matrix';
import type { Vec } from './camera';

/** A matrix of `rows` x `cols` cells. */
export interface Item {
  key: string;
  rows: number;
  cols: number;
}

/**
 * What the scene holds. `workgroups` counts all of the dispatch that this scene speaks of, the selected one included.
 */
export interface Contents {
  hbm: readonly Item[];
  /** Matrices that this kernel never writes to HBM. */
  ghosts: readonly Item[];
  sram: readonly Item[];
  reg: readonly Item[];
  workgroups: number;
}

/** A matrix with its place: x and z of the outer corner of cell [0][0], y of its upper face. */
export interface Place extends Item {
  level: Level;
  x: number;
  y: number;
  z: number;
}

/** A rectangle at one height. */
export interface Area {
  x0: number;
  x1: number;
  z0: number;
  z1: number;
  y: number;
}

export interface Layout {
  places: ReadonlyMap<string, Place>;
  ghosts: readonly Place[];
  floor: Area;
  /** A square of so many bytes, to compare with. */
  scale: Area & { bytes: number };
  /** The selected workgroup's memory; undefined where the kernel uses none. */
  sram: Area | undefined;
  reg: Area;
  /** Other workgroups, each as large as the selected one. */
  others: readonly Area[];
  /** Corners of all of it, and of the part that a fresh view shows. */
  whole: readonly Vec[];
  focus: readonly Vec[];
}

/** Most outlines of other workgroups. */
const OTHERS = 12;

const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));
const largest = (items: readonly Item[], size: (item: Item) => number): number => Math.max(0, ...items.map(size));

/** Items in rows from left to right, at most `width` wide; corner at (0, 0). */
export function shelf(
  items: readonly Item[],
  width: number,
  gap: number,
): { at: (Item & { x: number; z: number })[]; w: number; d: number } {
  const at: (Item & { x: number; z: number })[] = [];
  let [x, z, deep, w] = [0, 0, 0, 0];
  for (const item of items) {
    if (x > 0 && x + item.cols > width) [x, z, deep] = [0, z + deep + gap, 0];
    at.push({ ...item, x, z });
    x += item.cols + gap;
    deep = Math.max(deep, item.rows);
    w = Math.max(w, x - gap);
  }
  return { at, w, d: items.length > 0 ? z + deep : 0 };
}

/** Items of a chip level, in one row unless that gets very long. */
function pack(items: readonly Item[]): ReturnType<typeof shelf> {
  const cells = items.reduce((n, i) => n + i.rows * i.cols, 0);
  const gap = clamp(0.14 * largest(items, (i) => Math.sqrt(i.rows * i.cols)), 3, 16);
  const width = Math.max(
    Math.sqrt(cells * 24),
    largest(items, (i) => i.cols),
  );
  return shelf(items, width, gap);
}

/** A tray around a pack: centred at x = 0, its front edge at `front`. */
function tray(packed: ReturnType<typeof shelf>, front: number, y: number): { area: Area; pad: number } {
  const pad = clamp(0.05 * packed.w, 3, 12);
  const half = Math.max(packed.w, 8) / 2 + pad;
  const depth = Math.max(packed.d, 8) + 2 * pad;
  return { area: { x0: -half, x1: half, z0: front - depth, z1: front, y }, pad };
}

/**
 * The whole scene. HBM lies in front; SRAM hovers above the back of it, the ghosts to its sides, the registers above
 * and behind.
 */
export function layoutOf(contents: Contents): Layout {
  const depth = largest(contents.hbm, (i) => i.rows);
  const gap = clamp(0.09 * depth, 5, 60);
  const floor = shelf(contents.hbm, Infinity, gap);
  const places = new Map<string, Place>();
  for (const { x, z, ...item } of floor.at)
    places.set(item.key, { ...item, level: 'hbm', x: x - floor.w / 2, y: 0, z });

  const [sramPack, regPack] = [pack(contents.sram), pack(contents.reg)];
  const chipWidth = Math.max(sramPack.w, regPack.w, 16);
  const rise = clamp(0.3 * Math.max(chipWidth, 0.4 * depth), 14, 140);
  const hasSram = contents.sram.length > 0;
  const seam = -clamp(0.12 * chipWidth, 6, 40);
  const sram = hasSram ? tray(sramPack, seam, rise) : undefined;
  const reg = tray(regPack, sram ? sram.area.z0 + seam / 3 : seam, sram ? 2 * rise : rise);
  for (const [level, packed, on] of [
    ['sram', sramPack, sram],
    ['reg', regPack, reg],
  ] as const) {
    if (!on) continue;
    const left = (on.area.x0 + on.area.x1 - packed.w) / 2;
    for (const { x, z, ...item } of packed.at)
      places.set(item.key, { ...item, level, x: left + x, y: on.area.y, z: on.area.z0 + on.pad + z });
  }
  const scale = scaleAt(depth, floor.w / 2 + gap);
  const ghosts = ghostsAt(contents.ghosts, sram?.area ?? reg.area, gap);
  const others = othersAt(contents.workgroups - 1, sram?.area ?? reg.area, ghosts);
  const areas = [
    reg.area,
    ...(sram ? [sram.area] : []),
    ...others,
    scale,
    ...[...places.values(), ...ghosts].map(areaOf),
  ];
  return { places, ghosts, others, scale, sram: sram?.area, reg: reg.area, ...bounds(areas, sram?.area) };
}

export const areaOf = (p: Place): Area => ({ x0: p.x, x1: p.x + p.cols, z0: p.z, z1: p.z + p.rows, y: p.y });

/** 1 KiB, or four times as much as often as it stays small beside the planes. */
function scaleAt(depth: number, x: number): Layout['scale'] {
  let side = 16;
  while (side * 2 <= depth / 8) side *= 2;
  return { x0: x, x1: x + side, z0: 0, z1: side, y: 0, bytes: side * side * 4 };
}

/** The first to the left of the box, the second to the right, and so on outwards. */
function ghostsAt(items: readonly Item[], box: Area, gap: number): Place[] {
  let [left, right] = [box.x0 - gap, box.x1 + gap];
  return items.map((item, i) => {
    const x = i % 2 === 0 ? left - item.cols : right;
    if (i % 2 === 0) left = x - gap;
    else right = x + item.cols + gap;
    return { ...item, level: 'sram', x, y: box.y, z: box.z1 - item.rows };
  });
}

/** A column behind the box; where no ghosts stand, columns beside it too. */
function othersAt(count: number, box: Area, ghosts: readonly Place[]): Area[] {
  const [w, d] = [box.x1 - box.x0, box.z1 - box.z0];
  const space = 0.22 * Math.min(w, d) + 2;
  const columns = ghosts.length > 0 ? [0] : [0, 1, -1, 2, -2];
  const rows = Math.max(2, Math.floor(largest(ghosts, (g) => g.rows) / (d + space)));
  const slots = columns
    .flatMap((c) => Array.from({ length: rows + 1 }, (_, r) => [c, r] as const))
    .filter(([c, r]) => c !== 0 || r !== 0);
  return slots.slice(0, Math.min(count, OTHERS)).map(([c, r]) => {
    const [dx, dz] = [c * (w + space), -r * (d + space)];
    return { x0: box.x0 + dx, x1: box.x1 + dx, z0: box.z0 + dz, z1: box.z1 + dz, y: box.y };
  });
}

function bounds(areas: readonly Area[], sram: Area | undefined): Pick<Layout, 'floor' | 'whole' | 'focus'> {
  const x0 = Math.min(...areas.map((a) => a.x0));
  const x1 = Math.max(...areas.map((a) => a.x1));
  const z0 = Math.min(...areas.map((a) => a.z0));
  const z1 = Math.max(...areas.map((a) => a.z1));
  const margin = 0.06 * Math.max(x1 - x0, z1 - z0);
  // Beside a long problem the box is tiny: a fresh view shows it and what is near.
  const width = sram ? sram.x1 - sram.x0 : Infinity;
  const [aside, away] = [Math.max(1.2 * width, 200), Math.max(0.8 * width, 140)];
  const clip = (a: Area): Area => ({
    x0: clamp(a.x0, -aside, aside),
    x1: clamp(a.x1, -aside, aside),
    z0: clamp(a.z0, -away, away),
    z1: clamp(a.z1, -away, away),
    y: a.y,
  });
  const floor = { x0: x0 - margin, x1: x1 + margin, z0: z0 - margin, z1: z1 + margin, y: 0 };
  return { floor, whole: areas.flatMap(corners), focus: areas.map(clip).flatMap(corners) };
}

const corners = ({ x0, x1, z0, z1, y }: Area): Vec[] => [
  [x0, y, z0],
  [x1, y, z0],
  [x0, y, z1],
  [x1, y, z1],
];
