// What came out of a sweep, from the verdict in sentences to every sample as a file.
import { html, nothing, type TemplateResult } from 'lit';
import { crossovers, csvOf, rowsOf } from '../../bench/analysis';
import { writeReport } from '../../bench/report';
import { figures, shownRows, warnings, type FiguresEnv } from './figures';
import { deviceInSentence } from '../../ui/device-name';
import { dateText, facts, shapeLine } from './facts';
import { copyText, save, textBlob } from '../shared/files';
import { pointsTable } from './table';
import { untimed, verdictOn } from './verdict';

export interface ResultsEnv extends FiguresEnv {
  /**
   * The report is of other settings than those chosen now, or of an earlier sweep than the one under way: it is dimmed,
   * and says so.
   */
  past: 'stale' | 'measuring' | undefined;
  /** Where the settings stand below the results: brings them into view. */
  settings(): void;
  link(): string;
  card(): void;
  /** Told what became of copying the link. */
  copied(done: boolean): void;
  copyState: 'yes' | 'no' | undefined;
}

export function results(env: ResultsEnv): TemplateResult {
  const { report, words, store } = env;
  const { mask } = store.view.value;
  const masks = [...new Set(report.points.map(({ shape }) => shape.mask))];
  const rows = rowsOf(report);
  const pick = (one: typeof mask): TemplateResult =>
    html`<button aria-pressed=${one === mask} @click=${() => (store.view.value = { ...store.view.peek(), mask: one })}>${words.maskName(one)}</button>`;
  return html`<section class="results ${env.past ? 'past' : ''}" aria-label=${words.results}>
    <section class="pane verdict">
      <header>
        <h2>${words.results} <span class="muted num">${shapeLine(report, mask, words)}</span></h2>
        ${masks.length > 1 ? html`<div class="segmented" role="group" aria-label=${words.mask}>${masks.map(pick)}</div>` : nothing}
        <button class="plain to-settings" @click=${env.settings}>${words.settings}</button>
        <button class="plain how" @click=${env.protocol}>${words.how}</button>
      </header>
      ${verdicts(env)} ${warnings(env).map((line) => html`<p class="warned">${line}</p>`)}
      ${store.earlier.value ? html`<p class="earlier">${words.earlier(deviceInSentence(report.device, env.language, report.browser), dateText(report.date))}</p>` : nothing}
      ${env.past ? html`<p class="stale">${env.past === 'stale' ? words.stale : words.measuring}</p>` : nothing}
      ${report.partial && store.running.value === undefined ? html`<p class="muted partial">${words.partial}</p>` : nothing} ${exports(env)}
    </section>
    ${figures(env)}
    <section class="pane trust">
      <header>
        <h2>${words.trust}</h2>
        <button class="plain how" @click=${env.protocol}>${words.how}</button>
      </header>
      ${facts(report, rows, words, env.language)}
    </section>
    <section class="pane every">
      <header>
        <h2>${words.table}</h2>
        <button class="plain how" @click=${env.protocol}>${words.how}</button>
      </header>
      ${pointsTable(rows, report, store, words)} ${warnings(env).map((line) => html`<p class="warned">${line}</p>`)}
    </section>
  </section>`;
}

function verdicts({ report, words, store }: ResultsEnv): TemplateResult {
  const { rows } = shownRows(report, store);
  const found = crossovers(report, store.view.value.mask);
  if (!rows.some(({ time }) => time)) return html`<p class="told">${words.notTimed}</p>`;
  const [base = '', ...others] = report.kernels;
  if (others.length === 0) return html`<p class="told">${words.onlyOne}</p>`;
  const never = others.filter((kernel) => !found.some((crossover) => crossover.kernel === kernel));
  return html`<div role="status">
    <ul class="told">
    ${found.map((crossover) => {
      const [main, ...more] = verdictOn(crossover, rows, words);
      return html`<li data-kernel=${crossover.kernel}><b>${main}</b> ${more.join(' ')}</li>`;
    })}
    ${never.map(
      (kernel) =>
        html`<li data-kernel=${kernel}><b>${words.neverBeside(kernel, base)}</b> ${untimed({ base, kernel }, rows, words).join(' ')}</li>`,
    )}
  </ul>
  </div>`;
}

function exports({ report, words, link, card, copied, copyState }: ResultsEnv): TemplateResult {
  const name = `attnscope-times-${report.decoding ? 'decoding-' : ''}${report.date.slice(0, 10)}`;
  const copy = async (): Promise<void> => copied(await copyText(link()));
  return html`<div class="exports" role="group" aria-label=${words.download}>
    <button class="plain" @click=${() => save(`${name}.csv`, textBlob(csvOf(report), 'text/csv'))}>${words.csv}</button>
    <button class="plain" @click=${() => save(`${name}.json`, textBlob(writeReport(report), 'application/json'))}>${words.json}</button>
    <button class="plain card-open" @click=${card}>${words.card}</button>
    <button class="plain" @click=${() => void copy()}>${words.copyLink}</button>
    <span role="status" class="copied">${copyState === undefined ? '' : copyState === 'yes' ? words.linkCopied : words.linkFailed}</span>
  </div>`;
}
