// Two vocabularies that grow from the same text, merge by merge, side by side: by count (BPE) and by count over the
// counts of the parts (WordPiece); and a word as the page's own tokenizer cuts it.
import { html, nothing, render, type TemplateResult } from 'lit';
import {
  applied,
  corpusOf,
  encodeBpe,
  encodeWordPiece,
  trainMerges,
  vocabularyOf,
  type Merge,
  type MergeRule,
  type Word,
} from '../../../model/merges';
import { count } from '../../../ui/format';
import { whole } from '../../../ui/whole';
import { markText } from '../../../ui/dom/mark';
import { speak } from '../../../words';
import { slider } from '../shared/pick';
import pickCss from '../shared/pick.css?inline';
import type { ModelFrame, ModelView, ModelViewEnv } from '../view';
import mergeCss from './merge.css?inline';
import { mergeWords } from './merge.words';

/** Most merges that are trained, and most words that are shown cut. */
const MOST = 60;
const WORDS = 14;

const RULES = ['bpe', 'wordpiece'] as const;

interface Trained {
  text: string;
  merges: Record<MergeRule, Merge[]>;
}

/** Both rules' merges of a text, trained once. */
function createTraining() {
  let last: Trained | undefined;
  return (text: string): Trained => {
    if (last?.text !== text)
      last = { text, merges: { bpe: trainMerges(text, 'bpe', MOST), wordpiece: trainMerges(text, 'wordpiece', MOST) } };
    return last;
  };
}

/** The first merge at which the rules take other pairs; −1 where they never do. */
export const partAt = (a: readonly Merge[], b: readonly Merge[]): number => {
  const plain = (merge: Merge | undefined): string =>
    merge ? `${merge.left} ${merge.right}`.replaceAll('##', '') : '';
  const longest = Math.max(a.length, b.length);
  for (let i = 0; i < longest; i++) if (plain(a[i]) !== plain(b[i])) return i;
  return -1;
};

export const merge: ModelView = {
  id: 'model-merge',
  title: { en: 'Merges, by both rules', zh: '合并：两种规则' },
  css: pickCss + mergeCss,
  describe({ text }, language) {
    const words = speak(mergeWords, language);
    const [bpe, piece] = RULES.map((rule) => trainMerges(text, rule, 1)[0]);
    return bpe && piece ? words.describe(pairOf(bpe), pairOf(piece)) : words.nothing;
  },
  mount(host, env) {
    const trained = createTraining();
    return {
      draw: (frame) => render(picture(frame, env, trained(frame.text)), host),
      dispose: () => render(nothing, host),
    };
  },
};

const pairOf = ({ left, right }: Merge): string => `${left} + ${right}`;

function picture(frame: ModelFrame, env: ModelViewEnv, { text, merges }: Trained): TemplateResult {
  const words = speak(mergeWords, env.language);
  const { settings } = frame;
  const has = (id: string): boolean => env.controls === undefined || env.controls.includes(id);
  const most = Math.max(merges.bpe.length, merges.wordpiece.length);
  const shown = Math.min(settings.merges, most);
  const parted = partAt(merges.bpe, merges.wordpiece);
  return html`<div class="body">
    ${
      has('merges')
        ? html`<div class="model-controls">
            ${slider({
              label: words.merges,
              min: 0,
              max: most,
              step: 1,
              value: shown,
              text: whole(shown),
              set: (to) => env.on.set({ merges: to }),
            })}
          </div>`
        : nothing
    }
    <p class="caption">${most === 0 ? words.nothing : parted < 0 ? words.alike : words.part(parted + 1)}</p>
    <div class="rules" data-ring="rules" data-mark=${markText({ kind: 'computed', note: words.note }, env.language)}>
      ${RULES.map((rule) => column(rule, merges[rule].slice(0, shown), parted, text, env))}
    </div>
    ${has('word') ? tokenizer(frame, merges, text, env) : nothing}
  </div>`;
}

function column(
  rule: MergeRule,
  merges: readonly Merge[],
  parted: number,
  text: string,
  env: ModelViewEnv,
): TemplateResult {
  const words = speak(mergeWords, env.language);
  const cut = merges.reduce<Word[]>((all, one) => applied(all, one), corpusOf(text, rule));
  const often = cut.toSorted((a, b) => b.times - a.times || b.units.length - a.units.length).slice(0, WORDS);
  const newest = merges.at(-1)?.joined;
  return html`<section class=${rule} data-ring=${rule}>
    <h4>${rule === 'bpe' ? words.bpe : words.wordpiece}</h4>
    <ol>
      ${merges.map(
        (one, i) =>
          html`<li class=${i === parted ? 'parted' : ''} data-merge=${i}>
            <span class="num rank">${i + 1}</span>
            <span class="pair"><b>${one.left}</b><i>+</i><b>${one.right}</b><i>→</i><b class="joined">${one.joined}</b></span>
            <span class="num why"
              >${rule === 'bpe' ? words.times(one.count) : words.score(one.count, one.lefts, one.rights, count(one.score))}</span
            >
          </li>`,
      )}
    </ol>
    <p class="words" aria-label=${words.cutWords}>
      ${often.map(
        ({ units }) =>
          html`<span class="word">${units.map((unit) => html`<b class=${unit === newest ? 'new' : ''}>${unit}</b>`)}</span>`,
      )}
    </p>
  </section>`;
}

/** A word: by the page's own tokenizer, and by the merges above. */
function tokenizer(
  { settings, cut }: ModelFrame,
  merges: Trained['merges'],
  text: string,
  env: ModelViewEnv,
): TemplateResult {
  const words = speak(mergeWords, env.language);
  const { word = '' } = settings;
  const shown = settings.merges;
  const pieces = merges.wordpiece.slice(0, shown);
  const byPiece = word === '' ? [] : encodeWordPiece(word, vocabularyOf(text, pieces));
  const chips = (units: readonly string[] | undefined): TemplateResult =>
    html`<span class="word">${(units ?? ['[UNK]']).map((unit) => html`<b>${unit}</b>`)}</span>`;
  return html`<div class="own" data-ring="word">
    <label class="labelled"
      ><span>${words.word}</span
      ><input
        type="text"
        maxlength="40"
        spellcheck="false"
        autocomplete="off"
        .value=${word}
        @input=${(event: Event) => env.on.set({ word: (event.currentTarget as HTMLInputElement).value || undefined })}
    /></label>
    ${
      word === ''
        ? html`<p class="caption">${words.tryWord}</p>`
        : html`<dl>
            <dt>${words.shipped}</dt>
            <dd class="chips">
              ${(cut ?? []).map(
                ({ label, rank }) =>
                  html`<span class="chip"><b>${label}</b><small class="num">${rank === undefined ? words.whole : words.rank(whole(rank + 1))}</small></span>`,
              )}
              <span class="num">${cut ? words.tokens(cut.length) : ''}</span>
            </dd>
            <dt>${words.byBpe}</dt>
            <dd>${chips(encodeBpe(word, merges.bpe.slice(0, shown)))}</dd>
            <dt>${words.byPiece}</dt>
            <dd>${chips(byPiece)}</dd>
          </dl>`
    }
  </div>`;
}
