// Bytes requested by buffer: this step's and the running sums, HBM and SRAM apart.
import { html, nothing, render, type TemplateResult } from 'lit';
import type { BufferBytes, Frame, Traffic } from '../../frame/frame-types';
import { speak, type Language } from '../../words';
import css from './buffers.css?inline';
import { bufferWords } from './buffers.words';
import { bytes } from '../../ui/format';
import { markCss, markText, mountMarks } from '../../ui/dom/mark';
import type { MountedView, View, ViewEnv } from '../view';
import { styles } from '../../ui/dom/style';

type Space = BufferBytes['space'];

export const buffers: View = {
  id: 'buffers',
  title: { en: 'Bytes by buffer', zh: '各缓冲区的字节' },
  css: markCss + css,
  describe(frame, language) {
    const words = speak(bufferWords, language);
    const busy = frame.bytes.buffers.filter(({ step }) => step.read + step.written > 0);
    const list = busy
      .map(({ name, step }) => words.item(name, bytes(step.read), bytes(step.written)))
      .join(words.semicolon);
    return words.describe(frame.phase.name, list);
  },
  mount(host: HTMLElement, env: ViewEnv): MountedView {
    const root = document.createElement('div');
    root.className = 'view-buffers';
    host.append(root);
    const unmark = mountMarks(root);
    return {
      draw: (frame) => render(table(frame, env.language), root),
      dispose() {
        unmark();
        root.remove();
      },
    };
  },
};

function table(frame: Frame, language: Language): TemplateResult {
  const words = speak(bufferWords, language);
  const mark = markText({ kind: 'counted', provenance: frame.provenance, note: words.note }, language);
  const { hbm, sram } = frame.bytes;
  return html`<table>
      <caption tabindex="0" data-mark=${mark} aria-description=${mark}>
        ${words.caption(frame.phase.name)}
      </caption>
      <thead>
        <tr>
          <th scope="col" rowspan="2">${words.buffer}</th>
          <th scope="colgroup" colspan="2">${words.thisStep}</th>
          <th scope="colgroup" colspan="2">${words.soFar}</th>
        </tr>
        <tr>
          <th scope="col">${words.read}</th>
          <th scope="col">${words.written}</th>
          <th scope="col">${words.read}</th>
          <th scope="col">${words.written}</th>
        </tr>
      </thead>
      ${group(frame, 'storage', words.storage, words.all, hbm, mark)} ${group(frame, 'workgroup', words.workgroup, words.all, sram, mark)}
    </table>
    <p class="muted">${words.bars}</p>`;
}

function group(
  frame: Frame,
  space: Space,
  title: string,
  all: string,
  sums: { step: Traffic; sum: Traffic },
  mark: string,
): TemplateResult | typeof nothing {
  const rows = frame.bytes.buffers.filter((b) => b.space === space);
  if (rows.length === 0) return nothing;
  const longest = Math.max(1, ...rows.map(({ sum }) => Math.max(sum.read, sum.written)));
  return html`<tbody class=${space}>
    <tr class="group">
      <th scope="rowgroup" colspan="5">${title}</th>
    </tr>
    ${rows.map(
      ({ name, step, sum }) => html`<tr class=${step.read + step.written > 0 ? 'busy' : ''}>
        <th scope="row" class="num">${name}${bar(sum.read / longest, sum.written / longest)}</th>
        ${cell(step.read, 'step', mark)} ${cell(step.written, 'step', mark)} ${cell(sum.read, 'sum', mark)} ${cell(sum.written, 'sum', mark)}
      </tr>`,
    )}
    <tr class="all">
      <th scope="row">${all}</th>
      ${cell(sums.step.read, 'step', mark)} ${cell(sums.step.written, 'step', mark)} ${cell(sums.sum.read, 'sum', mark)} ${cell(sums.sum.written, 'sum', mark)}
    </tr>
  </tbody>`;
}

const cell = (n: number, when: 'step' | 'sum', mark: string): TemplateResult =>
  html`<td class="num ${when} ${n === 0 ? 'zero' : ''}" data-mark=${mark}>${bytes(n)}</td>`;

const bar = (read: number, written: number): TemplateResult => {
  const width = (share: number) => styles({ width: `${(100 * share).toFixed(2)}%` });
  return html`<span class="bar" aria-hidden="true"><i ${width(read)}></i><i class="out" ${width(written)}></i></span>`;
};
