// The head of the softmax view (which row, how, which tile), and what is said where the row has no picture.
import { html, nothing, render } from 'lit';
import type { Frame, SoftmaxFrame } from '../../../frame/frame-types';
import { setText } from '../../../ui/dom/text';
import { element } from '../../../ui/dom/element';
import type { Drawing } from './drawing';
import { widthOf } from './pen';
import { elementOf } from './element-of';
import { workgroupOfRow } from '../../shared/workgroups';

/** Which keys are looked at. */
export function tileText({ kind, tiles, tileCount }: SoftmaxFrame, words: Drawing['words']): string {
  const tile = tiles.at(-1);
  if (!tile) return '';
  return kind === 'direct'
    ? words.allKeys(tile.masked.length)
    : words.tile(tile.index + 1, tileCount, tile.from, tile.to);
}

/** The widest of these texts. */
function lastTileText({ kind, tiles, tileCount }: SoftmaxFrame, keys: number, words: Drawing['words']): string {
  const from = (tileCount - 1) * (tiles[0]?.masked.length ?? 1);
  return kind === 'direct' ? words.allKeys(keys) : words.tile(tileCount, tileCount, from, keys - 1);
}

/** Phases in which the picture of a row begins. */
const BEGINS = new Set(['softmax', 'row max']);

export interface Head {
  element: HTMLElement;
  show(frame: Frame, softmax: SoftmaxFrame): void;
}

export function head(d: Drawing): Head {
  const { words } = d;
  let row = 0;
  const header = elementOf(html`<header>
    <b class="row"><span></span> <q dir="auto" hidden></q></b>
    <span class="tag"></span>
    <button class="step up" aria-label=${words.up} title=${words.up} @click=${() => d.on.row(row - 1)}>↑</button>
    <button class="step down" aria-label=${words.down} title=${words.down} @click=${() => d.on.row(row + 1)}>↓</button>
    <span class="tag shaped" hidden></span>
    <span class="where"><span></span></span>
  </header>`);
  const find = (selector: string) => header.querySelector<HTMLElement>(selector)!;
  const [name, token, tag, shaped, where] = [
    find('.row span'),
    find('q'),
    find('.tag'),
    find('.shaped'),
    find('.where'),
  ];
  setText(shaped, d.shaped.name);
  shaped.hidden = d.shaped.name === '';
  shaped.dataset['mark'] = d.shaped.means;
  const which = where.firstElementChild!;
  const [up, down] = [...header.querySelectorAll('button')];
  let shown = '';
  /** What stays while the row is stepped through. */
  const change = (rows: number, keys: number, softmax: SoftmaxFrame): void => {
    row = softmax.row;
    // Queries are the last tokens.
    const own = d.tokens?.[row + keys - rows]?.trim();
    setText(name, words.row(row));
    token.hidden = !own;
    setText(token, own ?? '');
    const online = softmax.kind === 'online';
    setText(tag, online ? words.online : words.direct);
    tag.dataset['mark'] = online ? words.onlineNote : words.directNote;
    if (up) up.disabled = row === 0;
    if (down) down.disabled = row >= rows - 1;
  };
  let room = '';
  return {
    element: header,
    show({ trace }, softmax) {
      const { queries, keys } = trace.header.run.shape;
      const now = `${queries} ${softmax.row} ${softmax.kind}`;
      if (now !== shown) change(queries, keys, softmax);
      shown = now;
      const widest = lastTileText(softmax, keys, words);
      if (widest !== room) where.style.setProperty('--room', `${Math.ceil(widthOf(widest, d.ink.faces.text)) + 1}px`);
      room = widest;
      setText(which, softmax.inWorkgroup ? tileText(softmax, words) : '');
    },
  };
}

/** What stands in the columns' place, each made once and written afresh when it changes. */
export function messages(d: Drawing): {
  plain(text: string): HTMLElement;
  waiting(frame: Frame): HTMLElement;
  elsewhere(frame: Frame, softmax: SoftmaxFrame): HTMLElement;
} {
  const { words } = d;
  const line = element('p', 'elsewhere');
  const ways = element('div', 'elsewhere');
  const coming = element('div', 'elsewhere');
  let awaited = '';
  let last = '';
  return {
    plain(text) {
      setText(line, text);
      return line;
    },
    /** Says what will stand here, and leads to where it begins. */
    waiting({ phases, cursor }) {
      const first = phases.find(({ k, name }) => k > cursor.phase && BEGINS.has(name));
      const now = `${first?.k} ${first?.name}`;
      if (now === awaited) return coming;
      awaited = now;
      const go = first
        ? html`<button @click=${() => d.on.phase(first.k)}>${words.goPhase(first.k + 1, d.phase(first.name))}</button>`
        : nothing;
      render(
        html`<p>${words.noneYet}</p>
          <p>${words.comes}</p>
          <ul>
            ${[words.comesScores, words.comesMaximum, words.comesWeights, words.comesOutput].map((text) => html`<li>${text}</li>`)}
          </ul>
          ${go}`,
        coming,
      );
      return coming;
    },
    /** Says that the row is another workgroup's, and offers both ways out. */
    elsewhere(frame, { row }) {
      const { r0, r1 } = frame.block;
      const other = workgroupOfRow(frame, row);
      const now = `${row} ${r0} ${r1} ${other} ${frame.cursor.workgroup}`;
      if (now === last) return ways;
      last = now;
      const go =
        other === undefined || other === frame.cursor.workgroup
          ? nothing
          : html`<button @click=${() => d.on.workgroup(other)}>${words.goWorkgroup(other)}</button>`;
      render(
        html`<p>${words.elsewhere(row, r0, r1)}</p> ${go} <button @click=${() => d.on.row(r0)}>${words.goRow(r0)}</button>`,
        ways,
      );
      return ways;
    },
  };
}
