// The O rescale of the softmax view: the row of O through this tile's update as strips, and the arithmetic of the
// chosen channel in numbers.
import { html } from 'lit';
import { setText } from '../../../ui/dom/text';
import { largest, value } from '../../../ui/format';
import { cellOfRow, moved, type Drawing, type Now, type Part } from './drawing';
import { LINE, paint, paintedOn, type Pen, type Piece } from './pen';
import { elementOf } from './element-of';
import { paintStrips, PITCH, stripsOf, type Place, type Strip } from './strips';

/** Columns of the strips' names and of the numbers, and the room between. The style sheet has the same. */
const NAMES = 84;
const NUMBERS = 76;
const GAP = 8;
/** Above the legend. */
const PAD = 4;

/** What is shown: the strips, and which channel is chosen. */
interface Row {
  strips: readonly Strip[];
  known: ArrayLike<number> | undefined;
  channel: number;
}

export function rescale(d: Drawing, kind: 'online' | 'direct'): Part {
  const { words } = d;
  let now: Now | undefined;
  let row: Row = { strips: [], known: undefined, channel: 0 };
  const cell = (col: number) => ({ role: 'O' as const, row: now?.softmax.row ?? 0, col });
  const dim = (): number => now?.frame.trace.header.run.shape.dim ?? 1;
  const at = (event: PointerEvent): number => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return Math.max(0, Math.min(dim() - 1, Math.floor(((event.clientX - box.left) / box.width) * dim())));
  };
  const pressed = (event: KeyboardEvent): void => {
    if (!now) return;
    if (event.key === 'Enter' || event.key === ' ') d.on.pin(cell(row.channel));
    else if (!moved(d, now, event, row.channel, 0, dim() - 1, (c) => d.on.hover(cell(c)))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  // The name of the strip times alpha changes with alpha: it is painted.
  const names =
    kind === 'direct' ? [words.finalDirect] : [words.before, '', words.after, ...(d.inHbm ? [] : [words.final])];
  const mark = (i: number): string => (kind === 'online' && i === 1 ? d.computed : d.captured);
  const element = elementOf(html`<div class="plate rescale">
    <canvas></canvas>
    <div class="legend">
      <span class="name">${kind === 'direct' ? words.outputDirect : words.output}</span>
      <span class="told" data-mark=${d.computed}><span class="sr-only" data-told="gained"></span></span>
    </div>
    <div class="strips">
      <div class="names">${names.map((name, i) => html`<span data-mark=${mark(i)}>${name}</span>`)}</div>
      <div
        class="stack"
        role="slider"
        tabindex="0"
        aria-label=${words.chooseChannel}
        aria-valuemin="0"
        @pointermove=${(e: PointerEvent) => d.on.hover(cell(at(e)))}
        @pointerleave=${() => d.on.hover(undefined)}
        @click=${(e: PointerEvent) => d.on.pin(cell(at(e)))}
        @focus=${() => d.on.hover(cell(row.channel))}
        @blur=${() => d.on.hover(undefined)}
        @keydown=${pressed}
      ></div>
      <div class="numbers" data-testid="channel-reading">${names.map((_, i) => html`<span data-mark=${mark(i)}></span>`)}</div>
    </div>
  </div>`);
  const canvas = element.querySelector('canvas')!;
  const [slider, gained] = [element.querySelector('.stack')!, element.querySelector('[data-told]')!];
  return {
    element,
    show(next) {
      now = next;
      row = rowOf(d, next);
      paintRow(d, row, canvas);
    },
    rest() {
      const { strips, known, channel } = row;
      const text = strips
        .flatMap((s) => (s.values ? [`${s.name}${words.colon}${value(s.values[channel] ?? 0)}`] : []))
        .join(', ');
      slider.ariaValueMax = String(dim() - 1);
      slider.ariaValueNow = String(channel);
      slider.ariaValueText = `${words.channel(channel)}${words.colon}${known ? text : words.notYet}`;
      setText(gained, paintedOn(canvas)?.lines.get('gained') ?? '');
    },
  };
}

function rowOf(d: Drawing, now: Now): Row {
  const strips = stripsOf(d, now);
  const known = strips.findLast((s) => s.values)?.values;
  return { strips, known, channel: cellOfRow(now, 'O')?.col ?? now.frame.selection.channel ?? largest(known) };
}

function paintRow(d: Drawing, { strips, known, channel }: Row, canvas: HTMLCanvasElement): void {
  const { width } = d.size;
  const top = PAD + LINE;
  const place: Place = { x: NAMES + GAP, y: top, width: width - NAMES - NUMBERS - 2 * GAP };
  const state = [channel, ...strips.flatMap((s) => [s.name, s.values, s.empty])];
  paint(canvas, d.ink, width, top + strips.length * PITCH, state, (pen) => {
    if (known) legend(d, pen, strips, channel);
    paintStrips(pen, d.signed, strips, place, channel);
    strips.forEach((strip, i) => {
      const y = top + i * PITCH;
      if (strip.id === 'times') pen.text(strip.name, 0, y, 'text', 'ink-2', 'left', NAMES);
      const x = strip.values?.[channel];
      if (x === undefined) return;
      pen.note(`channel ${strip.id}`, value(x));
      pen.text(value(x), width, y, 'number', 'ink', 'right', NUMBERS);
    });
  });
}

/** Which channel, and what this tile's P V added to it where there is room to say so. */
function legend({ words, size }: Drawing, pen: Pen, strips: readonly Strip[], channel: number): void {
  const of = (id: Strip['id']): number | undefined => strips.find((s) => s.id === id)?.values?.[channel];
  const chosen: Piece[] = [{ text: words.channel(channel) }];
  const after = of('after');
  const added = (after ?? 0) - (of('times') ?? 0);
  const gain: Piece[] = [
    { text: `P V ${added < 0 ? '−' : '+'}${value(Math.abs(added))}`, face: 'number' },
    { gap: 10 },
    ...chosen,
  ];
  const room = size.width - pen.width([{ text: words.output }]) - GAP;
  pen.line('gained', after === undefined ? chosen : pen.fitting([gain, chosen], room), size.width, PAD, 'right');
}
