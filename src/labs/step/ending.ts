// What a run showed, once it has been played to its end: its bytes, what standard attention or the tiled kernel takes
// by the papers' model, where to go next.
import { html, type TemplateResult } from 'lit';
import type { Frame } from '../../frame/frame-types';
import { sceneOf } from '../../frame/scene';
import { both, sumOf } from '../../ops/costs';
import { opOf, otherKernel } from '../../kernels';
import { OPENING } from '../../kernels/defaults';
import { ioModel } from '../../kernels/io-model';
import type { TraceHeader } from '../../trace/trace';
import { bytes } from '../../ui/format';
import { modelSentence } from '../../views/shared/traffic-sentence';
import { workgroupsOf } from '../../views/shared/workgroups';
import { defaultChoice } from '../../figure/choice';
import { runOf } from '../../figure/run-of';
import { speak, type Language } from '../../words';
import { endingWords } from './ending.words';

/** Where one goes from here. */
export type Onward = 'compare' | 'time';

/** Whether nothing comes after this frame: the last step of the last workgroup of the last pass. */
export function isEnd({ trace, plane, cursor, workgroup, phases, line }: Frame): boolean {
  const { passes } = sceneOf(trace, plane);
  const last = passes.length - 1;
  return (
    workgroup !== undefined &&
    cursor.pass === last &&
    cursor.workgroup === passes[last]?.order.at(-1) &&
    cursor.phase === phases.length - 1 &&
    (cursor.line === undefined || line.index === line.count - 1)
  );
}

/**
 * The sentence at the end. The model's bytes come first, computed, of this run and of the one to hold it against; then
 * what was requested, counted.
 */
export function endText({ trace, bytes: moved }: Frame, language: Language): string {
  const words = speak(endingWords, language);
  const { run } = trace.header;
  const { read, written } = moved.run.requested;
  return [
    words.end(run.shape.batch * run.shape.heads),
    modelText(trace.header, language),
    words.endCounted(bytes(read), bytes(written)),
  ].join(words.space);
}

/** The model of the forward pass beside what it replaces or is replaced by; of another op by that op's own words. */
function modelText({ op, run, costs }: TraceHeader, language: Language): string {
  const words = speak(endingWords, language);
  if (op !== opOf({ kernel: OPENING }).id) return modelSentence({ op, run, costs }, language);
  const mine = bytes(both(sumOf(costs.model)));
  if (costs.standard) return words.endTiled(mine, bytes(costs.standard.bytes));
  const other = runOf({ ...defaultChoice, kernel: otherKernel(run.kernel) }, run.shape, undefined);
  return words.endStandard(mine, bytes(both(ioModel(other))), other.kernel, other.tile.br, other.tile.bc);
}

/** The sentence, and the ways on. */
export const ending = (frame: Frame, language: Language, onward: (to: Onward) => void): TemplateResult => {
  const words = speak(endingWords, language);
  return html`<span class="ending">${endText(frame, language)} <button @click=${() => onward('compare')}>${words.endCompare}</button> <button @click=${() => onward('time')}>${words.endTime}</button></span>`;
};

/**
 * That another workgroup has its turn, at its first step; nothing at the start of all, and where each workgroup is one
 * step.
 */
export function turnText(frame: Frame, language: Language): string {
  const words = speak(endingWords, language);
  const { cursor, phases, pass } = frame;
  const { position, count } = workgroupsOf(frame);
  if (cursor.phase !== 0 || cursor.line !== undefined || phases.length < 2 || (position === 0 && cursor.pass === 0))
    return '';
  return frame.trace.passes.length > 1 && position === 0
    ? words.turnPass(cursor.pass + 1, pass.name)
    : words.turn(cursor.workgroup, count);
}
