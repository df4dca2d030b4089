// The result card as a dialog: the picture as it will be pasted, and its words, to copy or to save.
import { html, render } from 'lit';
import { crossovers, rowsOf, type Row } from '../../bench/analysis';
import type { Report } from '../../bench/report';
import type { Mask } from '../../ops/attention/shape';
import { inlined, pngOf } from '../../views/charts/export';
import { timeChart } from '../../views/charts/time';
import { deviceName } from '../../ui/device-name';
import { count, duration, thousandths } from '../../ui/format';
import { CARD, CARD_CHART, resultCard, type CardContent } from '../../views/charts/result-card';
import { speak, type Language } from '../../words';
import { cardWords } from './card.words';
import { variantName } from '../shared/tuned-choice';
import { shapeLine } from './facts';
import { copyPicture, copyText, save } from '../shared/files';
import { warnings } from './figures';
import { speakTime } from './speech';
import { verdictOn } from './verdict';

export interface CardEnv {
  report: Report;
  recorded: boolean;
  mask: Mask;
  language: Language;
}

/** Two significant digits, rounded up: an error that is promised is no smaller than the one that was found. */
export function upwards(x: number): string {
  const [digits = '', power = ''] = x.toExponential(1).split('e');
  return Number(`${digits}e${power}`) >= x
    ? `${digits}e${power}`
    : Number(`${(Number(digits) + 0.1).toFixed(1)}e${power}`).toExponential(1);
}

/**
 * The row that the headline is of: at the longest N, the quickest kernel other than the first; else the first itself.
 */
function headlineRow(rows: readonly Row[], base: string): Row | undefined {
  const timed = rows.filter(({ time }) => time);
  const compared = timed.filter(({ ratio }) => ratio && ratio.n > 0);
  const longest = (of: readonly Row[]): Row[] => of.filter(({ n }) => n === Math.max(...of.map((row) => row.n)));
  const best = longest(compared).toSorted((a, b) => (a.ratio?.median ?? 0) - (b.ratio?.median ?? 0))[0];
  return best ?? longest(timed.filter(({ kernel }) => kernel === base))[0] ?? timed[0];
}

export function contentOf({ report, recorded, mask, language }: CardEnv): CardContent | undefined {
  const words = speak(cardWords, language);
  const lab = speakTime(language);
  const rows = rowsOf(report).filter((row) => row.mask === mask);
  const base = report.kernels[0] ?? '';
  const row = headlineRow(rows, base);
  if (!row?.time) return undefined;
  const { kernel, n, time, ratio, verdict, point, result } = row;
  const crossing = crossovers(report, mask).find((one) => one.kernel === kernel);
  const decided = verdict === 'faster' || verdict === 'slower';
  const control = point.control;
  const off = thousandths(control?.median ?? NaN);
  const named = result.of ? `${kernel} (${variantName({ kernel: result.of, tile: result.tile })})` : kernel;
  const errors = rows.flatMap((one) => (one.result.outcome === 'timed' ? one.result.maxAbsError : []));
  const open = {
    'too-few': words.tooFew(n),
    'within-control': words.within(n, off),
    'coarse-clock': words.coarse(n),
  } as const;
  const at =
    !ratio || decided
      ? undefined
      : verdict && verdict in open
        ? open[verdict as keyof typeof open]
        : words.undecided(n);
  return {
    title: ratio ? words.against(named, base) : words.only(named),
    topic: report.decoding ? words.topicOne : words.topic,
    headline: at ?? (ratio ? `${count(ratio.median)} ×` : duration(time.median)),
    ofWhat: at ? '' : ratio ? words.ofTime(base, n) : words.atN(n),
    spread: ratio
      ? (at ? words.spread : words.spreadOfMedian)(count(ratio.p10), count(ratio.p90), ratio.n)
      : words.spread(duration(time.p10), duration(time.p90), time.n),
    verdict: crossing ? verdictOn(crossing, rows, lab, false).join(' ') : '',
    about: [
      shapeLine(report, mask, lab),
      deviceName(report.device, language, report.browser),
      report.browser,
      report.date.slice(0, 10),
    ],
    honesty: words.honesty(off, upwards(Math.max(...errors)), words[point.method ?? 'wall']),
    warnings: warnings({ report, recorded, words: lab, language }),
    made: words.made,
  };
}

/** The card in lines of text. */
export const textOf = ({
  title,
  topic,
  headline,
  ofWhat,
  spread,
  verdict,
  about,
  honesty,
  warnings: warned,
  made,
}: CardContent): string =>
  [
    `${title}: ${topic}`,
    [headline, ofWhat].filter(Boolean).join(' '),
    spread,
    verdict,
    about.join(' · '),
    honesty,
    ...warned,
    made,
  ]
    .filter(Boolean)
    .join('\n');

/** Draws the card in `host`, out of sight, and returns it as a PNG. */
async function draw(host: HTMLElement, env: CardEnv, content: CardContent): Promise<Blob> {
  const { report, mask, language } = env;
  const rows = rowsOf(report).filter((row) => row.mask === mask);
  const lengths = [...new Set(rows.map(({ n }) => n))].toSorted((a, b) => a - b);
  const crossings = crossovers(report, mask);
  const chartOf = (height: number) =>
    timeChart(
      {
        rows,
        kernels: report.kernels,
        decoding: report.decoding,
        lengths,
        language,
        width: CARD_CHART.width,
        height,
        chosen: undefined,
        choose: () => undefined,
      },
      crossings,
    );
  const stage = document.createElement('div');
  stage.className = 'card-stage';
  host.append(stage);
  try {
    render(
      html`<svg class="result-card" xmlns="http://www.w3.org/2000/svg" width=${CARD.width} height=${CARD.height} viewBox="0 0 ${CARD.width} ${CARD.height}">
        ${resultCard(content, chartOf)}
      </svg>`,
      stage,
    );
    const text = new XMLSerializer().serializeToString(inlined(stage.querySelector('svg')!));
    return await pngOf(text, CARD.width, CARD.height, 1);
  } finally {
    stage.remove();
  }
}

/** Opens the dialog in `host`. */
export async function showCard(host: HTMLElement, env: CardEnv): Promise<void> {
  const content = contentOf(env);
  if (!content) return;
  const words = speak(cardWords, env.language);
  const png = await draw(host, env, content);
  const url = URL.createObjectURL(png);
  const text = textOf(content);
  const say = (what: string): void => {
    const status = host.querySelector('[role=status]');
    if (status) status.textContent = what;
  };
  const name = `attnscope-${env.report.decoding ? 'decoding-' : ''}${env.report.date.slice(0, 10)}.png`;
  const picture = async (): Promise<void> => {
    if (await copyPicture(png)) return say(words.copied);
    save(name, png);
    say(words.saved);
  };
  const plain = async (): Promise<void> => {
    if (await copyText(text)) return say(words.copied);
    host.querySelector('textarea')?.select();
    say(words.select);
  };
  const closed = (): void => {
    URL.revokeObjectURL(url);
    render(html``, host);
  };
  render(
    html`<dialog class="card-dialog" aria-labelledby="card-title" @close=${closed}>
      <form method="dialog">
        <h2 id="card-title">${words.title}</h2>
        <img src=${url} width=${CARD.width} height=${CARD.height} alt=${text} />
        <div class="exports">
          <button type="button" class="plain copy-picture" @click=${() => void picture()}>${words.copyPicture}</button>
          <button type="button" class="plain save-picture" @click=${() => save(name, png)}>${words.savePicture}</button>
          <button type="button" class="plain copy-text" @click=${() => void plain()}>${words.copyText}</button>
          <span role="status"></span>
          <button class="plain">${words.close}</button>
        </div>
        <textarea readonly aria-label=${words.text} .value=${text}></textarea>
      </form>
    </dialog>`,
    host,
  );
  host.querySelector('dialog')?.showModal();
}
