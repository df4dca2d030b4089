// What a sceptic asks of a measurement: device, clock, control, probes, empty submit, compile times, errors.
import { html, type TemplateResult } from 'lit';
import type { Row } from '../../bench/analysis';
import { roofsOf } from '../../bench/analysis';
import type { Mask } from '../../ops/attention/shape';
import type { LimitTrial } from '../../bench/limits';
import type { Report } from '../../bench/report';
import { controlBand, quantile } from '../../bench/stats';
import { PAGED } from '../../kernels';
import { byteRate, flopRate } from '../../ui/rates';
import { deviceName } from '../../ui/device-name';
import { bytes, bytesApart, count, duration, thousandths } from '../../ui/format';
import { whole } from '../../ui/whole';
import { byChoice, kindOf, raceLine, variantName } from '../shared/tuned-choice';
import { tunedWords } from '../shared/tuned.words';
import { speak, type Language } from '../../words';
import type { TimeSpeech } from './speech';

/** Date and time of a report, to the minute, in UTC. */
export const dateText = (date: string): string => `${date.slice(0, 10)} ${date.slice(11, 16)} UTC`;

/**
 * A limit's value, or what is needed of it: bytes for sizes of memory, else a count. `beside` is the other of the two:
 * where they differ they never read the same.
 */
export function limitText(limit: string, x: number, beside: number): string {
  if (/(Storage|Binding|Buffer)Size$/.test(limit)) return bytesApart(x, [beside]);
  return count(x) === count(beside) ? whole(x) : count(x);
}

/** What does not fit, and by how much: need and limit never read the same. */
export const wallText = ({ kernel, n, tensor, limit, need, have }: LimitTrial, words: TimeSpeech): string =>
  words.wallTried(kernel, n, tensor, limitText(limit, need, have), limit, limitText(limit, have, need));

/**
 * Shape without N, as the report's points have it, and what queries there are: one, or as many as keys, which a mask
 * hides from each other.
 */
export function shapeLine({ points, decoding }: Report, mask: Mask | undefined, words: TimeSpeech): string {
  const shape = points[0]?.shape;
  if (!shape) return '';
  const { batch, heads, kvHeads, dim } = shape;
  const queries = decoding ? words.one : words.all;
  const masked = mask && !decoding ? [words.maskName(mask)] : [];
  return [
    `B ${batch}`,
    `H ${heads}`,
    ...(kvHeads === heads ? [] : [`Hkv ${kvHeads}`]),
    `d ${dim}`,
    queries,
    ...masked,
  ].join(' · ');
}

const range = (values: readonly number[], say: (x: number) => string): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return say(low) === say(high) ? say(low) : `${say(low)}–${say(high)}`;
};

export function facts(report: Report, rows: readonly Row[], words: TimeSpeech, language: Language): TemplateResult {
  const timed = report.points.filter((point) => point.method !== undefined);
  const first = timed[0];
  const roofs = roofsOf(report.points);
  const fact = (name: string, ...lines: (TemplateResult | string)[]): TemplateResult =>
    html`<div><dt>${name}</dt>${lines.map((line) => html`<dd>${line}</dd>`)}</div>`;
  const perKernel = (of: (row: Row) => number | undefined, say: (x: number) => string): string[] =>
    report.kernels.flatMap((kernel) => {
      const values = rows.filter((row) => row.kernel === kernel).flatMap((row) => of(row) ?? []);
      return values.length > 0 ? [`${kernel} ${range(values, say)}`] : [];
    });
  const result = (row: Row) => (row.result.outcome === 'timed' ? row.result : undefined);
  const empties = timed.flatMap(({ peak }) => (peak ? [peak.nullMs] : []));
  const probed = timed.flatMap(({ peak }) => (peak ? [peak.flops] : []));
  const rounds = rows.flatMap(({ time }) => (time ? [time.n] : []));
  const lengths = rows.flatMap(({ sampleMs }) => sampleMs ?? []);
  const gone = report.points.reduce((sum, { discarded }) => sum + discarded, 0);
  return html`<dl class="facts">
    ${fact(words.factDevice, deviceName(report.device, language, report.browser))} ${fact(words.factBrowser, report.browser)} ${fact(words.factDate, dateText(report.date))}
    ${fact(words.factShape, shapeLine(report, undefined, words), ...(report.kernels.includes(PAGED) ? [words.scattered] : []))} ${first ? fact(words.factClock, words[first.method ?? 'wall'](duration(first.resolution ?? NaN))) : ''}
    ${fact(words.factWall, `${words.step(duration(report.wallStep))}, ${report.isolated ? words.fine : words.coarse}`)}
    ${empties.length > 0 ? fact(words.factNull, duration(quantile(empties, 0.5))) : ''}
    ${roofs ? fact(words.factProbes, words.probes(flopRate(roofs.flops), byteRate(roofs.bytes)), words.probeRange(range(probed, flopRate)), ...(roofs.copied ? [words.copied(bytes(roofs.copied / 2), bytes(roofs.copied / 4))] : [])) : ''}
    ${lengths.length > 0 ? fact(words.factSample, duration(Math.min(...lengths))) : ''}
    ${fact(words.factRounds, rounds.length > 0 ? words.rounds(range(rounds, String), gone) : '–')}
    ${fact(words.factCompile, ...perKernel((row) => result(row)?.compileMs, duration))}
    ${fact(
      words.factError,
      ...perKernel(
        (row) => result(row)?.maxAbsError,
        (x) => x.toExponential(1),
      ),
    )} ${tunedFact(report, language)} ${controlFact(report, words)}
  </dl>`;
}

/** What the tuned choice was, and the race that made it. */
function tunedFact({ points }: Report, language: Language): TemplateResult | string {
  const words = speak(tunedWords, language);
  const choices = new Map(points.map(({ shape, tuned }) => [shape, tuned]));
  const groups = byChoice([...choices.keys()], (shape) => choices.get(shape)).filter(({ choice }) => choice);
  if (groups.length === 0) return '';
  return html`<div class="controls tuned">
    <dt>${words.title}</dt>
    ${groups.map(
      ({ shapes, choice }) =>
        html`<dd>
          ${words.for(shapes.map(({ keys }) => keys).join(', '), kindOf(shapes[0]!, words))} <b class="num">${variantName(choice!.best)}</b>
          <span class="muted">${raceLine(choice!, words)}</span>
        </dd>`,
    )}
  </div>`;
}

/** The control of every point, and what a ratio must pass because of it. */
function controlFact({ points }: Report, words: TimeSpeech): TemplateResult {
  const of = points.flatMap(({ control, shape }) => (control ? [{ control, shape }] : []));
  const masks = new Set(of.map(({ shape }) => shape.mask)).size;
  const line = ({ control, shape }: (typeof of)[number]): TemplateResult => {
    const { low, high } = controlBand(control);
    return html`<dd class="num">
      N ${shape.keys}${masks > 1 ? ` ${words.maskName(shape.mask)}` : ''}${words.colon}${thousandths(control.median)} (${thousandths(control.p10)}–${thousandths(control.p90)})
      <span class="muted">${words.controlBand(thousandths(low), thousandths(high))}</span>
    </dd>`;
  };
  const kernels = [...new Set(of.map(({ control }) => control.kernel))];
  return html`<div class="controls">
    <dt>${words.factControl}${words.colon}${kernels.map((kernel) => words.controlOf(kernel)).join(', ')}</dt>
    ${of.map(line)}
  </div>`;
}
