// The live tile enlarged: every row and key named, values in the cells where they fit, or the same as a table.
import { sees } from '../attention/shape';
import type { Frame, Rect } from '../capture/frame-types';
import { headroom, labelText, stanceOf, widestOf } from './cross-axes';
import { cellState, valueIn, type Layer, type Spot } from './cross-cells';
import { makeGrid, setBox, type Grid, type GridEvents } from './cross-grid';
import type { Place } from './cross-layout';
import { makeBoard } from './cross-board';
import { maskPath, type Mark } from './cross-marks';
import { both } from './cross-region';
import { drawColumnLabels, drawRowLabels, makeSheet, sizeSheet } from './cross-svg';
import { blockAtWork, brief, digitsFor, HEAD, LOWEST_CELL, tileWindow, type Block, type Room } from './cross-window';
import { setText } from './cross-titles';
import { crossSpoken } from './cross.words';
import { range, value } from './format';
import { paintHeatmap } from './heatmap';
import { markText } from './mark';
import { colourTable, positionOf } from './palette';
import type { ViewEnv } from './view';

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
  const sheet = makeSheet('cross-over');
  const under = makeSheet('cross-under');
  const board = makeBoard('cross-board', host, false);
  const grid = makeGrid(words.zoomed('S'), events);
  stage.append(under.svg, cells, numbers, sheet.svg, board.canvas, grid.element);
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

  /** Whether row names carry their numbers: left out where the panel is narrow. */
  let numbered = true;
  let named = '';
  let mono = '';
  let placedFor = '';
  let place: Place | undefined;
  let shown = '';
  let painted: readonly unknown[] = [];

  const titleOf = (window: Rect, role: string, { spot, rect }: Block): string => {
    const [rows, cols] = [range(window.r0, window.r1), range(window.c0, window.c1)];
    if (spot === 'K') return words.keyBlock(rows, cols);
    if (spot !== 'S') return words.sideBlock(spot, rows, cols);
    const text = words.tile(role, rows, cols);
    return rect.r1 - rect.r0 > window.r1 - window.r0 || rect.c1 - rect.c0 > window.c1 - window.c0 ? text + words.tilePart : text;
  };

  const arrange = (frame: Frame, spot: Spot, window: Rect, { width, height }: Room): Place => {
    const { tokens, run } = frame.trace.header;
    const rows = window.r1 - window.r0 + 1;
    const cols = window.c1 - window.c0 + 1;
    const label = (withNumber: boolean): number =>
      widestOf(
        Array.from({ length: rows }, (_, i) => rowName(frame, spot, window.r0 + i, withNumber)),
        font,
      ) + 10;
    numbered = (width - label(true) - 6) / cols >= 15;
    const left = label(numbered);
    const w = Math.max(11, Math.min(56, Math.floor((width - left - 6) / cols)));
    const keyTexts = Array.from({ length: cols }, (_, j) => labelText(spot === 'S' ? tokens : undefined, window.c0 + j));
    const widest = widestOf(keyTexts, font);
    const stance = stanceOf(widest, w);
    const top = headroom(widest, stance);
    const h = Math.max(LOWEST_CELL, Math.min(26, Math.floor((height - HEAD - top) / rows)));
    const next: Place = { spot, turned: false, window, x: left, y: top, w: w * cols, h: h * rows };
    const tail = stance === 'slanted' ? Math.ceil(widest * Math.SQRT1_2) : 8;
    const size = { x: 0, y: 0, w: left + next.w + tail, h: next.y + next.h + 4 };
    setBox(stage, size);
    for (const s of [sheet, under]) sizeSheet(s, size.w, size.h);
    board.size(size.w, size.h);
    for (const c of [cells, numbers]) setBox(c, next);
    ground.setAttribute('d', `M${next.x} ${next.y}h${next.w}v${next.h}h${-next.w}z`);
    mask.setAttribute('d', spot === 'S' ? maskPath(run.shape, next) : '');
    const labels = keyTexts.map((text, j) => ({ index: window.c0 + j, at: (j + 0.5) * w, text, chosen: false }));
    drawColumnLabels(sheet, labels, stance, next.x, next.y);
    grid.place(next, { rows, cols });
    return next;
  };

  const nameRows = (frame: Frame, at: Place): void => {
    const { r0, r1 } = at.window;
    const key = `${at.spot},${r0},${r1},${at.x},${at.y},${at.h},${numbered},${frame.gaze.row}`;
    if (named === key) return;
    named = key;
    const step = at.h / (r1 - r0 + 1);
    const labels = Array.from({ length: r1 - r0 + 1 }, (_, i) => ({
      index: r0 + i,
      at: (i + 0.5) * step,
      text: rowName(frame, at.spot, r0 + i, numbered),
      chosen: at.spot !== 'K' && r0 + i === frame.gaze.row,
    }));
    drawRowLabels(sheet, labels, at.x - 6, at.y);
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
    const data = { values, rows: values.length / cols, cols, scale: layer?.scale ?? 'diverging', max: layer?.max ?? 1 } as const;
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
        const x = at.spot !== 'S' || sees(frame.trace.header.run.shape, row, col) ? valueIn(layer, row, col) : undefined;
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
      const layers = block ? all[block.spot].filter((l) => !l.past && both(l.regions, [window ?? block.rect]).length > 0) : [];
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
      if (!block || !window) {
        place = undefined;
        placedFor = '';
        return undefined;
      }
      const key = JSON.stringify([block.spot, window, room]);
      if (key !== placedFor) {
        placedFor = key;
        place = arrange(frame, block.spot, window, room);
      }
      if (!place) return undefined;
      grid.element.setAttribute('aria-label', words.zoomed(block.spot === 'S' ? role : block.spot));
      nameRows(frame, place);
      paint(frame, place, layers);
      board.show(marks, { [block.spot]: place });
      return place;
    },
  };
}

/** A row's name: its number and, where there are tokens, its token. */
function rowName(frame: Frame, spot: Spot, row: number, numbered: boolean): string {
  const { tokens, run } = frame.trace.header;
  const at = spot === 'K' ? row : row + run.shape.keys - run.shape.queries;
  if (tokens?.[at] === undefined) return String(row);
  const text = labelText(tokens, at);
  return numbered ? `${text} ${row}` : text;
}

function fillTable(host: HTMLElement, frame: Frame, { spot, window }: Place, layers: readonly Layer[], env: ViewEnv): void {
  const words = crossSpoken[env.language];
  const table = document.createElement('table');
  const caption = table.createCaption();
  caption.className = 'sr-only';
  const [rows, cols] = [range(window.r0, window.r1), range(window.c0, window.c1)];
  caption.textContent =
    spot === 'S'
      ? words.tile(layers.at(-1)?.role ?? 'S', rows, cols)
      : spot === 'K'
        ? words.keyBlock(rows, cols)
        : words.sideBlock(spot, rows, cols);
  const header = (text: string, scope: 'row' | 'col'): HTMLElement => {
    const th = document.createElement('th');
    th.scope = scope;
    th.textContent = text;
    return th;
  };
  const top = table.createTHead().insertRow();
  top.append(header(spot === 'K' ? words.key : words.query, 'col'));
  const tokens = spot === 'S' ? frame.trace.header.tokens : undefined;
  for (let c = window.c0; c <= window.c1; c++) top.append(header(tokens ? `${labelText(tokens, c)} ${c}` : String(c), 'col'));
  const body = table.createTBody();
  for (let r = window.r0; r <= window.r1; r++) {
    const line = body.insertRow();
    line.append(header(rowName(frame, spot, r, true), 'row'));
    for (let c = window.c0; c <= window.c1; c++) {
      const state = cellState(frame, spot, r, c, layers);
      line.insertCell().textContent = state.kind === 'value' ? value(state.value) : state.kind === 'masked' ? words.keyMasked : '';
    }
  }
  host.replaceChildren(table);
}
