// The lines of the source pane: built once a text; a step moves two bands and touches only the lines whose values or
// bytes changed.
import { logged } from '../shared/logged';
import type { RingTarget } from '../shared/ring';
import { element } from '../../ui/dom/element';
import type { Frame, LineBytes, LogEntry } from '../../frame/frame-types';
import type { speak } from '../../words';
import { bytes } from '../../ui/format';
import { tokenLines } from './tokens';
import type { sourceWords } from './source.words';

/** Height of a line in pixels; the style sheet says the same. */
export const LINE = 20;

type Words = ReturnType<typeof speak<typeof sourceWords>>;

export interface CodePane {
  element: HTMLElement;
  draw(frame: Frame): void;
  /** The first line that has a text in it, as wide as it is in sight. */
  lineWith(text: string): RingTarget | undefined;
  dispose(): void;
}

interface Row {
  line: HTMLElement;
  side?: HTMLElement;
  value: string;
  bytes: string;
}

/** Mounts the pane. `pick` is called with a line that was clicked; `mark` is the provenance of a counted number. */
export function codePane(words: Words, mark: string, pick: (line: number) => void): CodePane {
  const scroller = element('div', 'code');
  scroller.tabIndex = 0;
  scroller.role = 'region';
  scroller.ariaLabel = words.code;
  const sheet = scroller.appendChild(element('div', 'sheet'));
  const [phase, current] = [element('div', 'band phase'), element('div', 'band current')];
  let text: string | undefined;
  let rows: Row[] = [];
  let wrote: HTMLElement | undefined;
  let height = 0;
  let line = 1;
  let waiting = 0;
  /** The text that was looked for last: its line was brought into sight then. */
  let asked: string | undefined;
  // Once a frame and after all views have drawn: asking for the scroll position lays the page out.
  const reveal = (): void => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => bringIntoSight(scroller, line, height));
  };
  const resized = new ResizeObserver(([entry]) => {
    height = entry?.contentRect.height ?? 0;
    reveal();
  });
  resized.observe(scroller);
  sheet.addEventListener('click', (event) => {
    const clicked = (event.target as Element).closest<HTMLElement>('.line');
    if (clicked?.dataset['line']) pick(Number(clicked.dataset['line']));
  });

  const build = (next: string): void => {
    text = next;
    wrote = undefined;
    rows = tokenLines(next).map((tokens, i) => {
      const row = element('div', 'line');
      row.dataset['line'] = String(i + 1);
      row.append(element('span', 'no', String(i + 1)));
      const code = row.appendChild(element('span', 'text'));
      for (const token of tokens)
        code.append(token.kind === 'plain' ? token.text : element('span', token.kind, token.text));
      return { line: row, value: '', bytes: '' };
    });
    sheet.replaceChildren(phase, current, ...rows.map((row) => row.line));
    scroller.scrollTop = 0;
  };

  const show = (n: number, entry: LogEntry | undefined, moved: LineBytes | undefined, most: number): void => {
    const row = rows[n - 1];
    if (!row) return;
    const said = entry ? `${entry.name} = ${logged(entry.value)}` : '';
    const counted = moved ? `${amount(moved.storage)}/${amount(moved.workgroup)}/${most}` : '';
    if (row.value === said && row.bytes === counted) return;
    Object.assign(row, { value: said, bytes: counted });
    row.side ??= row.line.appendChild(element('span', 'side'));
    row.side.hidden = said === '' && counted === '';
    const cells = moved
      ? [
          level('hbm', words.hbm, moved.storage, most, words, mark),
          level('sram', words.sram, moved.workgroup, most, words, mark),
        ]
      : [];
    row.side.replaceChildren(...(said ? [element('span', 'value', said)] : []), ...cells);
  };

  let shown = new Set<number>();
  return {
    element: scroller,
    draw(frame) {
      if (frame.pass.text !== text) {
        build(frame.pass.text);
        shown = new Set();
      }
      const now = new Set([...frame.line.values.keys(), ...frame.bytes.lines.keys()]);
      const most = mostBytes(frame);
      for (const n of shown) if (!now.has(n)) show(n, undefined, undefined, 0);
      for (const n of now) show(n, frame.line.values.get(n), frame.bytes.lines.get(n), most);
      shown = now;
      place(phase, frame.phase.line, frame.phase.endLine);
      place(current, frame.line.line, frame.line.line);
      wrote?.classList.remove('wrote');
      wrote = rows[(frame.explanation?.linePass === undefined ? (frame.explanation?.line ?? 0) : 0) - 1]?.line;
      wrote?.classList.add('wrote');
      line = frame.line.line;
      reveal();
    },
    lineWith(wanted) {
      const at = text?.split('\n').findIndex((one) => one.includes(wanted)) ?? -1;
      const row = rows[at];
      if (!row) return undefined;
      if (asked !== wanted) {
        asked = wanted;
        line = at + 1;
        reveal();
      }
      const top = at * LINE - scroller.scrollTop;
      if (top < 0 || top + LINE > height) return undefined;
      return { element: row.line, box: { x: scroller.scrollLeft, y: 0, w: scroller.clientWidth, h: LINE } };
    },
    dispose() {
      resized.disconnect();
      cancelAnimationFrame(waiting);
    },
  };
}

const amount = (t: { read: number; written: number }): string => `${t.read}+${t.written}`;

function mostBytes(frame: Frame): number {
  let most = 0;
  for (const { storage, workgroup } of frame.bytes.lines.values()) {
    most = Math.max(most, storage.read + storage.written, workgroup.read + workgroup.written);
  }
  return most;
}

/** One memory level of a line: direction and bytes, with a bar against the busiest line of the step. */
function level(
  kind: 'hbm' | 'sram',
  name: string,
  t: { read: number; written: number },
  most: number,
  words: Words,
  mark: string,
): HTMLElement {
  const sum = t.read + t.written;
  const cell = element('span', `bytes ${kind}`);
  if (sum === 0) return cell;
  const direction = [t.read ? words.read : '', t.written ? words.written : ''].filter(Boolean).join('+');
  cell.append(element('span', 'amount', `${direction} ${bytes(sum)}`));
  const bar = cell.appendChild(element('span', 'bar'));
  bar.style.setProperty('inline-size', `${(100 * sum) / most}%`);
  cell.dataset['mark'] = `${mark} ${words.bytesTip(name, bytes(t.read), bytes(t.written))}`;
  return cell;
}

function place(band: HTMLElement, from: number, to: number): void {
  band.style.setProperty('transform', `translateY(${(from - 1) * LINE}px)`);
  band.style.setProperty('block-size', `${(to - from + 1) * LINE}px`);
}

/** Scrolls the pane itself, never the page, and only when the line is out of sight. */
function bringIntoSight(scroller: HTMLElement, line: number, height: number): void {
  const top = (line - 1) * LINE;
  const from = scroller.scrollTop;
  if (height === 0 || (top >= from + LINE && top + 2 * LINE <= from + height)) return;
  scroller.scrollTop = top - height / 3;
}
