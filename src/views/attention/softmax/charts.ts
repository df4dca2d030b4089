// The two bar charts of the softmax view, one over the other on the same keys: scores with the running maximum, and p =
// exp(s - m).
import { html, nothing } from 'lit';
import type { CellRef } from '../../../frame/cell';
import type { SoftmaxTile } from '../../../frame/frame-types';
import { setText } from '../../../ui/dom/text';
import { value } from '../../../ui/format';
import { paintKeys, paintReading } from './band';
import { barsOf, scoreRange } from './bars';
import { topKey } from '../../shared/top-key';
import { cellOfRow, keyText, moved, type Drawing, type Now, type Part } from './drawing';
import { GUTTER, keysOf, scorePlot, weightPlot } from './marks';
import { LINE, paint, paintedOn, type Pen, type Piece } from './pen';
import { paintPlot } from './plot';
import { elementOf } from './element-of';

type Role = 'S' | 'P';

/** Both charts with their legends, the keys' numbers and tokens, and the arithmetic of the chosen key. */
export function charts(d: Drawing, kind: 'online' | 'direct'): Part {
  let now: Now | undefined;
  const { words } = d;
  const chart = (role: Role) =>
    html`<div
      class="chart ${role}"
      role="slider"
      tabindex="0"
      aria-label=${words.chooseKey}
      @pointermove=${(e: PointerEvent) => now && d.on.hover(cellAt(d, now, role, e))}
      @pointerleave=${() => d.on.hover(undefined)}
      @click=${(e: PointerEvent) => now && d.on.pin(cellAt(d, now, role, e))}
      @focus=${() => now && d.on.hover(cellOf(now, role, chosenKey(now) ?? now.tile.from))}
      @blur=${() => d.on.hover(undefined)}
      @keydown=${(e: KeyboardEvent) => now && pressed(d, now, role, e)}
    ></div>`;
  const element = elementOf(html`<div class="part scores">
    <div class="plate S">
      <canvas></canvas>
      <div class="legend">
        <span class="name">${words.scores} <i>s</i><sub>j</sub></span>
        <span class="told" data-mark=${d.captured}><span class="sr-only" data-told="levels"></span></span>
      </div>
      ${chart('S')}
    </div>
    <div class="plate P">
      <canvas></canvas>
      <div class="legend">
        <span class="name">${words.weights} <i>p</i><sub>j</sub> = ${words.exp}(s<sub>j</sub> − ${d.inHbm ? words.mTile : 'm'})${kind === 'direct' ? ' / l' : nothing}</span>
      </div>
      ${chart('P')}
    </div>
    <canvas class="band" aria-hidden="true"></canvas>
    <p class="note binned" hidden></p>
    <p class="plate reading" data-testid="key-reading"><canvas></canvas><span class="sr-only" data-told="reading"></span></p>
  </div>`);
  const find = (selector: string) => element.querySelector<HTMLElement>(selector)!;
  const canvasAt = (selector: string) => element.querySelector<HTMLCanvasElement>(selector)!;
  const canvas = { S: canvasAt('.S canvas'), P: canvasAt('.P canvas') };
  const [band, reading, binned] = [canvasAt('.band'), canvasAt('.reading canvas'), find('.binned')];
  return {
    element,
    show(next) {
      now = next;
      const { tile } = next;
      const chosen = chosenKey(next);
      showScores(d, next, chosen, canvas.S);
      showWeights(d, next, chosen, canvas.P);
      paintKeys(d, tile, chosen, band);
      paintReading(d, next, chosen, reading);
      const { per } = keysOf(d, tile);
      if (binned.hidden !== per < 2) binned.hidden = per < 2;
      if (per > 1) setText(binned, words.binned(per));
    },
    rest() {
      if (!now) return;
      const { tile } = now;
      const chosen = chosenKey(now);
      for (const role of ['S', 'P'] as const) {
        const slider = find(`.chart.${role}`);
        slider.ariaValueMin = String(tile.from);
        slider.ariaValueMax = String(tile.to);
        slider.ariaValueNow = String(chosen ?? tile.from);
        slider.ariaValueText = chosen === undefined ? words.notYet : keyText(d, tile, chosen, role);
      }
      setText(find('[data-told="levels"]'), paintedOn(canvas.S)?.lines.get('levels') ?? '');
      setText(find('[data-told="reading"]'), paintedOn(reading)?.lines.get('reading') ?? '');
    },
  };
}

const cellOf = ({ softmax }: Now, role: Role, key: number): CellRef => ({ role, row: softmax.row, col: key });

function cellAt(d: Drawing, now: Now, role: Role, event: PointerEvent): CellRef {
  const keys = keysOf(d, now.tile);
  const bars = barsOf(now.tile, keys.per);
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const i = Math.floor((event.clientX - box.left - GUTTER) / keys.step);
  return cellOf(now, role, bars[Math.max(0, Math.min(bars.length - 1, i))]?.key ?? now.tile.from);
}

function pressed(d: Drawing, now: Now, role: Role, event: KeyboardEvent): void {
  const { tile } = now;
  const at = chosenKey(now) ?? tile.from;
  if (event.key === 'Enter' || event.key === ' ') d.on.pin(cellOf(now, role, at));
  else if (!moved(d, now, event, at, tile.from, tile.to, (key) => d.on.hover(cellOf(now, role, key)))) return;
  event.preventDefault();
  event.stopPropagation();
}

/** The key under the pointer or focus where it is of this tile, else the top one. */
function chosenKey(now: Now): number | undefined {
  const cell = cellOfRow(now, 'S', 'P');
  const { tile } = now;
  return cell && cell.col >= tile.from && cell.col <= tile.to ? cell.col : topKey(tile);
}

function showScores(d: Drawing, { softmax, tile }: Now, chosen: number | undefined, canvas: HTMLCanvasElement): void {
  const online = softmax.kind === 'online';
  const mOld = online ? (tile.mOld ?? softmax.tiles.at(-2)?.m) : undefined;
  const range = scoreRange(softmax.tiles);
  const state = [tile.from, tile.s, tile.masked, tile.m, mOld, chosen, range];
  paint(canvas, d.ink, d.size.width, LINE + d.size.scores, state, (pen) => {
    levelLegend(d, pen, mOld, tile.m, online);
    paintPlot(pen, scorePlot(d, tile, chosen, range, mOld));
  });
}

function levelLegend(
  { words, size }: Drawing,
  pen: Pen,
  mOld: number | undefined,
  m: number | undefined,
  online: boolean,
): void {
  const level = (sign: 'old' | 'new', name: string, x: number | undefined): Piece[] =>
    x === undefined
      ? []
      : [{ sign }, { text: `${name} `, face: 'number' }, { text: value(x), face: 'bold-number', colour: 'ink', name }];
  const [old, fresh] = [level('old', words.mOld, mOld), level('new', online ? words.mNew : 'm', m)];
  const between: Piece[] = old.length > 0 && fresh.length > 0 ? [{ gap: 12 }] : [];
  const plain = [...old, ...between, ...fresh];
  const noted: Piece[] = [...old, { gap: 6 }, { text: words.below, colour: 'ink-3' }, ...between, ...fresh];
  const room = size.width - 78;
  pen.line(
    'levels',
    mOld !== undefined && mOld <= -1e30 ? pen.fitting([noted, plain], room) : plain,
    size.width,
    0,
    'right',
  );
}

function showWeights(d: Drawing, { softmax, tile }: Now, chosen: number | undefined, canvas: HTMLCanvasElement): void {
  const direct = softmax.kind === 'direct';
  // Where no weight is written, which key is chosen is not shown.
  const state = [tile.from, tile.p, tile.masked, tile.m === undefined, someWeight(tile) ? chosen : undefined];
  paint(canvas, d.ink, d.size.width, LINE + d.size.weights, state, (pen) => {
    if (tile.masked.some(Boolean))
      pen.line('masked', [{ sign: 'hatched' }, { text: d.words.masked }], d.size.width, 0, 'right');
    paintPlot(pen, weightPlot(d, tile, chosen, direct));
  });
}

const someWeight = (tile: SoftmaxTile): boolean => tile.m !== undefined || tile.p.some((p) => p !== undefined);
