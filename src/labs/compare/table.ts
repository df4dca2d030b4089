// What differs between the two runs, in numbers: bytes so far and in all, phases, memory, and whether the answers
// agree.
import type { TensorId } from '../../ops/op';
import { isPairs } from '../../frame/axes';
import { TENSOR_OF } from '../../ops/attention/shape';
import { html, nothing, type TemplateResult } from 'lit';
import { elementsOf, OPS } from '../../ops';
import type { Frame } from '../../frame/frame-types';
import type { Trace } from '../../trace/trace';
import { kernelById } from '../../kernels/kernels';
import { both } from '../../ops/costs';
import { bytes, percent, times, value } from '../../ui/format';
import { markText, type Mark } from '../../ui/dom/mark';
import { styles } from '../../ui/dom/style';
import { modelSentence, requestedSentence } from '../../views/shared/traffic-sentence';
import { maskName, scoreNames } from '../../views/shared/mask.words';
import type { Language } from '../../words';
import type { CompareSpeech } from './speech';
import { equalProgress } from './story';

/** One side as the table needs it. */
export interface SideState {
  frame: Frame;
  /** Stops behind and in all. */
  done: number;
  of: number;
  /** Which part of this head's requested bytes is behind, 0 to 1. */
  share: number;
}

interface Row {
  label: string;
  values: readonly [number, number];
  text(n: number, side: 0 | 1): string;
  mark: Mark;
  /** Numbers that are drawn as bars, to one scale. */
  bars?: 'hbm' | 'sram';
  /** Two places of unequal progress have no ratio that means anything. */
  noRatio?: boolean;
}

export function differenceTable(
  sides: readonly [SideState, SideState],
  words: CompareSpeech,
  language: Language,
): TemplateResult {
  const rows = rowsOf(sides, words);
  const ratio = ([a, b]: readonly [number, number]): string => (a === 0 ? '–' : times(b / a));
  const row = ({ label, values, text, mark, bars, noRatio }: Row) => {
    const told = markText({ ...mark, provenance: sides[0].frame.provenance }, language);
    const most = Math.max(...values, 1);
    const cell = (side: 0 | 1) =>
      html`<td class="num" data-mark=${told}>
        ${text(values[side], side)}${bars ? html`<i class="bar ${bars}" ${styles({ width: `${((100 * values[side]) / most).toFixed(1)}%` })}></i>` : nothing}
      </td>`;
    return html`<tr>
      <th scope="row" tabindex="0" data-mark=${told} aria-description=${told}>${label}</th>
      ${cell(0)} ${cell(1)}
      <td class="num ratio">${noRatio ? '–' : ratio(values)}</td>
    </tr>`;
  };
  return html`<table>
      <caption>
        ${words.difference}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${sides.map(({ frame }, i) => html`<th scope="col">${i === 0 ? words.first : words.second}<br /><span class="num">${nameOf(frame, language)}</span></th>`)}
          <th scope="col">${words.ratio}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(row)} ${outputsRow(sides, words, language)}
      </tbody>
    </table>
    ${sides.map(({ frame }) => html`<p class="verdict"><b class="num">${nameOf(frame, language)}</b> ${meaning(frame, words, language)}</p>`)}`;
}

/** `flash2 16×16 causal`. */
export function nameOf({ trace }: Pick<Frame, 'trace'>, language: Language): string {
  const { kernel, tile, shape } = trace.header.run;
  const size = tile.br > 0 ? [`${tile.br}×${tile.bc}`] : [];
  return [kernel, ...size, maskName(shape.mask, language), ...scoreNames(shape)].join(' ');
}

function rowsOf(sides: readonly [SideState, SideState], words: CompareSpeech): readonly Row[] {
  const each = (of: (side: SideState) => number): readonly [number, number] => [of(sides[0]), of(sides[1])];
  const counted = (note: string): Mark => ({ kind: 'counted', note });
  const computed: Mark = { kind: 'computed', note: words.formulaNote };
  const scratch = ({ run }: Trace['header'], { tensors }: Trace): number =>
    tensors.reduce((sum, { id, axes }) => sum + (isPairs(axes) ? 4 * elementsOf(id, run.shape) : 0), 0);
  const masked = sides.some(({ frame }) => frame.trace.header.run.shape.mask !== 'full');
  const noRatio = !equalProgress(sides.map(({ share }) => share));
  return [
    {
      label: masked ? words.ioModelMasked : words.ioModel,
      values: each(({ frame }) => both(frame.bytes.run.ioModel)),
      text: bytes,
      mark: { ...computed, note: masked ? words.ioMaskedNote : words.ioNote },
      bars: 'hbm',
    },
    {
      label: words.requested,
      values: each(({ frame }) => both(frame.bytes.run.requested)),
      text: bytes,
      mark: counted(words.wholeNote),
      bars: 'hbm',
    },
    {
      label: words.compulsory,
      values: each(({ frame }) => both(frame.bytes.run.compulsory)),
      text: bytes,
      mark: computed,
      bars: 'hbm',
    },
    {
      label: words.share,
      values: each(({ share }) => share),
      text: percent,
      mark: counted(words.shareNote),
      noRatio: true,
    },
    {
      label: words.phases,
      values: each(({ done }) => done),
      text: (n, side) => `${n} / ${sides[side].of}`,
      mark: counted(words.soFarNote),
      noRatio,
    },
    {
      label: words.hbmSoFar,
      values: each(({ frame }) => both(frame.bytes.hbm.sum)),
      text: bytes,
      mark: counted(words.soFarNote),
      bars: 'hbm',
      noRatio,
    },
    {
      label: words.sramSoFar,
      values: each(({ frame }) => both(frame.bytes.sram.sum)),
      text: bytes,
      mark: counted(words.soFarNote),
      bars: 'sram',
      noRatio,
    },
    {
      label: words.scratch,
      values: each(({ frame: { trace } }) => scratch(trace.header, trace)),
      text: bytes,
      mark: computed,
    },
    {
      label: words.sram,
      values: each(({ frame: { trace } }) => kernelById(trace.header.run.kernel).sramBytes(trace.header.run)),
      text: bytes,
      mark: computed,
    },
  ];
}

/** Whether Q, K, V and mask are the same, so that the answers must be. */
function sameProblem(a: Trace, b: Trace): boolean {
  if (JSON.stringify(a.header.run.shape) !== JSON.stringify(b.header.run.shape)) return false;
  return Object.values(TENSOR_OF).every((id) => {
    const [x, y] = [a, b].map((trace) => trace.tensors.find((tensor) => tensor.id === id)?.data);
    return x !== undefined && y?.length === x.length && x.every((n, i) => n === y[i]);
  });
}

/** The first tensor of an op's answer: O of attention. */
export const answerOf = (trace: Trace | undefined): TensorId | undefined =>
  OPS.find(({ id }) => id === trace?.header.op)?.outputs[0];

const agreements = new WeakMap<Trace, { with: Trace; by: number | undefined }>();

/** max |O1 - O2| of the same problem; undefined for two problems. Kept, for it walks all of Q, K, V and O. */
export function outputsDiffer(a: Trace, b: Trace): number | undefined {
  const known = agreements.get(a);
  if (known?.with === b) return known.by;
  const [x, y] = [a, b].map(
    ({ tensors }) => tensors.find(({ id }) => id === answerOf(a))?.data ?? new Float32Array(0),
  ) as [Float32Array, Float32Array];
  const by = sameProblem(a, b)
    ? x.reduce((most, n, i) => Math.max(most, Math.abs(n - (y[i] ?? Number.NaN))), 0)
    : undefined;
  agreements.set(a, { with: b, by });
  return by;
}

function outputsRow(sides: readonly [SideState, SideState], words: CompareSpeech, language: Language): TemplateResult {
  const by = outputsDiffer(sides[0].frame.trace, sides[1].frame.trace);
  const mark = markText({ kind: 'computed', note: words.outputsNote }, language);
  return html`<tr>
    <th scope="row" tabindex="0" data-mark=${mark} aria-description=${mark}>${words.outputs}</th>
    <td class="num outputs" colspan="3" data-mark=${mark}>${by === undefined ? words.otherProblem : value(by)}</td>
  </tr>`;
}

/** What a run's traffic means: its IO model, then what it requests. */
function meaning({ trace, bytes: { run } }: Frame, words: CompareSpeech, language: Language): string {
  const { header } = trace;
  return [modelSentence(header, language), requestedSentence(header, run.requested, run.extras, language)].join(
    words.space,
  );
}
