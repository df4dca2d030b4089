// The O rescale of the softmax view: O of the row before this tile, times alpha (computed), after P V (captured), and O = acc / l at the end.
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { Frame, SoftmaxFrame, SoftmaxTile } from '../capture/frame-types';
import { value } from './format';
import { magnitude, paintHeatmap } from './heatmap';
import { updatedRow } from './softmax-bars';
import type { Drawing } from './softmax-drawing';
import { styles } from './style';

interface Strip {
  id: string;
  name: string;
  values: ArrayLike<number> | undefined;
  max: number;
  computed?: boolean;
  /** Said in the empty place. */
  empty: string;
}

/** The strips of the row's O at the cursor, in the order of the update. */
function strips(d: Drawing, frame: Frame, softmax: SoftmaxFrame, tile: SoftmaxTile): Strip[] {
  const { accBefore: before, o } = softmax;
  const after = updatedRow(frame);
  const scale = Math.max(magnitude(before ?? []), magnitude(after ?? []));
  if (softmax.kind === 'direct')
    return [{ id: 'final', name: d.words.finalDirect, values: o, max: magnitude(o ?? []), empty: d.words.notYet }];
  const { alpha } = tile;
  const times = before && alpha !== undefined ? Float32Array.from(before, (x) => x * alpha) : undefined;
  const first = tile.index === 0 && !before;
  return [
    { id: 'before', name: d.words.before, values: before, max: scale, empty: first ? d.words.zero : d.words.notYet },
    {
      id: 'times',
      name: alpha === undefined ? d.words.times : `× ${value(alpha)}`,
      values: times,
      max: scale,
      computed: true,
      empty: first && alpha !== undefined ? '0' : d.words.notYet,
    },
    { id: 'after', name: d.words.after, values: after, max: scale, empty: d.words.notYet },
    { id: 'final', name: d.words.final, values: o, max: magnitude(o ?? []), empty: d.words.notYet },
  ];
}

/** The strips, and the arithmetic of the chosen channel in numbers. */
export function rescale(d: Drawing, frame: Frame, softmax: SoftmaxFrame, tile: SoftmaxTile): TemplateResult {
  const { dim } = frame.trace.header.run.shape;
  const list = strips(d, frame, softmax, tile);
  const known = list.findLast((s) => s.values)?.values;
  const cell = d.cell?.role === 'O' && d.cell.row === softmax.row ? d.cell.col : undefined;
  const channel = cell ?? largest(known);
  const to = (c: number): void => d.on.hover({ role: 'O', row: softmax.row, col: c });
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') d.on.pin({ role: 'O', row: softmax.row, col: channel });
    else if (!d.step(event, channel, 0, dim - 1, to)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = (event: PointerEvent): number => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return Math.max(0, Math.min(dim - 1, Math.floor(((event.clientX - box.left) / box.width) * dim)));
  };
  const text = list.flatMap((s) => (s.values ? [`${s.name}: ${value(s.values[channel] ?? 0)}`] : [])).join(', ');
  const place = styles({ left: `${(100 * channel) / dim}%`, width: `${100 / dim}%` });
  return html`<div class="part rescale">
    <div class="legend">
      <span class="name">${softmax.kind === 'direct' ? d.words.outputDirect : d.words.output}</span>
      ${known ? html`<span class="num">${gained(d, list, channel)} ${d.words.channel} ${channel}</span>` : nothing}
    </div>
    <div class="strips">
      <div class="names">
        ${list.map((s) => html`<span data-mark=${s.computed ? d.computed : d.captured}>${s.name}</span>`)}
      </div>
      <div
        class="stack"
        role="slider"
        tabindex="0"
        aria-label=${d.words.chooseChannel}
        aria-valuemin="0"
        aria-valuemax=${dim - 1}
        aria-valuenow=${channel}
        aria-valuetext=${`${d.words.channel} ${channel}: ${text || d.words.notYet}`}
        @pointermove=${(e: PointerEvent) => to(at(e))}
        @pointerleave=${() => d.on.hover(undefined)}
        @click=${(e: PointerEvent) => d.on.pin({ role: 'O', row: softmax.row, col: at(e) })}
        @focus=${() => to(channel)}
        @blur=${() => d.on.hover(undefined)}
        @keydown=${keys}
      >
        ${list.map((s) => strip(d, s))} ${known ? html`<span class="channel" ${place}></span>` : nothing}
      </div>
      <div class="numbers num" data-testid="channel-reading">
        ${list.map((s) => html`<span data-mark=${s.computed ? d.computed : d.captured}>${s.values ? value(s.values[channel] ?? 0) : ''}</span>`)}
      </div>
    </div>
  </div>`;
}

/** The canvas stays while its place is empty: making one is what costs. */
const strip = (d: Drawing, s: Strip): TemplateResult =>
  html`<span class="strip ${s.values ? '' : 'empty'}" data-strip=${s.id}
    ><canvas ?hidden=${!s.values} ${painted(s.values, s.max, d.theme)}></canvas>${s.values ? nothing : html`<span class="quiet">${s.empty}</span>`}</span
  >`;

const lastPainted = new WeakMap<Element, { values: ArrayLike<number>; max: number }>();

/** Paints when lit hands over the canvas: only where the numbers or their scale are others than those it shows. */
function painted(values: ArrayLike<number> | undefined, max: number, theme: 'dark' | 'light') {
  return ref((canvas) => {
    if (!values || !(canvas instanceof HTMLCanvasElement)) return;
    const last = lastPainted.get(canvas);
    if (last?.values === values && last.max === max) return;
    lastPainted.set(canvas, { values, max });
    // The context that is made first is the one painted on. A few pixels are set faster in memory than on a GPU.
    canvas.getContext('2d', { willReadFrequently: true });
    paintHeatmap(canvas, { values, rows: 1, cols: values.length, scale: 'diverging', max }, theme);
  });
}

/** The channel of largest magnitude: where the picture has most to say. */
function largest(values: ArrayLike<number> | undefined): number {
  let best = 0;
  for (let c = 1; c < (values?.length ?? 0); c++) if (Math.abs(values?.[c] ?? 0) > Math.abs(values?.[best] ?? 0)) best = c;
  return best;
}

/** What this tile's P V added to the channel. */
function gained(d: Drawing, list: readonly Strip[], channel: number): TemplateResult | typeof nothing {
  const of = (id: string): number | undefined => list.find((s) => s.id === id)?.values?.[channel];
  const after = of('after');
  if (after === undefined) return nothing;
  const added = after - (of('times') ?? 0);
  return html`<span class="gained" data-mark=${d.computed}>P V ${added < 0 ? '−' : '+'}${value(Math.abs(added))}</span>`;
}
