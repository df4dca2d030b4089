// The online softmax of the chosen row: scores against the running maximum, weights, the denominator, m, l and alpha over the tiles, the O rescale.
import { html, nothing, render, type TemplateResult } from 'lit';
import { workgroupOfRow } from './strip-workgroups';
import type { Frame, SoftmaxFrame } from '../capture/frame-types';
import { speak, type Language } from '../words';
import { value } from './format';
import { markText } from './mark';
import { colourTable } from './palette';
import { charts } from './softmax-charts';
import css from './softmax.css?inline';
import { keyTeller, stepper, type Drawing } from './softmax-drawing';
import { inkOf } from './softmax-plot';
import { rescale } from './softmax-rescale';
import { denominator, overTiles } from './softmax-sums';
import { softmaxWords } from './softmax.words';
import type { View, ViewEnv } from './view';

/** From this width on the picture has two columns. */
const WIDE = 720;
/** Below this a line of arithmetic says no number twice. */
const TIGHT = 520;
/** Below this it takes two lines. */
const NARROW = 380;
/** Most height that the charts take when there is more than they need. */
const SPARE = 240;
const GAP = 24;

function where(softmax: SoftmaxFrame, words: Drawing['words']): string {
  const tile = softmax.tiles.at(-1);
  if (!tile) return '';
  return softmax.kind === 'direct' ? words.allKeys(tile.masked.length) : words.tile(tile.index + 1, softmax.tileCount, tile.from, tile.to);
}

function describe(frame: Frame, language: Language): string {
  const words = speak(softmaxWords, language);
  const { softmax } = frame;
  if (!softmax) return words.noneCaptured;
  if (!softmax.inWorkgroup) return words.elsewhere(softmax.row, frame.block.r0, frame.block.r1);
  const tile = softmax.tiles.at(-1);
  if (!tile) return words.noneYet;
  const say = (x: number | undefined): string => (x === undefined ? words.notYet : value(x));
  return words.described(softmax.row, where(softmax, words), say(tile.m), say(tile.l), say(tile.alpha));
}

function head(d: Drawing, frame: Frame, softmax: SoftmaxFrame): TemplateResult {
  const rows = frame.trace.header.run.shape.queries;
  const token = rows === d.tokens?.length ? d.tokens[softmax.row]?.trim() : undefined;
  return html`<header>
    <b class="row">${d.words.row(softmax.row)}${token ? html` <q>${token}</q>` : nothing}</b>
    ${softmax.kind === 'online' ? html`<span class="tag" data-mark=${d.words.onlineNote}>${d.words.online}</span>` : html`<span class="tag" data-mark=${d.words.directNote}>${d.words.direct}</span>`}
    <button class="step up" ?disabled=${softmax.row === 0} aria-label=${d.words.up} title=${d.words.up} @click=${() => d.on.row(softmax.row - 1)}>↑</button>
    <button class="step down" ?disabled=${softmax.row >= rows - 1} aria-label=${d.words.down} title=${d.words.down} @click=${() => d.on.row(softmax.row + 1)}>↓</button>
    <span class="where num">${softmax.inWorkgroup ? where(softmax, d.words) : nothing}</span>
  </header>`;
}

/** Says that the row is another workgroup's, and offers both ways out. */
function elsewhere(d: Drawing, frame: Frame, softmax: SoftmaxFrame): TemplateResult {
  const { block } = frame;
  const other = workgroupOfRow(frame, softmax.row);
  return html`<div class="elsewhere">
    <p>${d.words.elsewhere(softmax.row, block.r0, block.r1)}</p>
    ${other === undefined || other === frame.cursor.workgroup ? nothing : html`<button @click=${() => d.on.workgroup(other)}>${d.words.goWorkgroup(other)}</button>`}
    <button @click=${() => d.on.row(block.r0)}>${d.words.goRow(block.r0)}</button>
  </div>`;
}

function body(d: Drawing, frame: Frame, softmax: SoftmaxFrame): TemplateResult {
  if (!softmax.inWorkgroup) return elsewhere(d, frame, softmax);
  const tile = softmax.tiles.at(-1);
  if (!tile) return html`<p class="elsewhere">${d.words.noneYet}</p>`;
  const direct = softmax.kind === 'direct';
  return html`<div class="column">${charts(d, softmax, tile)}</div>
    <div class="column">
      ${denominator(d, softmax, tile)} ${direct ? html`<p class="note">${d.words.directNote}</p>` : overTiles(d, softmax)}
      ${rescale(d, frame, softmax, tile)}
    </div>`;
}

function mount(host: HTMLElement, env: ViewEnv) {
  const root = host.appendChild(document.createElement('div'));
  root.className = 'view-softmax';
  const words = speak(softmaxWords, env.language);
  const { tokens } = env.trace.header;
  const [signed, unit] = [colourTable(env.theme, 'diverging'), colourTable(env.theme, 'sequential')];
  const captured = markText({ kind: 'captured', provenance: env.trace.header.provenance }, env.language);
  const computed = markText({ kind: 'computed' }, env.language);
  const ink = inkOf(root);
  const content = root.appendChild(document.createElement('div'));
  let width = root.clientWidth;
  let spare = 0;
  let last: Frame | undefined;
  const draw = (frame: Frame): void => {
    last = frame;
    const { softmax } = frame;
    const wide = width >= WIDE;
    root.classList.toggle('wide', wide);
    const column = wide ? (width - GAP) / 2 : width;
    root.classList.toggle('tight', column < TIGHT);
    root.classList.toggle('narrow', column < NARROW);
    if (!softmax) {
      render(html`<p class="elsewhere">${words.noneCaptured}</p>`, content);
      return;
    }
    const d: Drawing = {
      width: Math.max(240, Math.floor(column)),
      spare,
      words,
      signed,
      unit,
      theme: env.theme,
      ink,
      tokens,
      cell: frame.gaze.cell,
      captured,
      computed,
      on: env.on,
      step: stepper(softmax.row, frame.trace.header.run.shape.queries, env.on),
      keyText: keyTeller(words, tokens),
    };
    render(html`${head(d, frame, softmax)} <div class="columns">${body(d, frame, softmax)}</div>`, content);
  };
  /** Fits the picture to the room there is: the charts grow into what the rest leaves of the height. */
  const fit = (): void => {
    const free = content.querySelector('.chart') ? root.clientHeight - content.offsetHeight : 0;
    const taller = Math.max(0, Math.min(SPARE, spare + free));
    const wider = root.clientWidth;
    if (Math.abs(wider - width) < 1 && Math.abs(taller - spare) < 2) return;
    [width, spare] = [wider, taller];
    if (last) draw(last);
  };
  // In the next frame: a size that is changed while sizes are observed would be observed again at once.
  let due = 0;
  const resized = new ResizeObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(fit);
  });
  resized.observe(root);
  resized.observe(content);
  return {
    draw,
    dispose() {
      resized.disconnect();
      cancelAnimationFrame(due);
      root.remove();
    },
  };
}

/** Online softmax of one row (flash), or the whole-row softmax of the naive kernel. */
export const softmax: View = { id: 'softmax', title: softmaxWords.title, css, describe, mount };
