// The running sums of the softmax view: the denominator that shrinks by alpha and grows by sum p, and m, l, alpha over the tiles.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { SoftmaxFrame, SoftmaxTile } from '../capture/frame-types';
import { value } from './format';
import type { Drawing } from './softmax-drawing';

const BAR = 10;
const NECK = 6;

/** The denominator before and after this tile. Labels stand in a row of their own, so they meet no bar and no other label. */
export function denominator(d: Drawing, softmax: SoftmaxFrame, tile: SoftmaxTile): TemplateResult {
  const lOld = softmax.kind === 'direct' ? undefined : (tile.lOld ?? softmax.tiles.at(-2)?.l ?? (tile.index === 0 ? 0 : undefined));
  return html`<div class="part denominator">
    <div class="legend">
      <span class="name">${d.words.denominator} <i>l</i></span>
      <span class="keys num" data-mark=${d.captured}>
        ${lOld === undefined ? nothing : html`<span><span class="swatch older"></span>${d.words.lOld} <b data-name="l_old">${value(lOld)}</b></span>`}
        ${tile.l === undefined ? html`<span class="quiet">${d.words.notYet}</span>` : html`<span>l <b data-name="l">${value(tile.l)}</b></span>`}
      </span>
    </div>
    ${softmax.kind === 'direct' ? wholeSum(d, tile) : updatedSum(d, tile, lOld)}
  </div>`;
}

function wholeSum(d: Drawing, tile: SoftmaxTile): TemplateResult {
  return html`<svg class="sums" width=${d.width} height=${BAR} aria-hidden="true">
      <rect class="empty" x="0.5" y="0.5" width=${d.width - 1} height=${BAR - 1} rx="3" />
      ${tile.l === undefined ? nothing : svg`<rect class="grown" width=${d.width} height=${BAR} rx="3" />`}
    </svg>
    <p class="equation num"><span>l = Σ ${d.words.exp}(s<sub>j</sub> − m)${tile.l === undefined ? nothing : html` = <b>${value(tile.l)}</b>`}</span></p>`;
}

function updatedSum(d: Drawing, tile: SoftmaxTile, lOld: number | undefined): TemplateResult {
  const { alpha, sumP, l } = tile;
  const kept = lOld === undefined || alpha === undefined ? undefined : lOld * alpha;
  const end = Math.max(lOld ?? 0, l ?? 0) || 1;
  const x = (v: number): number => (v / end) * d.width;
  const height = 2 * BAR + NECK;
  const bar = (y: number, from: number, to: number, kind: string): TemplateResult | typeof nothing =>
    to - from < 0.5 ? nothing : svg`<rect class=${kind} x=${from} y=${y} width=${to - from} height=${BAR} rx="3" />`;
  const grown = kept !== undefined && l !== undefined;
  return html`<svg class="sums" width=${d.width} height=${height} aria-hidden="true">
      <rect class="empty" x="0.5" y="0.5" width=${d.width - 1} height=${BAR - 1} rx="3" />
      <rect class="empty" x="0.5" y=${BAR + NECK + 0.5} width=${d.width - 1} height=${BAR - 1} rx="3" />
      ${lOld === undefined ? nothing : bar(0, 0, x(lOld), 'older')}
      ${grown && lOld ? svg`<path class="neck" d="M0 ${BAR}H${x(lOld)}L${x(kept)} ${BAR + NECK}H0Z" />` : nothing}
      ${grown ? [bar(BAR + NECK, 0, x(kept), 'kept'), bar(BAR + NECK, x(kept), x(l), 'grown')] : nothing}
    </svg>
    <p class="equation num">
      ${
        grown && alpha !== undefined && lOld !== undefined
          ? html`<span data-mark=${d.computed}><span class="swatch kept"></span>α·${d.words.lOld} ${value(alpha)} × ${value(lOld)} = <b data-name="kept">${value(kept)}</b></span>
            <span data-mark=${d.computed}><span class="swatch grown"></span>+ Σp <b data-name="sum-p">${sumP === undefined ? '' : value(sumP)}</b></span>`
          : html`<span class="quiet">α·${d.words.lOld} + Σp: ${d.words.notYet}</span>`
      }
    </p>
    ${alphaNote(d.words, tile)}`;
}

/** Why alpha is what it is, on one line; the whole reason is in the tip. */
function alphaNote(words: Drawing['words'], tile: SoftmaxTile): TemplateResult {
  const [short, whole] = alphaWords(words, tile);
  return html`<p class="note one-line" tabindex=${short ? 0 : -1} data-testid="alpha-note" data-mark=${whole} aria-description=${whole}>${short}</p>`;
}

function alphaWords(words: Drawing['words'], tile: SoftmaxTile): readonly [short: string, whole: string] {
  if (tile.alpha === undefined) return ['', ''];
  if (tile.masked.every(Boolean)) return [words.masksAll, words.alphaOne];
  if (tile.index === 0 && tile.alpha === 0) return [words.alphaFirstShort, words.firstAlpha];
  return tile.alpha === 1 ? [words.alphaOneShort, words.alphaOne] : [words.alphaShort, words.alphaNote];
}

/** Column of the label beside the three charts. */
const LABEL = 58;
const EDGE = 7;

/** m, l and alpha after each tile, up to the cursor; the places of later tiles stay empty. */
export function overTiles(d: Drawing, softmax: SoftmaxFrame): TemplateResult {
  const width = Math.floor((d.width - LABEL - 3 * 8) / 3);
  return html`<div class="part multiples">
    <span class="name">${d.words.overTiles}</span>
    ${multiple(d, softmax, 'm', 'm', width)} ${multiple(d, softmax, 'l', 'l', width)} ${multiple(d, softmax, 'alpha', 'α', width)}
  </div>`;
}

function multiple(d: Drawing, softmax: SoftmaxFrame, role: 'm' | 'l' | 'alpha', name: string, width: number): TemplateResult {
  const points = softmax.tiles.flatMap((t) => (t[role] === undefined || t[role] <= -1e30 ? [] : [{ tile: t.index, v: t[role] }]));
  const values = points.map((p) => p.v);
  const lo = role === 'm' ? Math.min(...values) : 0;
  const hi = role === 'alpha' ? 1 : Math.max(...values, lo);
  const height = 28 + 0.15 * d.spare;
  const inner = width - 2 * EDGE - 2;
  const x = (t: number): number => 1 + EDGE + (softmax.tileCount < 2 ? inner / 2 : (t / (softmax.tileCount - 1)) * inner);
  const y = (v: number): number => height - EDGE - 4 - (hi === lo ? 0.5 : (v - lo) / (hi - lo)) * (height - 2 * EDGE - 2);
  const now = points.at(-1);
  const current = softmax.tiles.at(-1)?.[role];
  const cell = { role, row: softmax.row, col: 0 };
  const lit = d.cell?.role === role && d.cell.row === softmax.row;
  const shown = current === undefined ? d.words.notYet : value(current);
  const every = Math.ceil((softmax.tileCount * 5) / inner);
  const places = Array.from({ length: Math.ceil(softmax.tileCount / every) }, (_, i) => i * every);
  return html`<div
    class="multiple ${role} ${lit ? 'lit' : ''}"
    tabindex="0"
    role="img"
    aria-label="${name} = ${shown}"
    data-mark=${d.captured}
    @pointerenter=${() => d.on.hover(cell)}
    @pointerleave=${() => d.on.hover(undefined)}
    @focus=${() => d.on.hover(cell)}
    @blur=${() => d.on.hover(undefined)}
    @click=${() => d.on.pin(cell)}
    @keydown=${(e: KeyboardEvent) => {
      if (e.key === 'Enter') d.on.pin(cell);
      else if (!['ArrowUp', 'ArrowDown'].includes(e.key) || !d.step(e, 0, 0, 0, () => {})) return;
      e.preventDefault();
      e.stopPropagation();
    }}
  >
    <span class="head"><i>${name}</i>${current === undefined ? html`<span class="quiet">${shown}</span>` : html`<b class="num" data-name=${role}>${shown}</b>`}</span>
    <svg width=${width} height=${height} aria-hidden="true">
      ${places.map((t) => svg`<line class="place" x1=${x(t)} x2=${x(t)} y1=${height - 4} y2=${height - 1} />`)}
      ${points.length > 1 ? svg`<path class="path" d=${`M${points.map((p) => `${x(p.tile).toFixed(1)} ${y(p.v).toFixed(1)}`).join('L')}`} />` : nothing}
      ${points.length <= 24 ? points.map((p) => svg`<circle class="dot" cx=${x(p.tile)} cy=${y(p.v)} r="2.5" />`) : nothing}
      ${now ? svg`<circle class="dot now" cx=${x(now.tile)} cy=${y(now.v)} r="4.5" />` : nothing}
    </svg>
  </div>`;
}
