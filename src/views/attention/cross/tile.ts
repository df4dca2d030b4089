// The live tile enlarged: every row and key named, values in the cells where they fit, or the same as a table.
import { sees } from '../../../ops/attention/shape';
import type { Frame, Rect } from '../../../frame/frame-types';
import { headroom, stanceOf, widestOf } from './axes';
import { labelText } from '../../shared/label';
import { valueIn, type Layer, type Spot } from './cells';
import { makeGrid, setBox, type Grid, type GridEvents } from '../../shared/grid';
import type { Place } from './layout';
import { makeBoard } from './board';
import { maskPath, type Mark } from './marks';
import { both } from './region';
import { drawColumnLabels, drawRowLabels, makeSheet, sizeSheet, type Sheet } from './svg';
import { blockAtWork, brief, digitsFor, HEAD, LOWEST_CELL, tileWindow, type Block, type Room } from './window';
import { fillTable, rowName } from './table';
import { setText } from '../../../ui/dom/text';
import { crossSpoken } from './cross.words';
import { range } from '../../../ui/format';
import { paintHeatmap } from '../../../ui/paint/heatmap';
import { markText } from '../../../ui/dom/mark';
import { colourTable, positionOf } from '../../../ui/palette';
import type { ViewEnv } from '../../view';

export interface TilePicture {
  element: HTMLElement;
  grid: Grid;
  /** Shows what this frame works on in the room there is; `role` names what the middle matrix holds. */
  draw(
    frame: Frame,
    layers: Readonly<Record<Spot, readonly Layer[]>>,
    marks: readonly Mark[],
    room: Room,
    role: 'S' | 'P',
    choice?: 'S' | 'P',
  ): Place | undefined;
}

/**
 * One block's names and place. A step goes from one block to the next and back: names that stand already are shown
 * again, since laying out new ones costs more than the whole rest of the picture.
 */
interface Leaf {
  sheet: Sheet;
  place: Place | undefined;
  /** What it was arranged for, and what its rows were named for. */
  placedFor: string;
  named: string;
  /** Whether row names carry their numbers: left out where the panel is narrow. */
  numbered: boolean;
}

const TEXT_WIDTH = 8;
/** Decimals below which a number says less than its colour. */
const FEWEST = { diverging: 1, sequential: 2 } as const;

const clamped = (position: number): number => Math.max(0, Math.min(255, Math.round(position * 255)));

/** @param host an element whose custom properties give the colours */
export function makeTile(env: ViewEnv, events: GridEvents, font: string, host: Element): TilePicture {
  const words = crossSpoken[env.language];
  const element = document.createElement('section');
  element.className = 'cross-tile';
  element.setAttribute('aria-label', words.tileTitle);
  const head = document.createElement('div');
  head.className = 'tile-head';
  const title = document.createElement('h3');
  const name = document.createElement('span');
  name.dataset['mark'] = markText({ kind: 'captured', provenance: env.trace.header.provenance }, env.language);
  const tags = (['R', 'W'] as const).map((tag) => {
    const chip = document.createElement('span');
    chip.className = tag === 'R' ? 'swatch read' : 'swatch write';
    chip.textContent = tag;
    chip.title = tag === 'R' ? words.keyRead : words.keyWrite;
    return { tag, chip };
  });
  title.append(name, ...tags.map((t) => t.chip));
  const toggle = document.createElement('button');
  toggle.type = 'button';
  toggle.textContent = words.table;
  toggle.setAttribute('aria-pressed', 'false');
  head.append(title, toggle);
  const empty = document.createElement('p');
  empty.className = 'tile-empty';
  const box = document.createElement('div');
  box.className = 'tile-box';
  const stage = document.createElement('div');
  stage.className = 'tile-stage';
  const cells = document.createElement('canvas');
  cells.getContext('2d', { willReadFrequently: true });
  const numbers = document.createElement('canvas');
  numbers.className = 'tile-numbers';
  const leaves = new Map<Spot, Leaf>();
  const under = makeSheet('cross-under');
  const board = makeBoard('cross-board', host, false);
  const grid = makeGrid(words.zoomed('S'), events);
  stage.append(under.svg, cells, numbers, board.canvas, grid.element);
  box.append(stage);
  const table = document.createElement('div');
  table.className = 'tile-table';
  table.tabIndex = 0;
  element.append(head, empty, box, table);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  const mask = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  ground.setAttribute('class', 'tile-ground');
  mask.setAttribute('fill', under.masked);
  mask.setAttribute('class', 'mask');
  under.svg.append(ground, mask);

  let asTable = false;
  let last: (() => void) | undefined;
  toggle.addEventListener('click', () => {
    asTable = !asTable;
    if (toggle.ariaPressed !== String(asTable)) toggle.ariaPressed = String(asTable);
    last?.();
  });

  let mono = '';
  let open: Leaf | undefined;
  /** The stage's size in this room: it takes what the largest block so far took, so that a step moves nothing. */
  let most = { room: '', w: 0, h: 0 };
  let shown = '';
  let painted: readonly unknown[] = [];

  const titleOf = (window: Rect, role: string, { spot, rect }: Block): string => {
    const [rows, cols] = [range(window.r0, window.r1), range(window.c0, window.c1)];
    if (spot === 'K') return words.keyBlock(rows, cols);
    if (spot !== 'S') return words.sideBlock(spot, rows, cols);
    const text = words.tile(role, rows, cols);
    return rect.r1 - rect.r0 > window.r1 - window.r0 || rect.c1 - rect.c0 > window.c1 - window.c0
      ? text + words.tilePart
      : text;
  };

  /** Brings up a block's names, and makes a place for them at first. */
  const turnTo = (spot: Spot): Leaf => {
    let leaf = leaves.get(spot);
    if (!leaf) {
      leaf = { sheet: makeSheet('cross-over'), place: undefined, placedFor: '', named: '', numbered: true };
      leaves.set(spot, leaf);
      board.canvas.before(leaf.sheet.svg);
    }
    if (leaf !== open) {
      open?.sheet.svg.classList.remove('shown');
      leaf.sheet.svg.classList.add('shown');
      open = leaf;
    }
    return leaf;
  };

  /** Names the columns of a block and says where it lies. */
  const arrange = (frame: Frame, leaf: Leaf, spot: Spot, window: Rect, { width, height }: Room): Place => {
    const { tokens } = frame.trace.header;
    const rows = window.r1 - window.r0 + 1;
    const cols = window.c1 - window.c0 + 1;
    const label = (withNumber: boolean): number =>
      widestOf(
        Array.from({ length: rows }, (_, i) => rowName(frame, spot, window.r0 + i, withNumber)),
        font,
      ) + 10;
    leaf.numbered = (width - label(true) - 6) / cols >= 15;
    const left = label(leaf.numbered);
    const w = Math.max(11, Math.min(56, Math.floor((width - left - 6) / cols)));
    const keyTexts = Array.from({ length: cols }, (_, j) =>
      labelText(spot === 'S' ? tokens : undefined, window.c0 + j),
    );
    const widest = widestOf(keyTexts, font);
    const stance = stanceOf(widest, w);
    const top = headroom(widest, stance);
    const h = Math.max(LOWEST_CELL, Math.min(26, Math.floor((height - HEAD - top) / rows)));
    const next: Place = { spot, turned: false, window, x: left, y: top, w: w * cols, h: h * rows };
    const tail = stance === 'slanted' ? Math.ceil(widest * Math.SQRT1_2) : 8;
    grow(width, height, left + next.w + tail, next.y + next.h + 4);
    const labels = keyTexts.map((text, j) => ({ index: window.c0 + j, at: (j + 0.5) * w, text, chosen: false }));
    drawColumnLabels(leaf.sheet, labels, stance, next.x, next.y);
    return next;
  };

  /** Gives the stage this size at least. */
  const grow = (width: number, height: number, w: number, h: number): void => {
    const room = `${width},${height}`;
    const next = most.room === room ? { room, w: Math.max(most.w, w), h: Math.max(most.h, h) } : { room, w, h };
    const grown = next.w !== most.w || next.h !== most.h;
    most = next;
    for (const each of [under, ...Array.from(leaves.values(), (leaf) => leaf.sheet)]) sizeSheet(each, most.w, most.h);
    if (!grown) return;
    setBox(stage, { x: 0, y: 0, w: most.w, h: most.h });
    board.size(most.w, most.h);
  };

  /** Puts canvases and cells where the block lies. */
  const lay = (frame: Frame, at: Place): void => {
    for (const c of [cells, numbers]) setBox(c, at);
    ground.setAttribute('d', `M${at.x} ${at.y}h${at.w}v${at.h}h${-at.w}z`);
    mask.setAttribute('d', at.spot === 'S' ? maskPath(frame.trace.header.run.shape, at) : '');
    grid.place(at, { rows: at.window.r1 - at.window.r0 + 1, cols: at.window.c1 - at.window.c0 + 1 });
  };

  const nameRows = (frame: Frame, leaf: Leaf, at: Place): void => {
    const { r0, r1 } = at.window;
    const key = `${r0},${r1},${at.x},${at.y},${at.h},${leaf.numbered},${frame.selection.row}`;
    if (leaf.named === key) return;
    leaf.named = key;
    const step = at.h / (r1 - r0 + 1);
    const labels = Array.from({ length: r1 - r0 + 1 }, (_, i) => ({
      index: r0 + i,
      at: (i + 0.5) * step,
      text: rowName(frame, at.spot, r0 + i, leaf.numbered),
      chosen: at.spot !== 'K' && r0 + i === frame.selection.row,
    }));
    drawRowLabels(leaf.sheet, labels, at.x - 6, at.y);
  };

  const paint = (frame: Frame, at: Place, layers: readonly Layer[]): void => {
    const key = layers.map((l) => [l.role, l.max, l.values.byteOffset, l.regions.map((r) => Object.values(r))]);
    const now = JSON.stringify([key, at]);
    const sources = layers.map((l) => l.values.buffer);
    if (now === shown && sources.length === painted.length && sources.every((s, i) => s === painted[i])) return;
    shown = now;
    painted = sources;
    paintCells(frame, at, layers);
    paintNumbers(frame, at, layers);
    if (asTable) fillTable(table, frame, at, layers, env);
  };

  const paintCells = (frame: Frame, at: Place, layers: readonly Layer[]): void => {
    const { window } = at;
    const { shape } = frame.trace.header.run;
    const cols = window.c1 - window.c0 + 1;
    const layer = layers.at(-1);
    const values = new Float32Array(cols * (window.r1 - window.r0 + 1));
    const known = new Uint8Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const [row, col] = [window.r0 + Math.floor(i / cols), window.c0 + (i % cols)];
      const x = layer && (at.spot !== 'S' || sees(shape, row, col)) ? valueIn(layer, row, col) : undefined;
      if (x === undefined) continue;
      values[i] = x;
      known[i] = 1;
    }
    const data = {
      values,
      rows: values.length / cols,
      cols,
      scale: layer?.scale ?? 'diverging',
      max: layer?.max ?? 1,
    } as const;
    paintHeatmap(cells, { ...data, shown: (r, c) => known[r * cols + c] === 1 }, env.theme);
  };

  const paintNumbers = (frame: Frame, at: Place, layers: readonly Layer[]): void => {
    const { window } = at;
    const layer = layers.at(-1);
    const [w, h] = [at.w / (window.c1 - window.c0 + 1), at.h / (window.r1 - window.r0 + 1)];
    const letters = Math.min(6, Math.floor((w - 8) / TEXT_WIDTH));
    const density = devicePixelRatio || 1;
    const shownOn = numbers.getContext('2d');
    if (!shownOn) return;
    const [wide, high] = [Math.round(at.w * density), Math.round(at.h * density)];
    if (numbers.width !== wide) numbers.width = wide;
    if (numbers.height !== high) numbers.height = high;
    shownOn.clearRect(0, 0, wide, high);
    if (!layer) return;
    const digits = digitsFor(layer.max, layer.scale === 'diverging', letters);
    if (digits < FEWEST[layer.scale]) return;
    const table32 = colourTable(env.theme, layer.scale);
    // Off the page: text on a canvas in it asks for the page's layout.
    const page = new OffscreenCanvas(wide, high);
    const context = page.getContext('2d');
    if (!context) return;
    context.scale(density, density);
    mono ||= `13px ${getComputedStyle(element).getPropertyValue('--mono') || 'monospace'}`;
    context.font = mono;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (let row = window.r0; row <= window.r1; row++) {
      for (let col = window.c0; col <= window.c1; col++) {
        const x =
          at.spot !== 'S' || sees(frame.trace.header.run.shape, row, col) ? valueIn(layer, row, col) : undefined;
        if (x === undefined) continue;
        const c = table32[clamped(positionOf(x, layer.scale, layer.max))] ?? 0;
        const light = 0.299 * (c & 255) + 0.587 * ((c >> 8) & 255) + 0.114 * ((c >> 16) & 255) > 128;
        context.fillStyle = light ? '#0a0d13' : '#ffffff';
        context.fillText(brief(x, digits), (col - window.c0 + 1) * w - 5, (row - window.r0 + 0.5) * h + 1);
      }
    }
    shownOn.drawImage(page, 0, 0);
  };

  return {
    element,
    grid,
    draw(frame, all, marks, room, role, choice) {
      last = () => {
        shown = '';
        this.draw(frame, all, marks, room, role, choice);
      };
      const block = blockAtWork(frame, choice);
      const window = block && tileWindow(frame, room, block);
      const layers = block
        ? all[block.spot].filter((l) => !l.past && both(l.regions, [window ?? block.rect]).length > 0)
        : [];
      element.classList.toggle('none', !window);
      setText(empty, !frame.workgroup ? words.noCapture : layers.length === 0 ? words.waiting : '');
      const touched = marks.find((m) => m.id === `tile-${block?.spot}`)?.tag ?? '';
      const tone = block?.spot === 'S' ? 'live' : block?.spot === 'O' ? 'reg' : 'input';
      if (head.dataset['tone'] !== tone) head.dataset['tone'] = tone;
      for (const { tag, chip } of tags) chip.hidden = !touched.includes(tag);
      setText(name, block && window ? titleOf(window, layers.at(-1)?.role ?? role, block) : words.tileTitle);
      box.hidden = asTable || !window;
      table.hidden = !asTable || !window;
      toggle.disabled = !window;
      if (!block || !window) return undefined;
      const leaf = turnTo(block.spot);
      const key = JSON.stringify([window, room]);
      if (key !== leaf.placedFor) {
        leaf.placedFor = key;
        leaf.place = arrange(frame, leaf, block.spot, window, room);
      }
      const { place } = leaf;
      if (!place) return undefined;
      lay(frame, place);
      grid.element.setAttribute('aria-label', words.zoomed(block.spot === 'S' ? role : block.spot));
      nameRows(frame, leaf, place);
      paint(frame, place, layers);
      board.show(marks, { [block.spot]: place });
      return place;
    },
  };
}
