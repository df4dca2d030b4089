// The running sums of the softmax view: the denominator that shrinks by alpha and grows by sum p, and m, l, alpha over
// the tiles.
import { html, nothing } from 'lit';
import type { SoftmaxTile } from '../../../frame/frame-types';
import { setText } from '../../../ui/dom/text';
import { value } from '../../../ui/format';
import { paintCurves, SERIES, type Series } from './curves';
import { cellOfRow, moved, type Drawing, type Now, type Part } from './drawing';
import { LINE, paint, paintedOn, type Colour, type Pen, type Piece } from './pen';
import { elementOf } from './element-of';

const BAR = 10;
const NECK = 6;
/** Above the legend. */
const PAD = 4;

/**
 * The denominator before and after this tile, and the curves over the tiles; the direct softmax has one sum and no
 * curves.
 */
export function sums(d: Drawing, kind: 'online' | 'direct'): Part {
  let now: Now | undefined;
  const { words } = d;
  const online = kind === 'online';
  const element = elementOf(html`<div class="plate sums ${kind}">
    <canvas></canvas>
    <div class="legend">
      <span class="name">${words.denominator} <i>l</i></span>
      <span class="told" data-mark=${d.captured}><span class="sr-only" data-told="denominator"></span></span>
    </div>
    <p class="equation" data-mark=${online ? d.computed : nothing}><span class="sr-only" data-told="equation"></span></p>
    ${
      online
        ? html`<p class="note one-line" tabindex="-1" data-testid="alpha-note"><span class="sr-only" data-told="alpha"></span></p>
            <div class="multiples">
              <span class="name">${words.overTiles}</span>
              ${SERIES.map((series) => multiple(d, series, () => now))}
            </div>`
        : html`<p class="note why">${words.directNote}</p>`
    }
  </div>`);
  const canvas = element.querySelector('canvas')!;
  const note = element.querySelector<HTMLElement>('.one-line');
  const multiples = [...element.querySelectorAll<HTMLElement>('.multiple')];
  const told = [...element.querySelectorAll<HTMLElement>('[data-told]')];
  return {
    element,
    show(next) {
      now = next;
      paintSums(d, next, canvas);
      const reason = alphaWords(words, next.tile)[1];
      if (note && note.dataset['mark'] !== reason) note.dataset['mark'] = reason;
      SERIES.forEach(({ role }, i) => multiples[i]?.classList.toggle('lit', cellOfRow(next, role) !== undefined));
    },
    rest() {
      const painted = paintedOn(canvas);
      for (const place of told) setText(place, painted?.lines.get(place.dataset['told'] ?? '') ?? '');
      SERIES.forEach(({ role, name }, i) =>
        multiples[i]?.setAttribute('aria-label', `${name} = ${painted?.values.get(role) ?? words.notYet}`),
      );
      if (!note || !now) return;
      const [said, reason] = alphaWords(words, now.tile);
      note.tabIndex = said ? 0 : -1;
      note.ariaDescription = reason;
    },
  };
}

function multiple(d: Drawing, { role, name }: Series, current: () => Now | undefined) {
  const cell = () => ({ role, row: current()?.softmax.row ?? 0, col: 0 });
  const pressed = (e: KeyboardEvent): void => {
    const now = current();
    if (!now) return;
    if (e.key === 'Enter') d.on.pin(cell());
    else if (!['ArrowUp', 'ArrowDown'].includes(e.key) || !moved(d, now, e, 0, 0, 0, () => {})) return;
    e.preventDefault();
    e.stopPropagation();
  };
  return html`<div
    class="multiple ${role}"
    tabindex="0"
    role="img"
    data-mark=${d.captured}
    @pointerenter=${() => d.on.hover(cell())}
    @pointerleave=${() => d.on.hover(undefined)}
    @focus=${() => d.on.hover(cell())}
    @blur=${() => d.on.hover(undefined)}
    @click=${() => d.on.pin(cell())}
    @keydown=${pressed}
  >
    <i>${name}</i>
  </div>`;
}

function paintSums(d: Drawing, { frame, softmax, tile }: Now, canvas: HTMLCanvasElement): void {
  const { size } = d;
  const direct = softmax.kind === 'direct';
  const lOld = direct ? undefined : (tile.lOld ?? softmax.tiles.at(-2)?.l ?? (tile.index === 0 ? 0 : undefined));
  const height = PAD + LINE + (direct ? BAR + LINE : 2 * BAR + NECK + 2 * LINE);
  const curves = height + PAD;
  const state = [
    frame.plane,
    softmax.row,
    tile.index,
    lOld,
    tile.m,
    tile.l,
    tile.alpha,
    tile.sumP,
    softmax.tiles.length,
    tile.masked,
  ];
  paint(canvas, d.ink, size.width, direct ? height : curves + LINE + 1 + size.curve, state, (pen) => {
    legend(d, pen, tile, lOld);
    if (direct) return wholeSum(d, pen, tile, PAD + LINE);
    updatedSum(d, pen, tile, lOld, PAD + LINE);
    const note: Piece[] = [{ text: alphaWords(d.words, tile)[0], colour: 'ink-3' }];
    pen.line('alpha', note, 0, height - LINE);
    paintCurves(d, pen, softmax, curves);
  });
}

/** Labels stand in a row of their own, so they meet no bar and no other label. */
function legend({ words, size }: Drawing, pen: Pen, { l }: SoftmaxTile, lOld: number | undefined): void {
  const bold = (name: string, x: number): Piece => ({ text: value(x), face: 'bold-number', colour: 'ink', name });
  const old: Piece[] =
    lOld === undefined
      ? []
      : [{ sign: 'older' }, { text: `${words.lOld} `, face: 'number' }, bold('l_old', lOld), { gap: 12 }];
  const fresh: Piece[] =
    l === undefined ? [{ text: words.notYet, colour: 'ink-3' }] : [{ text: 'l ', face: 'number' }, bold('l', l)];
  pen.line('denominator', [...old, ...fresh], size.width, PAD, 'right');
}

function trough({ context, ink }: Pen, width: number, y: number): void {
  context.strokeStyle = ink.colours.line;
  context.beginPath();
  context.roundRect(0.5, y + 0.5, width - 1, BAR - 1, 3);
  context.stroke();
}

function filled({ context, ink }: Pen, x0: number, x1: number, y: number, colour: Colour, alpha = 1): void {
  if (x1 - x0 < 0.5) return;
  context.globalAlpha = alpha;
  context.fillStyle = ink.colours[colour];
  context.beginPath();
  context.roundRect(x0, y, x1 - x0, BAR, 3);
  context.fill();
  context.globalAlpha = 1;
}

function wholeSum({ words, size }: Drawing, pen: Pen, { l }: SoftmaxTile, y: number): void {
  trough(pen, size.width, y);
  const sum: Piece[] = [{ text: `l = Σ ${words.exp}(s` }, { text: 'j', down: 3 }, { text: ' − m)' }];
  if (l !== undefined) {
    filled(pen, 0, size.width, y, 'live');
    sum.push({ text: ' = ' }, { text: value(l), face: 'bold', colour: 'ink' });
  }
  pen.line('equation', sum, 0, y + BAR);
}

function updatedSum(d: Drawing, pen: Pen, tile: SoftmaxTile, lOld: number | undefined, y: number): void {
  const { words, size } = d;
  const { alpha, sumP, l, divided } = tile;
  const [older, fresh] = d.inHbm ? [words.lKept, words.pKept] : [`α·${words.lOld}`, 'Σp'];
  const end = Math.max(lOld ?? 0, l ?? 0) || 1;
  const x = (v: number): number => (v / end) * size.width;
  const low = y + BAR + NECK;
  trough(pen, size.width, y);
  trough(pen, size.width, low);
  if (lOld !== undefined) filled(pen, 0, x(lOld), y, 'ink-3', 0.55);
  if (lOld === undefined || alpha === undefined || l === undefined) {
    return pen.line('equation', [{ text: `${older} + ${fresh}: ${words.notYet}`, colour: 'ink-3' }], 0, low + BAR);
  }
  const kept = divided?.kept ?? lOld * alpha;
  if (lOld) neck(pen, x(lOld), x(kept), y + BAR);
  filled(pen, 0, x(kept), low, 'ink-3');
  filled(pen, x(kept), x(l), low, 'live');
  const bold = (name: string, v: number | undefined): Piece => ({
    text: v === undefined ? '' : value(v),
    face: 'bold',
    colour: 'ink',
    name,
  });
  const sum = (of: string, from = older, to = fresh): Piece[] => [
    { sign: 'kept' },
    { text: `${from} ${of}= ` },
    bold('kept', kept),
    { gap: 12 },
    { sign: 'grown' },
    { text: `+ ${to} ` },
    bold('sum-p', divided?.added ?? sumP),
  ];
  const factor = value(divided ? kept / (lOld || 1) : alpha);
  const ways = [sum(`${factor} × ${value(lOld)} `), sum(''), sum('', words.lOlder, words.lTile)];
  pen.line('equation', pen.fitting(ways, size.width), 0, low + BAR);
}

/** The old sum narrows to what alpha leaves of it. */
function neck({ context, ink }: Pen, from: number, to: number, y: number): void {
  context.globalAlpha = 0.3;
  context.fillStyle = ink.colours['ink-3'];
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(from, y);
  context.lineTo(to, y + NECK);
  context.lineTo(0, y + NECK);
  context.fill();
  context.globalAlpha = 1;
}

/** Why alpha is what it is, on one line; the whole reason is in the tip. */
function alphaWords(words: Drawing['words'], tile: SoftmaxTile): readonly [short: string, whole: string] {
  if (tile.alpha === undefined) return ['', ''];
  if (tile.masked.every(Boolean)) return [words.masksAll, words.alphaOne];
  if (tile.divided) return [words.alphaShareShort, words.alphaShare];
  if (tile.index === 0 && tile.alpha === 0) return [words.alphaFirstShort, words.firstAlpha];
  return tile.alpha === 1 ? [words.alphaOneShort, words.alphaOne] : [words.alphaShort, words.alphaNote];
}
