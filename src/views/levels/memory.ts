// Memory levels as three boxes, HBM, SRAM and registers: what stands in each, what this step reads and writes, and how
// many bytes pass between them.
import { signOf } from '../../ops/rules';
import { html, nothing, render, type TemplateResult } from 'lit';
import type { Frame, Traffic } from '../../frame/frame-types';
import { hasSram } from '../../frame/places';
import type { Language } from '../../words';
import { setText } from '../../ui/dom/text';
import { element } from '../../ui/dom/element';
import { bytes, value } from '../../ui/format';
import { markCss, markText, mountMarks } from '../../ui/dom/mark';
import blockTableCss from '../shared/block-table/block-table.css?inline';
import { blockTableSlot } from '../shared/block-table/slot';
import css from './memory.css?inline';
import { Link, linkInk, Ratio } from './links';
import { arraysOf, captured, ghostsOf, isVector, tensorsOf, type Level, type Matrix } from '../shared/matrix';
import { stepsOf, type Levels } from '../shared/level-steps';
import { Thumb } from './thumb';
import { overlayInk } from './outlines';
import { both } from '../../ops/costs';
import { trafficCaption, trafficTable } from './traffic';
import { memorySpeech, missingWords, type MemoryWords } from '../shared/levels.words';
import { colourTable, type Scale, type Theme } from '../../ui/palette';
import type { MountedView, View, ViewEnv } from '../view';
import { byTouch } from '../../ui/dom/touch';

/** This workgroup's sums up to the cursor, and the bytes of the widest arrow. */
function progress(frame: Frame): { sums: Levels | undefined; largest: number } {
  if (!frame.workgroup) return { sums: undefined, largest: 1 };
  const steps = stepsOf(frame.pass, frame.workgroup);
  return { sums: steps.sums[frame.cursor.phase], largest: steps.largest };
}

export const memory: View = {
  id: 'memory',
  title: { en: 'Where the bytes are', zh: '字节在哪里' },
  css: markCss + css + blockTableCss,
  describe,
  mount,
};

function describe(frame: Frame, language: Language): string {
  const words = memorySpeech(language);
  const said = (t: Traffic): string => words.traffic(bytes(t.read), bytes(t.written));
  const all = [...tensorsOf(frame), ...arraysOf(frame, 'sram'), ...arraysOf(frame, 'reg')];
  const names = (of: Matrix[]): string =>
    of
      .map((m) => (m.role === m.name || m.role === 'other' ? m.name : `${m.name} = ${signOf(m.role)}`))
      .join(words.comma);
  const read = all.filter((m) => m.reads);
  const written = all.filter((m) => m.writes);
  const lists = [read.length > 0 && words.readList(names(read)), written.length > 0 && words.writeList(names(written))];
  const sram = hasSram(frame.pass) ? said(frame.bytes.sram.step) : undefined;
  return words
    .describe(frame.phase.name, said(frame.bytes.hbm.step), sram, lists.filter(Boolean).join(words.space))
    .trim();
}

function mount(host: HTMLElement, env: ViewEnv): MountedView {
  const words = memorySpeech(env.language);
  const root = document.createElement('div');
  root.className = 'view-memory';
  host.append(root);
  const unmark = mountMarks(root);
  const thumbs = new Map<string, Thumb>();
  const legend = { diverging: ramp('diverging', env.theme), sequential: ramp('sequential', env.theme) };
  const ink = overlayInk(root);
  const moving = movingParts(root, words);
  const paging = element('div', 'paging');
  const blockTable = blockTableSlot(paging, env);
  let shown = '';
  let traced: Frame['trace'] | undefined;
  let last: Frame | undefined;

  /** The thumbnails of these matrices, drawn; each keeps its element from frame to frame. */
  const draw = (matrices: readonly Matrix[], frame: Frame): HTMLElement[] =>
    matrices.map((matrix) => {
      const thumb = thumbs.get(matrix.key) ?? new Thumb(env, words, ink);
      thumbs.set(matrix.key, thumb);
      const tensor = matrix.level === 'sram' ? frame.tensors[matrix.role] : undefined;
      thumb.draw(matrix, frame, tensor?.materialised ? tensor.values : undefined);
      return thumb.element;
    });
  const levels = ['hbm', 'sram', 'reg'] as const;

  return {
    draw(frame) {
      last = frame;
      blockTable.draw(frame);
      const matrices = { hbm: tensorsOf(frame), sram: arraysOf(frame, 'sram'), reg: arraysOf(frame, 'reg') };
      const elements = {
        hbm: draw(matrices.hbm, frame),
        sram: draw(matrices.sram, frame),
        reg: draw(matrices.reg, frame),
      };
      const { sums, largest } = progress(frame);
      moving.show(frame, matrices, sums, largest);
      // Boxes and table stay as they are from step to step; what moves in them is written into its own element.
      const keys = levels.flatMap((level) => matrices[level].map((m) => m.key + isVector(m)));
      const now = JSON.stringify([
        keys,
        frame.cursor.pass,
        frame.plane,
        frame.provenance,
        frame.workgroup && frame.cursor.workgroup,
        frame.bytes.run,
      ]);
      if (now === shown && frame.trace === traced) return;
      [shown, traced] = [now, frame.trace];
      render(
        template({ frame, words, language: env.language, matrices, thumbs: elements, legend, moving, paging }),
        root,
      );
    },
    rest() {
      if (!last) return;
      moving.rest(last, env.language);
      for (const thumb of thumbs.values()) thumb.rest();
    },
    ring(ref) {
      if (ref.of === 'link') return { element: moving.links[ref.id][0]!.element.parentElement! };
      if (ref.of === 'matrix' && last) {
        const all = { hbm: tensorsOf(last), sram: arraysOf(last, 'sram'), reg: arraysOf(last, 'reg') };
        const held = levels.flatMap((level) => (ref.level && level !== ref.level ? [] : all[level]));
        const thumb = thumbs.get(held.find(({ role }) => role === ref.role)?.key ?? '');
        return thumb && { element: thumb.element };
      }
      const selector =
        ref.of === 'level'
          ? `.box.${ref.id}`
          : ref.of === 'never'
            ? '.ghost'
            : ref.of === 'traffic'
              ? '.traffic'
              : undefined;
      const found = selector && root.querySelector(selector);
      return found ? { element: found } : undefined;
    },
    dispose() {
      unmark();
      for (const thumb of thumbs.values()) thumb.dispose();
      root.remove();
    },
  };
}

/** The elements that a step writes into. */
interface Moving {
  links: Record<'hbm' | 'sram', readonly Link[]>;
  ratio: Ratio;
  /** Bytes of the workgroup so far. */
  soFar: HTMLElement;
  readout: HTMLElement;
  show(frame: Frame, matrices: Picture['matrices'], sums: Levels | undefined, largest: number): void;
  rest(frame: Frame, language: Language): void;
}

function movingParts(root: Element, words: MemoryWords): Moving {
  const ink = linkInk(root);
  const pair = (level: 'hbm' | 'sram', loads: string, stores: string): readonly Link[] => [
    new Link({ level, way: 'down', short: words.loads, whole: loads }, ink),
    new Link({ level, way: 'up', short: words.stores, whole: stores }, ink),
  ];
  const links = {
    hbm: pair('hbm', words.hbmLoads, words.hbmStores),
    sram: pair('sram', words.sramLoads, words.sramStores),
  };
  const ratio = new Ratio(words.ratioOf, ink);
  const [soFar, readout] = [element('span', 'so-far-bytes'), element('p', 'readout muted')];
  readout.role = 'status';
  return {
    links,
    ratio,
    soFar,
    readout,
    show(frame, matrices, sums, largest) {
      for (const level of ['hbm', 'sram'] as const) {
        const { step, sum } = frame.bytes[level];
        const [down, up] = links[level];
        down?.show(step.read, sum.read, largest);
        up?.show(step.written, sum.written, largest);
      }
      const { reuse } = frame.bytes;
      ratio.show(reuse && reuse.hbm > 0 ? ratioText(reuse.sram / reuse.hbm) : '–');
      setText(soFar, sums ? bytes(both(sums.storage)) : '');
      setText(readout, readoutOf(frame, words, matrices));
      readout.classList.toggle('num', frame.selection.cell !== undefined);
      readout.classList.toggle('muted', frame.selection.cell === undefined);
    },
    rest({ provenance }, language) {
      const said = `${words.ratio} ${words.ratioOf} ${ratio.text}`;
      const place = ratio.canvas.parentElement;
      if (place && place.ariaLabel !== said) place.ariaLabel = said;
      const note = markText({ kind: 'counted', provenance, note: words.linkNote }, language);
      for (const link of [...links.hbm, ...links.sram]) link.rest(note);
    },
  };
}

const ratioText = (ratio: number): string => `${ratio.toFixed(ratio < 100 ? 1 : 0)}×`;

/** The value under the pointer or the focus. */
function readoutOf(
  { selection: { cell }, explanation }: Frame,
  words: MemoryWords,
  matrices: Picture['matrices'],
): string {
  if (!cell) return byTouch() ? words.tap : words.point;
  const found = captured([...matrices.sram, ...matrices.reg, ...matrices.hbm], cell);
  const number = found?.value === undefined ? undefined : value(found.value);
  return `${signOf(cell.role)} · ${words.cellText(cell.row, cell.col, number ?? missingWords(explanation, words))}`;
}

interface Picture {
  frame: Frame;
  words: MemoryWords;
  language: Language;
  matrices: Record<Level, Matrix[]>;
  /** Drawn already. */
  thumbs: Record<Level, readonly HTMLElement[]>;
  legend: Record<Scale, HTMLCanvasElement>;
  moving: Moving;
  /** Where a block table stands, if the kernel has one. */
  paging: HTMLElement;
}

function template(p: Picture): TemplateResult {
  const { frame, words, language, moving } = p;
  const sramed = hasSram(frame.pass);
  return html`
    <div class="levels">
      ${box(p, 'hbm', hbmTotal(p))}
      <div class="links">
        ${moving.links.hbm.map((link) => link.element)}
        ${sramed ? nothing : html`<p class="aside muted">${ghostsOf(frame).length === 0 ? words.noSram : words.registersOnly}</p>`}
      </div>
      ${
        sramed
          ? html`${box(p, 'sram', sramTotal(p))}
            <div class="links">${moving.links.sram.map((link) => link.element)} ${ratioOf(p)}</div>`
          : nothing
      }
      ${box(p, 'reg', words.regTotal(bytes(perThread(p))))}
    </div>
    ${p.paging} ${trafficTable(frame, frame.workgroup && moving.soFar, language)}
    <details class="reading">
      <summary>${words.howToRead}</summary>
      <p class="muted">${trafficCaption(language)}</p>
      ${moving.readout} ${key(words, p.legend, sramed ? sramLimit(frame) : undefined)}
    </details>
  `;
}

function box(p: Picture, level: Level, total: string): TemplateResult {
  const { frame, words } = p;
  const title = { hbm: words.hbm, sram: words.sram, reg: words.reg }[level];
  const is = { hbm: words.hbmIs, sram: words.sramIs, reg: words.regIs }[level];
  const note = { hbm: words.hbmNote, sram: words.sramNote, reg: words.regNote }[level];
  const totals = {
    hbm: words.bytesNote,
    sram: words.limitNote,
    reg: words.privateNote(bytes(perThread(p) * frame.pass.workgroupSize)),
  };
  const mark = markText({ kind: 'computed', note: totals[level] }, p.language);
  return html`<section class="box ${level}">
    <header>
      <h3 data-mark=${note}>${title} <span class="is">${is}</span></h3>
      <span class="total num" tabindex="0" data-mark=${mark} aria-description=${mark} role="group">${total}</span>
    </header>
    ${p.matrices[level].length > 0 ? thumbsOf(p, level) : html`<p class="muted">${frame.workgroup ? words.none : words.waiting}</p>`}
    ${level === 'reg' && perThread(p) > REGISTERS ? html`<p class="spills">${words.spills}</p>` : nothing}
  </section>`;
}

/** Bytes that a thread has in registers on common GPUs: 255 of 4 bytes. */
const REGISTERS = 255 * 4;

/** Private bytes of one thread, of the arrays that are shown. */
const perThread = ({ frame, matrices }: Picture): number =>
  matrices.reg.reduce((n, m) => n + m.bytes, 0) / frame.pass.workgroupSize;

/** The thumbnails of a level; on chip, one-number-a-row arrays share the room beside the matrices. */
function thumbsOf(p: Picture, level: Level): TemplateResult {
  const matrices = p.matrices[level];
  const elements = p.thumbs[level];
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
    <div class="under">
      <div class="caption"><span>${words.never}</span><span class="bytes">${words.each(each)}</span><span class="size num">${size}</span></div>
    </div>
  </div>`;
}

function hbmTotal({ frame, matrices, words }: Picture): string {
  const { batch, heads } = frame.trace.header.run.shape;
  const sum = bytes(matrices.hbm.reduce((n, m) => n + m.bytes, 0));
  return batch * heads > 1 ? `${words.plane(frame.plane, batch * heads)} · ${sum}` : sum;
}

/** Workgroup memory that the adapter grants one workgroup, bytes. */
const sramLimit = ({ trace }: Frame): number | undefined => trace.header.limits['maxComputeWorkgroupStorageSize'];

/** All workgroup arrays of the pass, shown or not, beside what the adapter has. */
function sramTotal({ frame, words }: Picture): string {
  const arrays = frame.pass.arrays.filter((a) => a.scope === 'workgroup');
  const used = bytes(arrays.reduce((n, a) => n + a.length * (a.scalar === 'f16' ? 2 : 4), 0));
  const limit = sramLimit(frame);
  if (limit === undefined) return used;
  const [all, unit] = [bytes(limit), used.slice(used.lastIndexOf(' '))];
  // One unit for both, where it is the same: there is little room.
  return words.of(all.endsWith(unit) ? used.slice(0, -unit.length) : used, all);
}

/** Only where tiles of Q, K and V lie in workgroup memory. */
function ratioOf({ frame, words, language, moving }: Picture): TemplateResult | typeof nothing {
  if (!frame.bytes.reuse) return nothing;
  const mark = markText({ kind: 'computed', note: words.ratioNote }, language);
  return html`<div class="ratio" tabindex="0" role="group" data-mark=${mark} aria-description=${mark}>
    <span class="label">${words.ratio}</span>${moving.ratio.canvas}
  </div>`;
}

/** What colours, outlines and letters mean. */
const key = (words: MemoryWords, legend: Picture['legend'], limit: number | undefined): TemplateResult =>
  html`<ul class="legend">
      <li><i class="swatch reads"></i><span class="chip read">${words.readChip}</span> ${words.readNow}</li>
      <li><i class="swatch writes"></i><span class="chip write">${words.writeChip}</span> ${words.writtenNow}</li>
      <li><i class="swatch row"></i>${words.rowKey}</li>
      <li><i class="swatch hatch"></i>${words.unwrittenKey}</li>
      <li>${words.signedKey} <span class="num">−</span>${legend.diverging}<span class="num">+</span></li>
      <li>${words.weightKey} <span class="num">0</span>${legend.sequential}<span>${words.most}</span></li>
      <li>${words.arrowKey}</li>
      ${limit === undefined ? nothing : html`<li>${words.limitKey(bytes(limit))}</li>`}
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
