// Pointing at a matrix: the mouse, and one roving cell that arrow keys move. It tells what was pointed at and keeps
// nothing else.
import type { Box } from '../../ui/paint/box';
import { boxOf, cellAt, grown, type Placed } from './place';

export interface GridEvents {
  /** Pointed at a cell, or left. */
  point(cell: { row: number; col: number } | undefined): void;
  pin(cell: { row: number; col: number }): void;
  /** Moved to another row of the matrix by key, or clicked in one. */
  row(row: number): void;
}

export interface Grid {
  element: HTMLElement;
  /** Puts the matrix on the panel. */
  place(place: Placed, page: { rows: number; cols: number }): void;
  /** The roving cell and what a screen reader says of it. */
  rove(row: number, col: number, words: string): void;
  dispose(): void;
}

const BIGGEST = 1e9;

export function makeGrid(label: string, events: GridEvents): Grid {
  const element = document.createElement('div');
  element.className = 'cross-grid';
  element.setAttribute('role', 'grid');
  element.setAttribute('aria-label', label);
  const line = document.createElement('div');
  line.setAttribute('role', 'row');
  const cell = document.createElement('div');
  cell.className = 'cross-cell';
  cell.setAttribute('role', 'gridcell');
  cell.tabIndex = 0;
  line.append(cell);
  element.append(line);

  let place: Placed | undefined;
  let page = { rows: 1, cols: 1 };
  let at = { row: 0, col: 0 };
  let pointed = '';
  let roved = '';
  const stop = new AbortController();
  const { signal } = stop;

  const under = (event: MouseEvent): { row: number; col: number } | undefined => {
    if (!place) return undefined;
    const corner = element.getBoundingClientRect();
    return cellAt(place, event.clientX - corner.left, event.clientY - corner.top);
  };
  element.addEventListener(
    'pointermove',
    (event) => {
      const next = under(event);
      const key = next ? `${next.row},${next.col}` : '';
      if (key === pointed) return;
      pointed = key;
      events.point(next);
    },
    { signal },
  );
  element.addEventListener(
    'pointerleave',
    () => {
      pointed = '';
      events.point(undefined);
    },
    { signal },
  );
  element.addEventListener(
    'click',
    (event) => {
      const next = under(event);
      if (!next) return;
      events.pin(next);
      events.row(next.row);
    },
    { signal },
  );
  cell.addEventListener('focus', () => events.point(at), { signal });
  cell.addEventListener('blur', () => events.point(undefined), { signal });
  cell.addEventListener(
    'keydown',
    (event) => {
      if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Enter') events.pin(at);
      else if (event.key === 'Escape') events.point(undefined);
      else if (!step(event.key, event.shiftKey)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );

  /** Moves the roving cell; says whether the key was one of ours. Shift moves by a tile. */
  const step = (key: string, shift: boolean): boolean => {
    if (!place) return false;
    const { turned, window } = place;
    const far = shift ? { row: page.rows, col: page.cols } : { row: 1, col: 1 };
    const along: Record<string, { row: number; col: number }> = {
      ArrowDown: turned ? { row: 0, col: 1 } : { row: far.row, col: 0 },
      ArrowUp: turned ? { row: 0, col: -1 } : { row: -far.row, col: 0 },
      ArrowRight: turned ? { row: far.row, col: 0 } : { row: 0, col: far.col },
      ArrowLeft: turned ? { row: -far.row, col: 0 } : { row: 0, col: -far.col },
      Home: turned ? { row: -BIGGEST, col: 0 } : { row: 0, col: -BIGGEST },
      End: turned ? { row: BIGGEST, col: 0 } : { row: 0, col: BIGGEST },
    };
    const move = along[key];
    if (!move) return false;
    const hold = (x: number, lo: number, hi: number): number => Math.max(lo, Math.min(hi, x));
    const next = {
      row: hold(at.row + move.row, window.r0, window.r1),
      col: hold(at.col + move.col, window.c0, window.c1),
    };
    const changed = next.row !== at.row;
    at = next;
    events.point(at);
    if (changed) events.row(at.row);
    return true;
  };

  return {
    element,
    place(next, size) {
      place = next;
      page = size;
      roved = '';
      setBox(element, next);
      const { window, turned } = next;
      const rows = window.r1 - window.r0 + 1;
      const cols = window.c1 - window.c0 + 1;
      element.setAttribute('aria-rowcount', String(turned ? cols : rows));
      element.setAttribute('aria-colcount', String(turned ? rows : cols));
    },
    rove(row, col, words) {
      at = { row, col };
      const now = `${row},${col},${words}`;
      if (!place || now === roved) return;
      roved = now;
      const box = grown(boxOf(place, { r0: row, r1: row, c0: col, c1: col }), 10);
      setBox(cell, { ...box, x: box.x - place.x, y: box.y - place.y });
      const { window, turned } = place;
      line.setAttribute('aria-rowindex', String(turned ? col - window.c0 + 1 : row - window.r0 + 1));
      cell.setAttribute('aria-colindex', String(turned ? row - window.r0 + 1 : col - window.c0 + 1));
      cell.setAttribute('aria-label', words);
    },
    dispose: () => stop.abort(),
  };
}

const boxes = new WeakMap<HTMLElement, string>();

/** Puts an absolutely placed element at a box of its parent. */
export function setBox(element: HTMLElement, box: Box): void {
  const key = `${box.x},${box.y},${box.w},${box.h}`;
  if (boxes.get(element) === key) return;
  boxes.set(element, key);
  element.style.setProperty('left', `${box.x}px`);
  element.style.setProperty('top', `${box.y}px`);
  element.style.setProperty('width', `${box.w}px`);
  element.style.setProperty('height', `${box.h}px`);
}
