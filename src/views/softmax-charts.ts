// The two bar charts of the softmax view, one over the other on the same keys: scores with the running maximum, and p = exp(s - m).
import { ticks } from 'd3';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { SoftmaxFrame, SoftmaxTile } from '../capture/frame-types';
import { value } from './format';
import { colourAt, positionOf } from './palette';
import { barsOf, keysPerBar, scoreRange, topKey, type Bar } from './softmax-bars';
import type { Drawing } from './softmax-drawing';
import { paintPlot, type Plot, type PlotBar } from './softmax-plot';
import { styles } from './style';

const GUTTER = 40;
const PAD = 8;

interface Geometry {
  bars: readonly Bar[];
  per: number;
  plot: number;
  step: number;
  /** Heights of the two charts. */
  scores: number;
  weights: number;
}

/** Both charts with their legends, the reading of the chosen key between them, and the keys' tokens below. */
export function charts(d: Drawing, softmax: SoftmaxFrame, tile: SoftmaxTile): TemplateResult {
  const plot = Math.max(40, d.width - GUTTER - 2);
  const per = keysPerBar(tile.masked.length, plot);
  const bars = barsOf(tile, per);
  const g = { bars, per, plot, step: plot / bars.length, scores: 60 + 0.55 * d.spare, weights: 38 + 0.3 * d.spare };
  const chosen = chosenKey(d, softmax, tile);
  const range = scoreRange(softmax.tiles);
  const mOld = softmax.kind === 'online' ? (tile.mOld ?? softmax.tiles.at(-2)?.m) : undefined;
  const someS = bars.some((b) => b.s !== undefined);
  const someP = bars.some((b) => b.p !== undefined && !b.masked);
  const allMasked = tile.masked.every(Boolean);
  const share = softmax.kind === 'direct' ? ' / l' : '';
  return html`
    <div class="part scores">
      <div class="legend">
        <span class="name">${d.words.scores} <i>s</i><sub>j</sub></span>
        <span class="keys">
          ${mOld === undefined ? nothing : legendLine('old', d.words.mOld, mOld, mOld <= -1e30 ? d.words.below : '', d.captured)}
          ${tile.m === undefined ? nothing : legendLine('new', softmax.kind === 'direct' ? 'm' : d.words.mNew, tile.m, '', d.captured)}
        </span>
      </div>
      ${chart(d, softmax, tile, g, 'S', scoreMarks(d, g, range, mOld, tile.m), chosen, someS || allMasked)}
      <div class="legend">
        <span class="name">${d.words.weights} <i>p</i><sub>j</sub> = ${d.words.exp}(s<sub>j</sub> − m)${share}</span>
        ${tile.masked.some(Boolean) ? html`<span class="hatch-key"><span class="swatch hatched"></span>${d.words.masked}</span>` : nothing}
      </div>
      ${chart(d, softmax, tile, g, 'P', weightMarks(d, g, softmax.kind === 'direct' ? nice(tile.p) : 1), chosen, someP || (allMasked && tile.m !== undefined))}
      ${keyBand(d, g, chosen)} ${per > 1 ? html`<p class="note">${d.words.binned(per)}</p>` : nothing}
      <p class="reading num" data-testid="key-reading">${reading(d, softmax, tile, chosen)}</p>
    </div>
  `;
}

const legendLine = (kind: string, name: string, x: number, note: string, tip: string): TemplateResult =>
  html`<span class="line-key" data-mark=${tip}
    ><span class="dash ${kind}"></span><span class="num">${name} <b data-name=${name}>${value(x)}</b></span>${note ? html`<span class="quiet">${note}</span>` : nothing}</span
  >`;

/** The key under the pointer or focus, from whichever view it came, else the top one. */
function chosenKey(d: Drawing, softmax: SoftmaxFrame, tile: SoftmaxTile): number | undefined {
  const cell = d.cell;
  const mine = cell && (cell.role === 'S' || cell.role === 'P') && cell.row === softmax.row && cell.col >= tile.from && cell.col <= tile.to;
  return mine ? cell.col : topKey(tile);
}

function reading(d: Drawing, softmax: SoftmaxFrame, tile: SoftmaxTile, key: number | undefined): TemplateResult | string {
  if (tile.masked.every(Boolean)) return d.words.masksAll;
  if (key === undefined) return ' ';
  const i = key - tile.from;
  const token = d.tokens?.[key];
  const name = html`<span class="who">${d.words.key} ${key}${token ? html` <q>${token.trim()}</q>` : nothing}</span>`;
  const s = tile.s[i];
  const p = tile.p[i];
  if (tile.masked[i]) return html`${name} ${d.words.masked}${p === undefined ? nothing : html`, p = ${value(p)}`}`;
  if (s === undefined) return html`${name} <span class="quiet">${d.words.notYet}</span>`;
  const m = tile.m;
  const l = softmax.kind === 'direct' && tile.l !== undefined ? ` / ${value(tile.l)}` : '';
  return html`${name} <span class=${p === undefined || m === undefined ? '' : 'again'}>s = ${value(s)}</span>
    ${p === undefined || m === undefined ? nothing : html`<span>p = ${d.words.exp}(${value(s)} − ${m < 0 ? `(${value(m)})` : value(m)})${l} = <b>${value(p)}</b></span>`}`;
}

/** One chart: a canvas, and one surface over it that tells which key is meant, for pointer and keys. */
function chart(
  d: Drawing,
  softmax: SoftmaxFrame,
  tile: SoftmaxTile,
  g: Geometry,
  role: 'S' | 'P',
  marks: Marks,
  chosen: number | undefined,
  written: boolean,
): TemplateResult {
  const height = role === 'S' ? g.scores : g.weights;
  const hot = chosen === undefined ? -1 : Math.floor((chosen - tile.from) / g.per);
  const at = (event: PointerEvent): number => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const i = Math.floor(((event.clientX - box.left - GUTTER) / g.plot) * g.bars.length);
    return g.bars[Math.max(0, Math.min(g.bars.length - 1, i))]?.key ?? tile.from;
  };
  const cell = (key: number) => ({ role, row: softmax.row, col: key });
  const keys = (event: KeyboardEvent): void => {
    const now = chosen ?? tile.from;
    if (event.key === 'Enter' || event.key === ' ') d.on.pin(cell(now));
    else if (!d.step(event, now, tile.from, tile.to, (key) => d.on.hover(cell(key)))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const text = chosen === undefined ? d.words.notYet : d.keyText(tile, chosen, role);
  const plot: Plot = {
    ...marks,
    kind: role === 'S' ? 's' : 'p',
    width: d.width,
    height,
    gutter: GUTTER,
    hatched: runs(g.bars).map(([from, to]) => [GUTTER + from * g.step, (to - from) * g.step]),
    hot: hot < 0 || !written ? undefined : [GUTTER + hot * g.step, g.step],
    empty: written ? undefined : d.words.notYet,
  };
  return html`<div
    class="chart ${role}"
    ${styles({ width: `${d.width}px`, height: `${height}px` })}
    role="slider"
    tabindex="0"
    aria-label=${d.words.chooseKey}
    aria-valuemin=${tile.from}
    aria-valuemax=${tile.to}
    aria-valuenow=${chosen ?? tile.from}
    aria-valuetext=${text}
    @pointermove=${(e: PointerEvent) => d.on.hover(cell(at(e)))}
    @pointerleave=${() => d.on.hover(undefined)}
    @click=${(e: PointerEvent) => d.on.pin(cell(at(e)))}
    @focus=${() => d.on.hover(cell(chosen ?? tile.from))}
    @blur=${() => d.on.hover(undefined)}
    @keydown=${keys}
  >
    <canvas ${ref((canvas) => canvas instanceof HTMLCanvasElement && paintPlot(canvas, plot, d.ink))}></canvas>
  </div>`;
}

/** What stands in a chart by its numbers. */
type Marks = Pick<Plot, 'bars' | 'ticks' | 'levels'>;

/** Runs of masked bars as [from, to). */
function runs(bars: readonly Bar[]): [number, number][] {
  const found: [number, number][] = [];
  bars.forEach((bar, i) => {
    const last = found.at(-1);
    if (!bar.masked) return;
    if (last && last[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  });
  return found;
}

/** A tick in the four characters that the gutter holds. */
const tickText = (v: number): string => (String(Math.abs(v)).length > 4 ? v.toExponential(0) : String(v)).replace('-', '−');

const axis = (values: readonly number[], y: (v: number) => number): Plot['ticks'] =>
  values.map((v) => ({ text: tickText(v), y: y(v), base: v === 0 }));

function barAt(g: Geometry, i: number, y0: number, y1: number, fill: string): PlotBar {
  const gap = g.step >= 8 ? 2 : g.step >= 4 ? 1 : 0;
  const x = GUTTER + i * g.step + gap / 2;
  return { x, y: Math.min(y0, y1), width: Math.max(1, g.step - gap), height: Math.max(1, Math.abs(y1 - y0)), fill };
}

function scoreMarks(d: Drawing, g: Geometry, [lo, hi]: readonly [number, number], mOld: number | undefined, m: number | undefined): Marks {
  const y = (v: number): number => PAD + ((hi - v) / (hi - lo)) * (g.scores - 2 * PAD);
  const max = Math.max(-lo, hi);
  const level = (x: number | undefined, old: boolean): Plot['levels'] => (x === undefined || x <= -1e30 ? [] : [{ y: y(x), old }]);
  return {
    bars: g.bars.flatMap((b, i) =>
      b.s === undefined ? [] : [barAt(g, i, y(0), y(b.s), colourAt(d.signed, positionOf(b.s, 'diverging', max)))],
    ),
    ticks: axis(ticks(lo, hi, g.scores < 90 ? 2 : 3), y),
    levels: [...level(mOld, true), ...level(m, false)],
  };
}

/** Top of the weights' axis: divided by l they can all be small. */
function nice(p: SoftmaxTile['p']): number {
  const most = p.reduce<number>((max, x) => Math.max(max, x ?? 0), 0);
  return most === 0 ? 1 : Math.min(1, 1.1 * most);
}

function weightMarks(d: Drawing, g: Geometry, most: number): Marks {
  const y = (v: number): number => PAD + (1 - v / most) * (g.weights - 2 * PAD);
  return {
    bars: g.bars.flatMap((b, i) =>
      b.p === undefined || b.masked ? [] : [barAt(g, i, y(0), y(b.p), colourAt(d.unit, 0.35 + (0.4 * b.p) / most))],
    ),
    ticks: axis(ticks(0, most, most === 1 || g.weights < 60 ? 1 : 2), y),
    levels: [],
  };
}

/** Key numbers, and tokens where there is room: upright when they fit, else turned. */
function keyBand(d: Drawing, g: Geometry, chosen: number | undefined): TemplateResult {
  const tokens = g.per === 1 && d.tokens && g.step >= 15 ? g.bars.map((b) => d.tokens?.[b.key]?.trim() ?? '') : undefined;
  const fits = (t: string): boolean => textWidth(t) <= g.step - 2;
  const turned = Math.max(0, ...(tokens ?? []).filter((t) => !fits(t)).map(textWidth));
  const every = Math.max(1, Math.ceil(34 / g.step));
  const shown = g.bars.map((b, i) => (i % every === 0 ? (g.per === 1 ? b.key : b.first) : undefined));
  const x = (i: number): number => GUTTER + (i + 0.5) * g.step;
  const label = (t: string, i: number): TemplateResult =>
    fits(t)
      ? svg`<text class="token middle" x=${x(i)} y="30">${t}</text>`
      : svg`<text class="token" transform="translate(${x(i) - 4} 19) rotate(90)">${short(t)}</text>`;
  return html`<svg class="band" width=${d.width} height=${tokens ? Math.max(36, 21 + turned) : 16} aria-hidden="true">
    ${shown.map((key, i) => (key === undefined ? nothing : svg`<text class="tick num middle ${key === chosen ? 'on' : ''}" x=${Math.min(x(i), d.width - 4 * String(key).length)} y="13">${key}</text>`))}
    ${tokens?.map((t, i) => label(t, i))}
  </svg>`;
}

const LONGEST = 6;
const short = (text: string): string => ([...text].length > LONGEST ? `${[...text].slice(0, LONGEST - 1).join('')}…` : text);

/** Rough width of a shortened label at 13 px: a Han character is a full em. */
const textWidth = (text: string): number => [...short(text)].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e80 ? 13.5 : 7.4), 0);
