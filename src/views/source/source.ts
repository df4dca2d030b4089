// The WGSL that ran: the current line, the chosen thread's values on the lines, bytes a line by memory level, and the
// thread's log.
import type { Frame, Traffic } from '../../frame/frame-types';
import { speak, type Language } from '../../words';
import { bytes } from '../../ui/format';
import { element } from '../../ui/dom/element';
import { codePane } from './code';
import { logged } from '../shared/logged';
import type { RingRef } from '../shared/ring';
import css from './source.css?inline';
import { markText } from '../../ui/dom/mark';
import { logPane } from './log';
import { timedButton } from './timed';
import { sourceWords } from './source.words';
import type { View, ViewEnv } from '../view';

type Words = ReturnType<typeof speak<typeof sourceWords>>;

const lineText = (frame: Frame): string =>
  frame.pass.text.split('\n', frame.line.line)[frame.line.line - 1]?.trim() ?? '';

function describe(frame: Frame, language: Language): string {
  const words = speak(sourceWords, language);
  const values = [...frame.line.values.values()].slice(-4).map((entry) => `${entry.name} = ${logged(entry.value)}`);
  return words.described(frame.pass.name, frame.line.line, lineText(frame), frame.selection.thread, values.join(', '));
}

/** Previous, number, next: which thread's values are shown. */
function threadChooser(words: Words, go: (thread: number) => void) {
  const box = element('span', 'thread');
  const label = box.appendChild(element('label', '', `${words.thread} `));
  const input = label.appendChild(element('input', 'num'));
  input.type = 'number';
  input.min = '0';
  const step = (sign: string, text: string, by: number): HTMLButtonElement => {
    const button = element('button', '', sign);
    button.title = text;
    button.ariaLabel = text;
    button.addEventListener('click', () => go(Number(input.value) + by));
    return button;
  };
  const [less, more] = [step('−', words.previousThread, -1), step('+', words.nextThread, 1)];
  box.append(less, more);
  input.addEventListener('change', () => {
    const wanted = Math.round(Number(input.value));
    const thread = Math.max(0, Math.min(Number(input.max), Number.isFinite(wanted) ? wanted : 0));
    input.value = String(thread);
    go(thread);
  });
  // The page's own keys (arrows, Home, space) belong to the field while it has the focus.
  input.addEventListener('keydown', (event) => event.stopPropagation());
  const draw = (frame: Frame): void => {
    const last = frame.pass.workgroupSize - 1;
    input.max = String(last);
    input.title = `${words.threadTip} ${last}`;
    if (input.value !== String(frame.selection.thread)) input.value = String(frame.selection.thread);
    less.disabled = frame.selection.thread <= 0;
    more.disabled = frame.selection.thread >= last;
  };
  return { box, draw };
}

/**
 * The line under the code: bytes in full, which narrow panes show only as bars. Of the current line, or of the phase
 * where no line is current.
 */
function statusText(frame: Frame, words: Words): string {
  const level = (name: string, t: Traffic): string[] => [
    ...(t.read ? [`${name} ${words.read} ${bytes(t.read)}`] : []),
    ...(t.written ? [`${name} ${words.written} ${bytes(t.written)}`] : []),
  ];
  const say = (hbm: Traffic, sram: Traffic): string =>
    [...level(words.hbm, hbm), ...level(words.sram, sram)].join(' · ') || words.noBytes;
  if (frame.cursor.line === undefined)
    return words.phaseIs(frame.phase.name, say(frame.bytes.hbm.step, frame.bytes.sram.step));
  const moved = frame.bytes.lines.get(frame.line.line);
  return words.lineIs(frame.line.line, moved ? say(moved.storage, moved.workgroup) : words.noBytes);
}

function mount(host: HTMLElement, env: ViewEnv) {
  const words = speak(sourceWords, env.language);
  const root = host.appendChild(element('div', 'view-source'));
  let last: Frame | undefined;
  const counted = markText({ kind: 'counted', provenance: env.trace.header.provenance }, env.language);
  const code = codePane(words, counted, (line) => {
    if (!last) return;
    const { entries, index } = last.line;
    const later = entries.findIndex((entry, i) => i > index && entry.line === line);
    const found = later >= 0 ? later : entries.findIndex((entry) => entry.line === line);
    if (found >= 0) env.on.line(found);
  });
  const log = logPane(words, env.on.line);
  const threads = threadChooser(words, env.on.thread);
  const bar = element('header', '');
  const legend = element('span', 'legend');
  legend.title = words.columns;
  legend.append(element('span', 'hbm', words.hbm), element('span', 'sram', words.sram));
  const timed = timedButton(words);
  bar.append(threads.box, timed.button, legend);
  const wrote = element('span', 'wrote-note');
  const status = element('p', 'status num');
  const pane = element('div', 'pane');
  pane.append(code.element, status);
  const panes = element('div', 'panes');
  panes.append(pane, log.element);
  root.append(bar, panes);
  return {
    draw(frame: Frame) {
      last = frame;
      code.draw(frame);
      log.draw(frame);
      threads.draw(frame);
      timed.draw(frame);
      status.textContent = statusText(frame, words);
      const cell =
        frame.explanation?.line === undefined || frame.explanation.linePass !== undefined
          ? undefined
          : frame.explanation.cell;
      wrote.textContent = cell
        ? `✎ ${frame.explanation?.line}: ${words.wrote(`${cell.role}[${cell.row}, ${cell.col}]`)}`
        : '';
      if (cell) status.append(wrote);
    },
    ring: (ref: RingRef) => (ref.of === 'line' ? code.lineWith(ref.text) : undefined),
    dispose() {
      code.dispose();
      log.dispose();
      root.remove();
    },
  };
}

/** The plain WGSL text: what was timed, with what the tapped run said about it. */
export const source: View = { id: 'source', title: sourceWords.title, css, describe, mount };
