// Memory levels as three boxes, HBM, SRAM and registers: what stands in each, what this step reads and writes, and how many bytes pass between them.
import { html, nothing, render, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Frame, Traffic } from '../capture/frame-types';
import { hasSram } from '../capture/places';
import type { TensorId } from '../attention/shape';
import type { Language } from '../words';
import { bytes, value } from './format';
import { markCss, markText, mountMarks } from './mark';
import css from './memory.css?inline';
import { links } from './memory-links';
import { arraysOf, captured, ghostsOf, isVector, roleSign, tensorsOf, type Level, type Matrix } from './memory-matrix';
import { stepsOf, type Levels } from './memory-steps';
import { Thumb } from './memory-thumb';
import { trafficTable } from './memory-traffic';
import { memorySpeech, type MemoryWords } from './memory.words';
import { colourTable, type Scale, type Theme } from './palette';
import type { MountedView, View, ViewEnv } from './view';

/** This workgroup's sums up to the cursor, and the bytes of the widest arrow. */
function progress(frame: Frame): { sums: Levels | undefined; largest: number } {
  if (!frame.workgroup) return { sums: undefined, largest: 1 };
  const steps = stepsOf(frame.pass, frame.workgroup);
  return { sums: steps.sums[frame.cursor.phase], largest: steps.largest };
}

export const memory: View = {
  id: 'memory',
  title: { en: 'Where the bytes are', zh: '字节在哪里' },
  css: markCss + css,
  describe,
  mount,
};

function describe(frame: Frame, language: Language): string {
  const words = memorySpeech(language);
  const said = (t: Traffic): string => words.traffic(bytes(t.read), bytes(t.written));
  const all = [...tensorsOf(frame), ...arraysOf(frame, 'sram'), ...arraysOf(frame, 'reg')];
  const names = (of: Matrix[]): string =>
    of.map((m) => (m.role === m.name || m.role === 'other' ? m.name : `${m.name} = ${roleSign(m.role)}`)).join(words.comma);
  const read = all.filter((m) => m.reads);
  const written = all.filter((m) => m.writes);
  const lists = [read.length > 0 && words.readList(names(read)), written.length > 0 && words.writeList(names(written))];
  const sram = hasSram(frame.pass) ? said(frame.bytes.sram.step) : undefined;
  return words.describe(frame.phase.name, said(frame.bytes.hbm.step), sram, lists.filter(Boolean).join(words.space)).trim();
}

function mount(host: HTMLElement, env: ViewEnv): MountedView {
  const words = memorySpeech(env.language);
  const root = document.createElement('div');
  root.className = 'view-memory';
  host.append(root);
  const unmark = mountMarks(root);
  const thumbs = new Map<string, Thumb>();
  const legend = { diverging: ramp('diverging', env.theme), sequential: ramp('sequential', env.theme) };

  /** The thumbnails of these matrices, drawn; each keeps its element from frame to frame. */
  const draw = (matrices: readonly Matrix[], frame: Frame): HTMLElement[] =>
    matrices.map((matrix) => {
      const thumb = thumbs.get(matrix.key) ?? new Thumb(env, words);
      thumbs.set(matrix.key, thumb);
      const tensor = matrix.level === 'sram' ? frame.tensors[matrix.role as TensorId] : undefined;
      thumb.draw(matrix, frame, tensor?.materialised ? tensor.values : undefined);
      return thumb.element;
    });

  return {
    draw(frame) {
      const picture: Picture = {
        frame,
        words,
        language: env.language,
        matrices: { hbm: tensorsOf(frame), sram: arraysOf(frame, 'sram'), reg: arraysOf(frame, 'reg') },
        thumbs: (level) => draw(picture.matrices[level], frame),
        legend,
      };
      render(template(picture), root);
    },
    dispose() {
      unmark();
      root.remove();
    },
  };
}

interface Picture {
  frame: Frame;
  words: MemoryWords;
  language: Language;
  matrices: Record<Level, Matrix[]>;
  thumbs(level: Level): HTMLElement[];
  legend: Record<Scale, HTMLCanvasElement>;
}

function template(p: Picture): TemplateResult {
  const { frame, words, language } = p;
  const { provenance } = frame;
  const { sums, largest } = progress(frame);
  const note = markText({ kind: 'counted', provenance, note: words.linkNote }, language);
  const { hbm, sram } = frame.bytes;
  const sramed = hasSram(frame.pass);
  const ways = (loads: string, stores: string) => ({
    loads: { short: words.loads, whole: loads },
    stores: { short: words.stores, whole: stores },
  });
  return html`
    <div class="levels">
      ${box(p, 'hbm', hbmTotal(p))}
      <div class="links">
        ${links({ level: 'hbm', ...hbm, largest, ...ways(words.hbmLoads, words.hbmStores), mark: note })}
        ${sramed ? nothing : html`<p class="aside muted">${frame.tensors.S?.materialised ? words.noSram : words.registersOnly}</p>`}
      </div>
      ${
        sramed
          ? html`${box(p, 'sram', sramTotal(p))}
            <div class="links">
              ${links({ level: 'sram', ...sram, largest, ...ways(words.sramLoads, words.sramStores), mark: note })} ${ratio(p, sums)}
            </div>`
          : nothing
      }
      ${box(p, 'reg', bytes(p.matrices.reg.reduce((n, m) => n + m.bytes, 0)))}
    </div>
    ${guard([frame.trace, frame.bytes.run, frame.workgroup, frame.cursor.phase, frame.provenance], () => trafficTable(frame, sums?.storage, language))}
    ${legendRow(p)}
  `;
}

function box(p: Picture, level: Level, total: string): TemplateResult {
  const { frame, words } = p;
  const title = { hbm: words.hbm, sram: words.sram, reg: words.reg }[level];
  const is = { hbm: words.hbmIs, sram: words.sramIs, reg: words.regIs(frame.pass.workgroupSize) }[level];
  const note = { hbm: words.hbmNote, sram: words.sramNote, reg: words.regNote }[level];
  const mark = markText({ kind: 'computed', note: level === 'sram' ? words.limitNote : words.bytesNote }, p.language);
  return html`<section class="box ${level}">
    <header>
      <h3 data-mark=${note}>${title} <span class="is">${is}</span></h3>
      <span class="total num" tabindex="0" data-mark=${mark} aria-description=${mark} role="group">${total}</span>
    </header>
    ${p.matrices[level].length > 0 ? thumbsOf(p, level) : html`<p class="muted">${frame.workgroup ? words.none : words.waiting}</p>`}
  </section>`;
}

/** The thumbnails of a level; on chip, one-number-a-row arrays share the room beside the matrices. */
function thumbsOf(p: Picture, level: Level): TemplateResult {
  const matrices = p.matrices[level];
  const elements = p.thumbs(level);
  const count = level === 'hbm' ? matrices.length : matrices.filter((m) => !isVector(m)).length;
  const rest = elements.slice(count);
  return html`<div class="thumbs ${count > 6 ? 'many' : ''}">
    ${elements.slice(0, count)} ${rest.length > 0 ? html`<div class="vectors">${rest}</div>` : nothing} ${level === 'hbm' ? ghosts(p) : nothing}
  </div>`;
}

/** S and P of a kernel that never writes them: their outlines, with the bytes they would take. */
function ghosts({ frame, words, language }: Picture): TemplateResult | typeof nothing {
  const missing = ghostsOf(frame);
  const [first] = missing;
  if (!first) return nothing;
  const [size, each] = [`${first.rows}×${first.cols}`, bytes(first.rows * first.cols * 4)];
  const note = words.ghostNote(missing.map((t) => t.id).join(words.comma), size, each);
  const mark = markText({ kind: 'computed', note }, language);
  return html`<div class="ghost" tabindex="0" data-mark=${mark} aria-label=${mark} role="group">
    <div class="outlines">${missing.map((t) => html`<b>${t.id}</b>`)}</div>
    <div class="caption"><span>${words.never}</span><span class="bytes">${words.each(each)}</span><span class="size num">${size}</span></div>
  </div>`;
}

function hbmTotal({ frame, matrices, words }: Picture): string {
  const { batch, heads } = frame.trace.header.run.shape;
  const sum = bytes(matrices.hbm.reduce((n, m) => n + m.bytes, 0));
  return batch * heads > 1 ? `${words.plane(frame.plane, batch * heads)} · ${sum}` : sum;
}

/** All workgroup arrays of the pass, shown or not, beside what the adapter has. */
function sramTotal({ frame, words }: Picture): string {
  const arrays = frame.pass.arrays.filter((a) => a.scope === 'workgroup');
  const used = bytes(arrays.reduce((n, a) => n + a.length * (a.scalar === 'f16' ? 2 : 4), 0));
  const limit = frame.trace.header.limits['maxComputeWorkgroupStorageSize'];
  return limit === undefined ? used : words.of(used, bytes(limit));
}

function ratio({ words, language }: Picture, sums: Levels | undefined): TemplateResult {
  const mark = markText({ kind: 'computed', note: words.ratioNote }, language);
  const times = sums && sums.storage.read > 0 ? `${(sums.workgroup.read / sums.storage.read).toFixed(1)}×` : '–';
  return html`<div class="ratio" tabindex="0" role="group" data-mark=${mark} aria-description=${mark}>
    <span class="label">${words.ratio}</span><span>${words.ratioOf} <span class="num">${times}</span></span>
  </div>`;
}

/** The value under the pointer or the focus, and the key. */
function legendRow({ frame, words, matrices, legend }: Picture): TemplateResult {
  const { cell } = frame.gaze;
  const found = cell && captured([...matrices.sram, ...matrices.reg, ...matrices.hbm], cell);
  const number = found?.value === undefined ? undefined : value(found.value);
  const said = cell ? `${roleSign(cell.role)} · ${words.cellText(cell.row, cell.col, number ?? words.notWritten)}` : words.point;
  return html`<p class="readout ${cell ? 'num' : 'muted'}" role="status">${said}</p>
    ${guard([legend], () => key(words, legend))}`;
}

/** What colours, outlines and letters mean. */
const key = (words: MemoryWords, legend: Picture['legend']): TemplateResult =>
  html`<ul class="legend">
      <li><i class="swatch reads"></i><span class="chip read">${words.readChip}</span> ${words.readNow}</li>
      <li><i class="swatch writes"></i><span class="chip write">${words.writeChip}</span> ${words.writtenNow}</li>
      <li><i class="swatch row"></i>${words.rowKey}</li>
      <li><i class="swatch hatch"></i>${words.unwrittenKey}</li>
      <li>${words.signedKey} <span class="num">−</span>${legend.diverging}<span class="num">+</span></li>
      <li>${words.weightKey} <span class="num">0</span>${legend.sequential}<span>${words.most}</span></li>
      <li>${words.arrowKey}</li>
    </ul>`;

/** A scale as a strip of its colours. */
function ramp(scale: Scale, theme: Theme): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = 256;
  canvas.height = 1;
  const image = new ImageData(256, 1);
  new Uint32Array(image.data.buffer).set(colourTable(theme, scale));
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
