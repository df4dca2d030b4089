// The CPU pool below the pool, where a rule set swaps: which requests are in it, and what this step moved out or back.
import { linkVertical } from 'd3';
import type { Moment, PreemptionMode } from '../../../paging';
import type { Pen } from '../shared/board';
import type { CpuFacts } from '../shared/cpu-facts';
import { type Over } from './over';
import { requestAt } from '../shared/facts';
import { fillShared, type PoolInk } from '../shared/ink';
import { cornerOf, type PoolLayout } from './layout';
import type { PageFrame } from '../view';

export interface CpuLayout {
  /** Its top edge: below the blocks of the pool. */
  readonly top: number;
  readonly columns: number;
  readonly cellW: number;
  readonly cellH: number;
  readonly gap: number;
  readonly head: number;
  /** Its height with the line above the cells; 0 when there is no CPU pool. */
  readonly height: number;
}

const SIZES = [
  [92, 26],
  [64, 26],
  [46, 24],
  [24, 18],
  [12, 12],
] as const;
const MOST_ROWS = 3;
/** A cell of this width or more has room for its number. */
export const NUMBER_FROM = 46;
const HEAD = 26;

/**
 * The largest cells that take few rows and, where smaller cells take less, at most `most` pixels. `count` 0: no CPU
 * pool.
 */
export function cpuLayoutOf(width: number, count: number, top: number, most = Infinity): CpuLayout {
  let layout: CpuLayout = { top, columns: 1, cellW: 0, cellH: 0, gap: 0, head: 0, height: 0 };
  if (count === 0) return layout;
  for (const [cellW, cellH] of SIZES) {
    const gap = cellW >= NUMBER_FROM ? 6 : 2;
    const columns = Math.max(1, Math.min(count, Math.floor((width - 2 + gap) / (cellW + gap))));
    const rows = Math.ceil(count / columns);
    layout = { top, columns, cellW, cellH, gap, head: HEAD, height: HEAD + rows * (cellH + gap) + 2 };
    if (rows <= MOST_ROWS && layout.height <= most) break;
  }
  return layout;
}

export function cpuCornerOf(
  { top, head, columns, cellW, cellH, gap }: CpuLayout,
  block: number,
): readonly [number, number] {
  return [1 + (block % columns) * (cellW + gap), top + head + Math.floor(block / columns) * (cellH + gap)];
}

/** Whether a run can show anything here: single sequences are swapped only when that is chosen, groups by V0's rule. */
const maySwap = (preemption: PreemptionMode, anySwapped: boolean): boolean =>
  preemption === 'swap' || (preemption === 'auto' && anySwapped);

/** How many CPU blocks are shown. Remembers whether the run ever swapped, and reads only what its series has gained. */
export class SwapWatch {
  #swapped = false;
  #read = 0;

  /** All CPU blocks, or none when nothing is ever swapped. */
  blocks({ moment: { state }, series }: PageFrame): number {
    const { rules, preemption, cpuBlocks } = state.config;
    if (rules !== 'paper') return 0;
    if (!this.#swapped && this.#read < series.length) {
      this.#swapped = series
        .column('swapped')
        .subarray(this.#read)
        .some((n) => n > 0);
      this.#read = series.length;
    }
    return maySwap(preemption, this.#swapped) ? cpuBlocks : 0;
  }
}

export interface CpuPainter {
  readonly ink: PoolInk;
  readonly layout: CpuLayout;
  readonly blockSize: number;
  readonly tokenText: (token: number) => string;
}

/** The line above the cells. */
export function paintCpuHead(pen: Pen, { ink, layout }: CpuPainter, name: string, width: number): void {
  pen.strokeStyle = ink['line-strong'];
  pen.lineWidth = 1;
  pen.font = `600 ${ink['text-s']} ${ink.font}`;
  pen.textAlign = 'left';
  pen.fillStyle = ink['ink-2'];
  const y = layout.top + 16;
  pen.fillText(name, 1, y);
  const from = pen.measureText(name).width + 10;
  pen.beginPath();
  pen.moveTo(from, y - 4.5);
  pen.lineTo(width - 1, y - 4.5);
  pen.stroke();
}

/** One block: its number, filled as far as its slots are, with its tokens where they fit. */
export function paintCpuCell(
  pen: Pen,
  { ink, layout, blockSize, tokenText }: CpuPainter,
  { state }: Moment,
  facts: CpuFacts,
  id: number,
): void {
  const { cellW: w, cellH: h } = layout;
  const [x, y] = cpuCornerOf(layout, id);
  const { tokens, refCount } = state.cpu.at(id);
  const owners = facts.holders(id).slice(0, 4);
  pen.fillStyle = owners.length > 0 ? ink.raised : ink.panel;
  pen.fillRect(x, y, w, h);
  if (owners.length > 0) {
    const fills = owners.map(({ request }) => ink.tone(request).fill);
    fillShared(pen, fills, x + 1, y + 1, Math.max(2, ((w - 2) * tokens.length) / blockSize), h - 2);
    for (const [i, { request }] of owners.entries()) {
      pen.fillStyle = ink.tone(request).strong;
      pen.fillRect(x + 1 + (i * (w - 2)) / owners.length, y + 1, (w - 2) / owners.length, h > 16 ? 3 : 2);
    }
  }
  const moved = facts.out.has(id)
    ? ink.change('swapped-out')
    : facts.back.has(id)
      ? ink.change('swapped-in')
      : undefined;
  pen.strokeStyle = moved ?? ink['line-strong'];
  pen.lineWidth = moved ? 2 : 1;
  pen.setLineDash(owners.length > 0 ? [] : [4, 3]);
  const inset = moved ? 1 : 0.5;
  pen.strokeRect(x + inset, y + inset, w - 2 * inset, h - 2 * inset);
  pen.setLineDash([]);
  if (w < NUMBER_FROM) return;
  const base = y + h - 7;
  pen.textAlign = 'left';
  pen.font = `700 ${ink['text-s']} ${ink.mono}`;
  pen.fillStyle = owners.length > 0 ? ink.ink : ink['ink-3'];
  pen.fillText(String(id), x + 5, base);
  const left = x + 9 + pen.measureText(String(id)).width;
  pen.textAlign = 'right';
  const right = x + w - 5;
  const text = owners.length === 0 ? '' : tokens.map(tokenText).join('');
  if (text !== '' && pen.measureText(text).width <= right - left) pen.fillText(text, right, base);
  else if (refCount > 1) pen.fillText(`×${refCount}`, right, base);
}

/** All that a cell shows, as a key: the cell is painted only when it changed. */
export function cpuLookOf({ state }: Moment, facts: CpuFacts, id: number): string {
  const holders = facts.holders(id);
  const moved = facts.out.has(id) ? 'o' : facts.back.has(id) ? 'b' : '';
  return holders.length === 0
    ? moved
    : `${moved}${holders.map(({ request }) => request).join()};${state.cpu.at(id).tokens.join()}`;
}

/** The CPU blocks that are pointed at: one, or all of a request's. */
export function selectedCpu({ selection, moment: { state } }: PageFrame): readonly number[] {
  if (selection.cpu !== undefined) return selection.cpu < state.cpu.length ? [selection.cpu] : [];
  if (selection.block !== undefined || selection.position !== undefined) return [];
  return (requestAt(state, selection.request)?.cpuTable ?? []).filter((block) => block >= 0);
}

/** With more moves than this single arrows cannot be followed: thin ones are drawn. */
const MANY = 8;

/** Arrows of the blocks moved in this step, and rings around what is pointed at. */
export function cpuOver(frame: PageFrame, facts: CpuFacts, pool: PoolLayout, layout: CpuLayout, ink: PoolInk): Over {
  if (layout.height === 0) return { key: '', paint: () => {} };
  const moves = [
    ...[...facts.out].map(([cpu, block]) => ({ cpu, block, out: true })),
    ...[...facts.back].map(([cpu, block]) => ({ cpu, block, out: false })),
  ];
  const looked = selectedCpu(frame);
  return {
    key: `${moves.map(({ cpu, block, out }) => `${cpu}${out ? '<' : '>'}${block}`).join()};${looked.join()}`,
    paint(pen) {
      pen.save();
      for (const { cpu, block, out } of moves) {
        const [bx, by] = cornerOf(pool, block);
        const [cx, cy] = cpuCornerOf(layout, cpu);
        const there: [number, number] = [bx + pool.cardW / 2, by + pool.cardH - (pool.detail === 'squares' ? 0 : 4)];
        const here: [number, number] = [cx + layout.cellW / 2, cy];
        paintMove(
          pen,
          out ? there : here,
          out ? here : there,
          ink.change(out ? 'swapped-out' : 'swapped-in'),
          moves.length > MANY,
        );
      }
      pen.setLineDash([]);
      pen.strokeStyle = ink.focus;
      pen.lineWidth = 2;
      for (const block of looked) {
        const [x, y] = cpuCornerOf(layout, block);
        pen.strokeRect(x - 1, y - 1, layout.cellW + 2, layout.cellH + 2);
      }
      pen.restore();
    },
  };
}

function paintMove(
  pen: CanvasRenderingContext2D,
  source: [number, number],
  target: [number, number],
  colour: string,
  thin: boolean,
): void {
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = thin ? 1 : 2;
  pen.setLineDash([6, 4]);
  pen.beginPath();
  linkVertical().context(pen)({ source, target });
  pen.stroke();
  // The curve ends vertically, so its arrow head points along y.
  const back = target[1] >= source[1] ? -1 : 1;
  const [half, length] = thin ? [3.5, 6] : [5, 9];
  pen.beginPath();
  pen.moveTo(...target);
  pen.lineTo(target[0] - half, target[1] + back * length);
  pen.lineTo(target[0] + half, target[1] + back * length);
  pen.fill();
}
