// The enlarged block as a table, and how its rows are named there and in the picture.
import type { Frame } from '../../../frame/frame-types';
import { labelText } from '../../shared/label';
import { cellState, type Layer, type Spot } from './cells';
import type { Place } from './layout';
import { crossSpoken } from './cross.words';
import { range, value } from '../../../ui/format';
import type { ViewEnv } from '../../view';

/** A row's name: its number and, where there are tokens, its token. */
export function rowName(frame: Frame, spot: Spot, row: number, numbered: boolean): string {
  const { tokens, run } = frame.trace.header;
  const at = spot === 'K' ? row : row + run.shape.keys - run.shape.queries;
  if (tokens?.[at] === undefined) return String(row);
  const text = labelText(tokens, at);
  return numbered ? `${text} ${row}` : text;
}

/** Writes the block's values as a table into the host. */
export function fillTable(
  host: HTMLElement,
  frame: Frame,
  { spot, window }: Place,
  layers: readonly Layer[],
  env: ViewEnv,
): void {
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
  for (let c = window.c0; c <= window.c1; c++)
    top.append(header(tokens ? `${labelText(tokens, c)} ${c}` : String(c), 'col'));
  const body = table.createTBody();
  for (let r = window.r0; r <= window.r1; r++) {
    const line = body.insertRow();
    line.append(header(rowName(frame, spot, r, true), 'row'));
    for (let c = window.c0; c <= window.c1; c++) {
      const state = cellState(frame, spot, r, c, layers);
      line.insertCell().textContent =
        state.kind === 'value' ? value(state.value) : state.kind === 'masked' ? words.keyMasked : '';
    }
  }
  host.replaceChildren(table);
}
