// Every kernel at every point as a table that sorts by any column; what was not timed says why in its row.
import { html, nothing, type TemplateResult } from 'lit';
import { BASELINE_VERDICTS, type Row } from '../../bench/analysis';
import type { Report } from '../../bench/report';
import type { Spread } from '../../bench/stats';
import { swatch } from '../../ui/kernel-mark';
import { flopRate } from '../../ui/rates';
import { bytes, count, duration } from '../../ui/format';
import { limitText } from './facts';
import { tileName, variantName } from '../shared/tuned-choice';
import type { Column, TimeStore } from './store';
import type { TimeSpeech } from './speech';
import { isDecided, verdictText } from './verdict';

interface ColumnEntry {
  id: Column;
  title: string;
  /** What the number is, where the title alone could mislead. */
  why?: string;
  /** What it sorts by; undefined sorts last. */
  key(row: Row): number | string | undefined;
  cell(row: Row): TemplateResult | string;
}

const withSpread = ({ median, p10, p90 }: Spread, say: (x: number) => string): TemplateResult =>
  html`${say(median)} <span class="muted">${say(p10)}–${say(p90)}</span>`;

function columns(base: string, decoding: boolean, words: TimeSpeech): ColumnEntry[] {
  const timed = <T>(of: (row: Row) => T | undefined, say: (x: T) => TemplateResult | string) => ({
    cell: (row: Row): TemplateResult | string => {
      const x = of(row);
      return x === undefined ? '' : say(x);
    },
  });
  const result = (row: Row) => (row.result.outcome === 'timed' ? row.result : undefined);
  return [
    { id: 'n', title: words.colN, key: ({ n }) => n, cell: ({ n }) => String(n) },
    decoding
      ? {
          id: 'queries',
          title: words.colQueries,
          key: ({ point }) => point.shape.queries,
          cell: ({ point }) => String(point.shape.queries),
        }
      : { id: 'mask', title: words.colMask, key: ({ mask }) => mask, cell: ({ mask }) => words.maskName(mask) },
    {
      id: 'kernel',
      title: words.colKernel,
      key: ({ kernel }) => kernel,
      cell: ({ kernel, result: { of, tile } }) =>
        html`${swatch(kernel)}${kernel}${of || tile.br > 0 ? html` <span class="muted tile">${of ? variantName({ kernel: of, tile }) : tileName(tile)}</span>` : ''}`,
    },
    {
      id: 'time',
      title: words.colTime,
      key: ({ time }) => time?.median,
      ...timed(
        ({ time }) => time,
        (time) => withSpread(time, duration),
      ),
    },
    {
      id: 'ratio',
      title: words.colRatio(base),
      why: words.colRatioWhy,
      key: ({ ratio }) => ratio?.median,
      ...timed(
        (row) => (row.ratio ? { ...row.ratio, decided: isDecided(row) } : undefined),
        (ratio) =>
          ratio.decided
            ? withSpread(ratio, count)
            : html`<span class="muted">${count(ratio.p10)}–${count(ratio.p90)}</span>`,
      ),
    },
    {
      id: 'standing',
      title: words.colStanding,
      key: ({ verdict }) => (verdict ? BASELINE_VERDICTS.indexOf(verdict) : undefined),
      ...timed(
        (row) => (row.verdict ? row : undefined),
        (row) => html`<span class="standing ${row.verdict}">${verdictText(row, words)}</span>`,
      ),
    },
    {
      id: 'rounds',
      title: words.colRounds,
      key: ({ time }) => time?.n,
      ...timed(
        (row) => (row.result.outcome === 'timed' ? { ...row.result, sampleMs: row.sampleMs } : undefined),
        ({ samples, batch, sampleMs }) =>
          html`${samples.length} × ${batch} ${sampleMs === undefined ? '' : html`<span class="muted">${words.atLeast(duration(sampleMs))}</span>`}`,
      ),
    },
    {
      id: 'gpu',
      title: words.colGpu,
      key: ({ gpu }) => gpu?.median,
      ...timed(
        ({ gpu }) => gpu,
        ({ median }) => duration(median),
      ),
    },
    {
      id: 'wall',
      title: words.colWall,
      key: ({ wall }) => wall?.median,
      ...timed(
        ({ wall }) => wall,
        ({ median }) => duration(median),
      ),
    },
    { id: 'rate', title: words.colRate, key: ({ rate }) => rate, ...timed(({ rate }) => rate, flopRate) },
    {
      id: 'share',
      title: words.colShare,
      key: ({ share }) => share,
      ...timed(
        ({ share }) => share,
        (share) => `${count(100 * share)} %`,
      ),
    },
    { id: 'memory', title: words.colMemory, key: ({ memory }) => memory, cell: ({ memory }) => bytes(memory) },
    {
      id: 'compile',
      title: words.colCompile,
      key: (row) => result(row)?.compileMs,
      ...timed(result, ({ compileMs }) => duration(compileMs)),
    },
    {
      id: 'error',
      title: words.colError,
      key: (row) => result(row)?.maxAbsError,
      ...timed(result, ({ maxAbsError }) => maxAbsError.toExponential(1)),
    },
  ];
}

/** Stable; what has no key comes last either way. */
export function sorted(rows: readonly Row[], key: (row: Row) => number | string | undefined, down: boolean): Row[] {
  return rows.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
    const order =
      typeof x === 'number' && typeof y === 'number'
        ? x - y
        : String(x) < String(y)
          ? -1
          : String(x) > String(y)
            ? 1
            : 0;
    return down ? -order : order;
  });
}

/** Why a kernel was not timed. */
export function whyNot({ result }: Row, words: TimeSpeech): string {
  switch (result.outcome) {
    case 'skipped':
      return words.skipped(duration(result.predictedMs), duration(result.budgetMs));
    case 'refused':
      return words.refused(
        result.limit,
        limitText(result.limit, result.need, result.have),
        limitText(result.limit, result.have, result.need),
      );
    case 'failed':
      return words.failed(result.reason);
    default:
      return '';
  }
}

/** Columns that a kernel without a time has, and how many cells the reason takes. */
const ALWAYS: readonly Column[] = ['n', 'mask', 'queries', 'kernel'];

export function pointsTable(
  rows: readonly Row[],
  { kernels, decoding }: Report,
  store: TimeStore,
  words: TimeSpeech,
): TemplateResult {
  const all = columns(kernels[0] ?? '', decoding, words);
  const { sort, chosen } = store.view.value;
  const by = all.find(({ id }) => id === sort?.by);
  const shown = by ? sorted(rows, by.key, sort?.down ?? false) : rows;
  const choose = (id: Column): void => {
    const down = sort?.by === id && !sort.down;
    store.view.value = { ...store.view.peek(), sort: { by: id, down } };
  };
  const order = (id: Column): string => (sort?.by === id ? (sort.down ? 'descending' : 'ascending') : 'none');
  const head = ({ id, title, why }: ColumnEntry): TemplateResult =>
    html`<th scope="col" aria-sort=${order(id)} data-column=${id}>
      <button title=${why ?? nothing} aria-description=${why ?? nothing} @click=${() => choose(id)}>${title}</button>
    </th>`;
  const line = (row: Row): TemplateResult => {
    const cells = row.result.outcome === 'timed' ? all : all.filter(({ id }) => ALWAYS.includes(id));
    return html`<tr class=${row.n === chosen ? 'chosen' : ''} data-kernel=${row.kernel} data-n=${row.n} data-outcome=${row.result.outcome}>
      ${cells.map(({ id, cell }) => html`<td class="num col-${id}">${cell(row)}</td>`)}
      ${row.result.outcome === 'timed' ? nothing : html`<td class="why" colspan=${all.length - cells.length}>${whyNot(row, words)}</td>`}
    </tr>`;
  };
  return html`<div class="table-box" tabindex="0" role="region" aria-label=${words.table}>
    <table class="points">
      <thead>
        <tr>${all.map(head)}</tr>
      </thead>
      <tbody>${shown.map(line)}</tbody>
    </table>
  </div>`;
}
