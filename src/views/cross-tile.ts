// The live tile enlarged: every row and key named, values in the cells where they fit, or the same as a table.
import { sees } from '../attention/shape';
import type { Frame, Rect } from '../capture/frame-types';
import { speak } from '../words';
import { labelText, rowLabels, widthOf } from './cross-axes';
import { cellState, valueIn, type Layer } from './cross-cells';
import { makeGrid, setBox, type Grid, type GridEvents } from './cross-grid';
import type { Place } from './cross-layout';
import { drawMarks, maskPath, type Mark } from './cross-marks';
import { both } from './cross-region';
import { drawColumnLabels, drawRowLabels, makeSheet, sizeSheet } from './cross-svg';
import { brief, tileWindow } from './cross-window';
import { crossWords } from './cross.words';
import { value } from './format';
import { paintHeatmap } from './heatmap';
import { colourTable, positionOf } from './palette';
import type { ViewEnv } from './view';

export interface TilePicture {
  element: HTMLElement;
  grid: Grid;
  /** Shows the tile of this frame in `width` pixels; `role` names what the middle matrix holds. */
  draw(frame: Frame, layers: readonly Layer[], marks: readonly Mark[], width: number, role: 'S' | 'P', choice?: 'S' | 'P'): Place | undefined;
}

const ROOM_DOWN = 420;
const TEXT_WIDTH = 8;

export function makeTile(env: ViewEnv, events: GridEvents, font: string): TilePicture {
  const words = speak(crossWords, env.language);
  const element = document.createElement('section');
  element.className = 'cross-tile';
  element.setAttribute('aria-label', words.tileTitle);
  const head = document.createElement('div');
  head.className = 'tile-head';
  const title = document.createElement('h3');
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
  const numbers = document.createElement('canvas');
  numbers.className = 'tile-numbers';
  const sheet = makeSheet('cross-over');
  const under = makeSheet('cross-under');
  const grid = makeGrid(words.zoomed('S'), events);
  stage.append(under.svg, cells, numbers, sheet.svg, grid.element);
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
    toggle.setAttribute('aria-pressed', String(asTable));
    last?.();
  });

  let placedFor = '';
  let place: Place | undefined;
  let shown = '';
  let painted: readonly unknown[] = [];

  const arrange = (frame: Frame, window: Rect, width: number, head13: number): Place => {
    const { tokens, run } = frame.trace.header;
    const rows = window.r1 - window.r0 + 1;
    const cols = window.c1 - window.c0 + 1;
    const names = Array.from({ length: rows }, (_, i) => rowName(frame, window.r0 + i));
    const left = Math.ceil(Math.max(...names.map((n) => widthOf(n, font)))) + 10;
    const w = Math.max(16, Math.min(56, Math.floor((width - left - 6) / cols)));
    const h = Math.max(16, Math.min(26, Math.floor(ROOM_DOWN / rows)));
    const keyTexts = Array.from({ length: cols }, (_, j) => labelText(tokens, window.c0 + j));
    const widest = Math.max(...keyTexts.map((t) => widthOf(t, font)));
    const stance = widest + 4 <= w ? 'level' : w >= 22 ? 'slanted' : 'upright';
    const top = stance === 'level' ? 22 : Math.ceil(stance === 'slanted' ? widest * 0.71 + 16 : widest + 10);
    const next: Place = { spot: 'S', turned: false, window, x: left, y: Math.max(top, head13), w: w * cols, h: h * rows };
    const tail = stance === 'slanted' ? Math.ceil(widest * 0.71) : 8;
    stage.style.setProperty('width', `${left + next.w + tail}px`);
    stage.style.setProperty('height', `${next.y + next.h + 4}px`);
    for (const s of [sheet, under]) sizeSheet(s, left + next.w + tail, next.y + next.h + 4);
    for (const c of [cells, numbers]) setBox(c, next);
    ground.setAttribute('d', `M${next.x} ${next.y}h${next.w}v${next.h}h${-next.w}z`);
    mask.setAttribute('d', maskPath(run.shape, next));
    const labels = keyTexts.map((text, j) => ({ index: window.c0 + j, at: (j + 0.5) * w, text, chosen: false }));
    drawColumnLabels(sheet.svg, labels, stance, next.x, next.y);
    grid.place(next, { rows, cols });
    return next;
  };

  const nameRows = (frame: Frame, at: Place): void => {
    const { r0, r1 } = at.window;
    const labels = rowLabels(undefined, r1 - r0 + 1, at.h, 1).map((label) => ({ ...label, index: r0 + label.index }));
    const named = labels.map((label) => ({ ...label, text: rowName(frame, label.index), chosen: label.index === frame.gaze.row }));
    drawRowLabels(sheet.svg, named, at.x - 6, at.y);
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
    if (asTable) fillTable(table, frame, at.window, layers, env);
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
      const x = layer && sees(shape, row, col) ? valueIn(layer, row, col) : undefined;
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
    const letters = Math.floor((w - 4) / TEXT_WIDTH);
    const density = devicePixelRatio || 1;
    numbers.width = Math.round(at.w * density);
    numbers.height = Math.round(at.h * density);
    const context = numbers.getContext('2d');
    if (!context || !layer || letters < 3) return;
    const table32 = colourTable(env.theme, layer.scale);
    context.scale(density, density);
    context.font = `13px ${getComputedStyle(element).getPropertyValue('--mono')}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let row = window.r0; row <= window.r1; row++) {
      for (let col = window.c0; col <= window.c1; col++) {
        const x = sees(frame.trace.header.run.shape, row, col) ? valueIn(layer, row, col) : undefined;
        if (x === undefined) continue;
        const c = table32[Math.max(0, Math.min(255, Math.round(positionOf(x, layer.scale, layer.max) * 255)))] ?? 0;
        const light = 0.299 * (c & 255) + 0.587 * ((c >> 8) & 255) + 0.114 * ((c >> 16) & 255) > 128;
        context.fillStyle = light ? '#0a0d13' : '#ffffff';
        context.fillText(brief(x, letters), (col - window.c0 + 0.5) * w, (row - window.r0 + 0.5) * h + 1);
      }
    }
  };

  return {
    element,
    grid,
    draw(frame, all, marks, width, role, choice) {
      last = () => {
        shown = '';
        this.draw(frame, all, marks, width, role, choice);
      };
      const window = tileWindow(frame, choice);
      const layers = window ? all.filter((l) => !l.past && both(l.regions, [window]).length > 0) : [];
      element.classList.toggle('none', !window);
      empty.textContent = !window ? words.noTile : layers.length === 0 ? words.waiting : '';
      title.textContent = window ? words.tile(role, window.r0, window.r1, window.c0, window.c1) : words.tileTitle;
      box.hidden = asTable || !window;
      table.hidden = !asTable || !window;
      toggle.disabled = !window;
      if (!window) {
        place = undefined;
        placedFor = '';
        return undefined;
      }
      const key = JSON.stringify([window, width]);
      if (key !== placedFor) {
        placedFor = key;
        place = arrange(frame, window, width, 22);
      }
      if (!place) return undefined;
      grid.element.setAttribute('aria-label', words.zoomed(role));
      nameRows(frame, place);
      paint(frame, place, layers);
      drawMarks(sheet.svg, marks, { S: place });
      return place;
    },
  };
}

/** A query row's name: its number and, where there are tokens, its token. */
export function rowName(frame: Frame, row: number): string {
  const { tokens, run } = frame.trace.header;
  if (!tokens) return String(row);
  return `${labelText(tokens, row + run.shape.keys - run.shape.queries)} ${row}`;
}

function fillTable(host: HTMLElement, frame: Frame, window: Rect, layers: readonly Layer[], env: ViewEnv): void {
  const words = speak(crossWords, env.language);
  const table = document.createElement('table');
  const caption = table.createCaption();
  const role = layers.at(-1)?.role ?? 'S';
  caption.textContent = words.tile(role, window.r0, window.r1, window.c0, window.c1);
  const header = (text: string, scope: 'row' | 'col'): HTMLElement => {
    const th = document.createElement('th');
    th.scope = scope;
    th.textContent = text;
    return th;
  };
  const top = table.createTHead().insertRow();
  top.append(header(words.query, 'col'));
  const { tokens } = frame.trace.header;
  for (let c = window.c0; c <= window.c1; c++) top.append(header(tokens ? `${labelText(tokens, c)} ${c}` : String(c), 'col'));
  const body = table.createTBody();
  for (let r = window.r0; r <= window.r1; r++) {
    const line = body.insertRow();
    line.append(header(rowName(frame, r), 'row'));
    for (let c = window.c0; c <= window.c1; c++) {
      const state = cellState(frame, 'S', r, c, layers);
      line.insertCell().textContent = state.kind === 'value' ? value(state.value) : state.kind === 'masked' ? words.keyMasked : '';
    }
  }
  host.replaceChildren(table);
}
