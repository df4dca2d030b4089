// The mask in tiles: which tiles of S are full, partial or skipped (computed), which the kernel worked on (counted),
// and what a token may see.
import { html, nothing, render, type TemplateResult } from 'lit';
import { keysFrom, keysSeen, visiblePairs } from '../../../ops/attention/cost';
import { maskTiles, type MaskTiles, type TileKind } from '../../../ops/attention/mask-tiles';
import type { Frame } from '../../../frame/frame-types';
import { tileOfScores, tilesRead } from '../../../frame/tiles-read';
import type { Trace } from '../../../trace/trace';
import { speak, type Language } from '../../../words';
import { labelText } from '../../shared/label';
import { scoreSentence } from '../../shared/score.words';
import { markCss, markText, mountMarks } from '../../../ui/dom/mark';
import { gridColours, paintTiles } from './grid';
import css from './mask.css?inline';
import { maskWords } from './mask.words';
import type { View, ViewEnv } from '../../view';

/** Tokens of the sentence that are shown around the chosen row at most. */
const TOKENS = 120;
const GRID = 240;
const KINDS: readonly TileKind[] = ['full', 'partial', 'skipped'];

const number = (n: number): string => n.toLocaleString('en');

export const mask: View = {
  id: 'mask',
  title: maskWords.title,
  css: css + markCss,
  describe(frame, language) {
    const { trace } = frame;
    const { counts } = maskTiles(trace.header.run.shape, tileOfScores(trace));
    return speak(maskWords, language).describe(
      number(counts.full),
      number(counts.partial),
      number(counts.skipped),
      seen(frame, language),
    );
  },
  mount(host, env) {
    const root = document.createElement('div');
    root.className = 'view-mask';
    host.append(root);
    const unmark = mountMarks(root);
    const { shape } = env.trace.header.run;
    const tile = tileOfScores(env.trace);
    const tiles = maskTiles(shape, tile);
    render(skeleton(env, tiles, tilesIn(env.trace)), root);
    const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;
    const box = paintTiles(find('canvas') as HTMLCanvasElement, tiles, GRID, gridColours(root));
    const toRow = (event: MouseEvent): void => {
      const block = Math.floor((event.offsetY / box.height) * tiles.rows);
      env.on.row(Math.max(0, Math.min(shape.queries - 1, block * tile.br)));
    };
    const grid = find('.grid');
    grid.addEventListener('click', toRow);
    const band = grid.querySelector<HTMLElement>('.band') ?? grid;
    const live = grid.querySelector<HTMLElement>('.live') ?? grid;
    const unit = { x: box.width / (tiles.cols * tile.bc), y: box.height / (tiles.rows * tile.br) };
    let row: number | undefined;
    return {
      draw(frame) {
        place(live, liveTile(frame), unit);
        if (frame.selection.row === row) return;
        row = frame.selection.row;
        const [from, end] = [keysFrom(shape, row), keysSeen(shape, row)];
        place(band, { r0: row, r1: row, c0: from, c1: Math.max(from, end - 1) }, unit);
        render(tokensOf(frame, env.language), find('.tokens'));
        find('.sees').textContent = seen(frame, env.language);
      },
      dispose() {
        unmark();
        grid.removeEventListener('click', toRow);
        root.remove();
      },
    };
  },
};

/** The part of S that the step works on: rows of the block, keys of the live tile. */
function liveTile(frame: Frame): { r0: number; r1: number; c0: number; c1: number } | undefined {
  const keys = frame.tensors.K?.live ?? frame.tensors.V?.live;
  return keys && { r0: frame.block.r0, r1: frame.block.r1, c0: keys.r0, c1: keys.r1 };
}

function place(
  element: HTMLElement,
  rect: { r0: number; r1: number; c0: number; c1: number } | undefined,
  unit: { x: number; y: number },
): void {
  element.hidden = !rect;
  if (!rect) return;
  const { style } = element;
  style.setProperty('transform', `translate(${rect.c0 * unit.x}px, ${rect.r0 * unit.y}px)`);
  style.setProperty('width', `${(rect.c1 - rect.c0 + 1) * unit.x}px`);
  style.setProperty('height', `${Math.max(2, (rect.r1 - rect.r0 + 1) * unit.y)}px`);
}

/** What the mask means: of a model's tokens, or of queries and keys that no model made. */
function whyOf({ header: { run, tokens } }: Trace, words: ReturnType<typeof speak<typeof maskWords>>): string {
  const chosen = run.shape.mask;
  const [kind, ...numbers] = chosen.split('-');
  const side = (n = ''): string => (n === 'all' ? words.allKeys : words.someKeys(n));
  if (kind === 'window') return words.windowWhy(side(numbers[0]), side(numbers[1]));
  if (kind === 'prefix') return words.prefixWhy(numbers[0] ?? '');
  if (chosen === 'causal-top-left') return words.topLeftWhy;
  if (chosen === 'causal') return tokens ? words.causalWhy : words.causalWhyBare;
  return tokens ? words.bothWhy : words.bothWhyBare;
}

/** How many tiles the kernel loaded keys for. */
const tilesIn = (trace: Trace): number => tilesRead(trace, trace.header.plane).reduce((n, one) => n + one, 0);

function skeleton(env: ViewEnv, tiles: MaskTiles, loaded: number): TemplateResult {
  const { trace, language, on } = env;
  const words = speak(maskWords, language);
  const { shape } = trace.header.run;
  const shaped = scoreSentence(shape, trace.header.plane, language);
  const tile = tileOfScores(trace);
  const all = tiles.kinds.length;
  const asked = tiles.counts.full + tiles.counts.partial;
  const computed = markText({ kind: 'computed', note: words.computedNote }, language);
  const counted = markText({ kind: 'counted', provenance: trace.header.provenance, note: words.readNote }, language);
  const pairs = visiblePairs(shape);
  const cells = shape.queries * shape.keys;
  const verdict =
    loaded === asked
      ? words.agrees
      : loaded > asked
        ? words.more(number(loaded - asked))
        : words.fewer(number(asked - loaded));
  const choice = (to: 'causal' | 'full', name: string) =>
    html`<button aria-pressed=${shape.mask === to} @click=${() => on.mask?.(to)}>${name}</button>`;
  const key = (kind: TileKind) =>
    html`<tr>
      <th scope="row"><i class="key ${kind}" aria-hidden="true"></i>${words[kind]}</th>
      <td class="num" data-mark=${computed}>${number(tiles.counts[kind])}</td>
    </tr>`;
  return html`<div class="body">
    <div class="grid" title=${words.hint} role="img" aria-label=${words.grid(number(tiles.rows), number(tiles.cols), String(tile.br), String(tile.bc))}>
      <canvas></canvas><i class="band"></i><i class="live"></i>
    </div>
    <div class="facts">
      ${on.mask ? html`<div class="segmented" role="group" aria-label=${words.toggle}>${choice('causal', words.causal)}${choice('full', words.both)}</div>` : nothing}
      <p class="why">${whyOf(trace, words)}</p>
      ${shaped ? html`<p class="why shaped">${shaped}</p>` : nothing}
      <table>
        <tbody>
          ${KINDS.map(key)}
        </tbody>
      </table>
      <p tabindex="0" data-mark=${counted} aria-description=${counted}>${words.loaded(number(loaded), number(all))}${language === 'zh' ? '，' : ', '}${verdict}</p>
      <p class="muted" data-mark=${computed}>${words.pairs(number(pairs), number(cells), `${((100 * pairs) / cells).toFixed(1)} %`)}</p>
    </div>
    <div class="row">
      <p class="sees"></p>
      <p class="tokens"></p>
    </div>
  </div>`;
}

/** One line about the chosen row. */
function seen(frame: Frame, language: Language): string {
  const words = speak(maskWords, language);
  const { shape } = frame.trace.header.run;
  const { row } = frame.selection;
  const { tokens } = frame.trace.header;
  // Queries are the last tokens.
  const name = tokens ? `${row} “${labelText(tokens, row + shape.keys - shape.queries)}”` : String(row);
  const n = keysSeen(shape, row) - keysFrom(shape, row);
  return n === 0 ? words.seesNone(name) : words.sees(name, number(n), number(shape.keys));
}

/** The sentence as the chosen row sees it, cut around the row where it is long. */
function tokensOf(frame: Frame, language: Language): TemplateResult | typeof nothing {
  const { tokens, run } = frame.trace.header;
  if (!tokens) return nothing;
  const { row } = frame.selection;
  const [first, end] = [keysFrom(run.shape, row), keysSeen(run.shape, row)];
  const self = row + run.shape.keys - run.shape.queries;
  const from = Math.max(0, Math.min(self - TOKENS / 2, tokens.length - TOKENS));
  const part = tokens.slice(from, from + TOKENS);
  const one = (_: string, k: number) => {
    const at = from + k;
    return html`<span dir="auto" class=${at === self ? 'self' : at >= first && at < end ? 'on' : 'off'}>${labelText(tokens, at)}</span>`;
  };
  const dots = html`<span class="off">…</span>`;
  return html`<span class="list" lang=${language}>${from > 0 ? dots : nothing}${part.map(one)}${from + TOKENS < tokens.length ? dots : nothing}</span>`;
}
