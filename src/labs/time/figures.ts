// The four figures of a sweep, each with its reading in numbers, where it comes from, its warning, the protocol, and
// itself as a file.
import { html, nothing, type TemplateResult } from 'lit';
import { crossovers, roofsOf, rowsOf, type Row } from '../../bench/analysis';
import { LARGEST } from '../../ops/attention/validate';
import { atLength, memoryOf, runFor, type LimitTrial } from '../../bench/limits';
import { kernelOf, type Report } from '../../bench/report';
import { BYTES_BY, type BytesBy } from '../../bench/roofline';
import { kernelById } from '../../kernels/kernels';
import { memoryChart, memoryReading, type MemoryLine } from '../../views/charts/memory';
import { ratioChart, ratioReading } from '../../views/charts/ratio';
import { rooflineChart, rooflineReading } from '../../views/charts/roofline';
import { timeChart, timeReading, type SweepChart } from '../../views/charts/time';
import { chartWords } from '../../views/charts/chart.words';
import { deviceInSentence, deviceName } from '../../ui/device-name';
import { speak, type Language } from '../../words';
import { dateText, shapeLine, wallText } from './facts';
import { save, textBlob } from '../shared/files';
import type { TimeSpeech } from './speech';
import type { TimeStore } from './store';
import { verdictText } from './verdict';

export interface FiguresEnv {
  store: TimeStore;
  report: Report;
  recorded: boolean;
  language: Language;
  words: TimeSpeech;
  /** Of one figure's chart, px. */
  width: number;
  protocol(): void;
}

type FigureId = 'time' | 'ratio' | 'roofline' | 'memory';

interface Figure {
  id: FigureId;
  title: string;
  note: string;
  chart: TemplateResult;
  reading: string;
  extra?: TemplateResult;
}

/** The rows and lengths of the mask that is shown. */
export function shownRows(report: Report, store: TimeStore): { rows: Row[]; lengths: number[] } {
  const { mask } = store.view.value;
  const rows = rowsOf(report).filter((row) => row.mask === mask);
  return { rows, lengths: [...new Set(rows.map(({ n }) => n))].toSorted((a, b) => a - b) };
}

const HEIGHT = 300;
/** What stands between the parts of a reading, which break there. */
const BETWEEN = ' · ';

export function figures(env: FiguresEnv): TemplateResult {
  const { store, report, words, language, width } = env;
  const { rows, lengths } = shownRows(report, store);
  const view = store.view.value;
  const chosen = view.chosen ?? lengths.at(-1);
  const choose = (n: number): void => {
    store.view.value = { ...store.view.peek(), chosen: n };
  };
  const { kernels, decoding } = report;
  const chart: SweepChart = { rows, kernels, decoding, lengths, language, width, height: HEIGHT, chosen, choose };
  const crossings = crossovers(report, view.mask);
  const stand = (row: Row): string => verdictText(row, words);
  const roofs = roofsOf(report.points);
  const timed = rows.some(({ time }) => time);
  const lines = memoryLines(report, lengths);
  const all: Figure[] = [
    ...(timed
      ? [
          {
            id: 'time' as const,
            title: words.figTime,
            note: words.noteTime,
            chart: timeChart(chart, crossings),
            reading: timeReading(rows, chosen),
          },
        ]
      : []),
    ...(rows.some(({ ratio }) => ratio)
      ? [
          {
            id: 'ratio' as const,
            title: words.figRatio,
            note: words.noteRatio,
            chart: ratioChart(chart, crossings, stand),
            reading: ratioReading(rows, chosen, stand, speak(chartWords, language).noBase(report.kernels[0] ?? '')),
          },
        ]
      : []),
    ...(timed && roofs
      ? [
          {
            id: 'roofline' as const,
            title: words.figRoofline,
            note: words.noteRoofline,
            chart: rooflineChart(chart, roofs, view.bytes),
            reading: rooflineReading(rows, chosen, roofs, view.bytes, speak(chartWords, language)),
            extra: bytesChoice(store, words),
          },
        ]
      : []),
    {
      id: 'memory',
      title: words.figMemory,
      note: words.noteMemory,
      chart: memoryChart(chart, lines, report.walls),
      reading: memoryReading(lines, chosen),
      extra: walls(report, words),
    },
  ];
  return html`<div class="figures">${all.map((figure) => figureBox(figure, env))}</div>`;
}

/** What must stand beside a figure, on screen and in its file. */
export function warnings({
  report,
  recorded,
  words,
  language,
}: Pick<FiguresEnv, 'report' | 'recorded' | 'words' | 'language'>): string[] {
  return [
    ...(report.device.software ? [words.software] : []),
    ...(recorded
      ? [words.recorded(deviceInSentence(report.device, language, report.browser), dateText(report.date))]
      : []),
  ];
}

function figureBox({ id, title: plain, note, chart, reading, extra }: Figure, env: FiguresEnv): TemplateResult {
  const { words, report, protocol, store } = env;
  const title = report.decoding ? words.ofOne(plain) : plain;
  const warned = warnings(env);
  const file = async (event: Event, kind: 'svg' | 'png'): Promise<void> => {
    const plot = (event.currentTarget as HTMLElement).closest('figure')?.querySelector<SVGSVGElement>('svg.plot');
    if (!plot) return;
    const { standalone, pngOf, sizeOf } = await import('../../views/charts/export');
    const lines = [
      [
        shapeLine(report, store.view.peek().mask, words),
        deviceName(report.device, env.language, report.browser),
        report.browser,
        dateText(report.date),
      ].join(' · '),
      note,
      ...warned,
    ];
    const text = standalone(plot, { title, lines });
    const name = `attnscope-${id}${report.decoding ? '-decoding' : ''}`;
    if (kind === 'svg') return save(`${name}.svg`, textBlob(text, 'image/svg+xml'));
    const { width, height } = sizeOf(text);
    save(`${name}.png`, await pngOf(text, width, height, 2));
  };
  const saveButton = (kind: 'svg' | 'png', label: string): TemplateResult =>
    html`<button class="plain" aria-label=${words.saveOf(title, label)} @click=${(event: Event) => void file(event, kind)}>${label}</button>`;
  return html`<figure class="pane figure-${id}" data-figure=${id}>
    <header>
      <h3>${title}</h3>
      <button class="plain how" @click=${protocol}>${words.how}</button>
      ${saveButton('svg', words.saveSvg)} ${saveButton('png', words.savePng)}
    </header>
    ${extra && id === 'roofline' ? extra : nothing} ${chart}
    <p class="reading num">${reading.split(BETWEEN).map((part, i) => html`${i > 0 ? BETWEEN : ''}<span>${part}</span>`)}</p>
    <figcaption>
      <p class="muted">${note}</p>
      ${warned.map((line) => html`<p class="warned">${line}</p>`)}
    </figcaption>
    ${extra && id === 'memory' ? extra : nothing}
  </figure>`;
}

function bytesChoice(store: TimeStore, words: TimeSpeech): TemplateResult {
  const { bytes: chosen } = store.view.value;
  const notes: Record<BytesBy, string> = {
    requested: words.requestedNote,
    io: words.ioNote,
    compulsory: words.compulsoryNote,
  };
  const button = (by: BytesBy): TemplateResult =>
    html`<button aria-pressed=${by === chosen} @click=${() => (store.view.value = { ...store.view.peek(), bytes: by })}>${words[by]}</button>`;
  return html`<div class="bytes-by">
    <div class="segmented" role="group" aria-label=${words.bytesBy}>${BYTES_BY.map(button)}</div>
    <p class="muted">${notes[chosen]}</p>
  </div>`;
}

/** Memory over the lengths measured, and on to the walls. */
function memoryLines({ kernels, points, decoding, walls: met }: Report, measured: readonly number[]): MemoryLine[] {
  const shape = points[0]?.shape;
  if (!shape) return [];
  const end = Math.max(...measured, ...met.map(({ n }) => n));
  const lengths = [...measured];
  for (let n = (measured.at(-1) ?? 1) * 2; n < end; n *= 2) lengths.push(n);
  if (!lengths.includes(end)) lengths.push(end);
  return kernels.map((kernel) => {
    // The tuned choice: as the kernel that it was at the longest of its points.
    const part = points.flatMap((point) => point.kernels).findLast((one) => one.kernel === kernel);
    const card = kernelById(part ? kernelOf(part) : kernel);
    return {
      kernel,
      points: lengths.map((n) => ({ n, bytes: memoryOf(card, runFor(card, atLength(shape, n, decoding), undefined)) })),
    };
  });
}

function walls({ kernels, walls: met }: Report, words: TimeSpeech): TemplateResult {
  const said = ({ call, message }: LimitTrial): TemplateResult | string => {
    if (call === '') return words.wallNotABuffer;
    return message === undefined ? words.wallNotRefused : html`${words.wallSaid(call)} <q lang="en">${message}</q>`;
  };
  const free = kernels.filter((kernel) => !met.some((one) => one.kernel === kernel));
  return html`<ul class="walls">
    ${met.map(
      (wall) =>
        html`<li data-kernel=${wall.kernel}>
          ${wallText(wall, words)} ${said(wall)}
        </li>`,
    )}
    ${free.length > 0 ? html`<li class="free">${words.wallNone(free.join(', '), LARGEST.keys)}</li>` : nothing}
  </ul>`;
}
