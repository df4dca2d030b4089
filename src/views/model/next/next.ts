// What comes next: the distribution after one token, what temperature, top-k, top-p and penalty make of it, how many
// tokens are left at every position, and the text that grows from it.
import { html, nothing, render, type TemplateResult } from 'lit';
import { styles } from '../../../ui/dom/style';
import { markText } from '../../../ui/dom/mark';
import { count, percent } from '../../../ui/format';
import { whole } from '../../../ui/whole';
import { entropy, type Distribution, type Sampling } from '../../../model/sampling';
import { speak, type Language } from '../../../words';
import { slider } from '../shared/pick';
import pickCss from '../shared/pick.css?inline';
import { stripCss, tokenStrip } from '../shared/token-strip';
import type { ModelFrame, ModelView, ModelViewEnv } from '../view';
import { curve } from './curve';
import { createDistributions } from './distribution';
import nextCss from './next.css?inline';
import { nextWords } from './next.words';

/** Tokens with a bar of their own. */
const BARS = 10;
/** What top-k steps through; 0 is off. */
const TOP_K = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

const has = ({ controls }: ModelViewEnv, id: string): boolean => controls === undefined || controls.includes(id);

export const next: ModelView = {
  id: 'model-next',
  title: { en: 'The next token', zh: '下一个 token' },
  css: stripCss + pickCss + nextCss,
  describe(frame, language) {
    const words = speak(nextWords, language);
    const dist = createDistributions().at(frame);
    return dist ? words.describe(sayTop(frame, dist, language), whole(dist.kept)) : words.waiting;
  },
  mount(host, env) {
    const known = createDistributions();
    return {
      draw: (frame) => render(picture(frame, env, known), host),
      dispose: () => render(nothing, host),
    };
  },
};

/** The likeliest tokens in words: "鹤 84 %, 鸟 6.1 %". */
function sayTop({ vocabulary }: ModelFrame, { order, p }: Distribution, language: Language, most = 5): string {
  const all = [...order.subarray(0, most)].map((id, rank) => `${vocabulary[id] ?? id} ${percent(p[rank]!)}`);
  return new Intl.ListFormat(language, { type: 'unit', style: 'short' }).format(all);
}

function picture(frame: ModelFrame, env: ModelViewEnv, known: ReturnType<typeof createDistributions>): TemplateResult {
  const { language, on } = env;
  const words = speak(nextWords, language);
  const { labels, at, vocabulary } = frame;
  const dist = known.at(frame);
  if (!dist || vocabulary.length === 0) return html`<p class="waiting">${words.waiting}</p>`;
  const sizes = known.sizes(frame);
  const deepest = Math.log(vocabulary.length);
  return html`<div class="body">
    ${tokenStrip({
      labels,
      at,
      name: words.strip,
      bar: (i) => ({ height: Math.log(sizes[i] ?? 1) / deepest, says: words.size(whole(sizes[i] ?? 0)) }),
      choose: (i) => on.set({ at: i, more: 0 }),
    })}
    <p class="caption">${words.stripCaption}</p>
    <p class="headline" data-ring="headline" data-mark=${markText({ kind: 'computed', note: words.note }, language)}>
      ${words.after(labels[at] ?? '')} <b class="likeliest">${vocabulary[dist.order[0]!]}</b>
      <span class="num">${percent(dist.p[0]!)}</span>
      <span class="facts num"
        >${words.entropy(entropy(dist.p).toFixed(2))} · ${words.kept(whole(dist.kept), percent(dist.mass))}</span
      >
    </p>
    <div class="plots">${bars(frame, dist, env)} ${curve(dist, frame.settings.sampling, language)}</div>
    ${sliders(frame, env)} ${has(env, 'grow') || frame.grown.length > 0 ? growth(frame, env) : nothing}
  </div>`;
}

function bars(
  { vocabulary, settings: { sampling } }: ModelFrame,
  dist: Distribution,
  env: ModelViewEnv,
): TemplateResult {
  const words = speak(nextWords, env.language);
  const { order, p, kept } = dist;
  const widest = p[0]!;
  const rows = [...order.subarray(0, BARS)];
  const rest = kept - BARS;
  const cut = sampling.topK !== undefined || sampling.topP !== undefined;
  return html`<ol class="bars" data-ring="bars" aria-label=${words.bars}>
    ${rows.map(
      (id, rank) => html`<li class=${rank < kept ? 'in' : 'out'} data-token=${id} data-ring="bar.${rank}">
        <b class="label">${vocabulary[id]}</b>
        <span class="track"><i ${styles({ width: `${(100 * p[rank]!) / widest}%` })}></i></span>
        <span class="num">${percent(p[rank]!)}</span>
        ${cut && rank === kept - 1 ? html`<span class="cut" aria-hidden="true"><span>${words.cut}</span></span>` : nothing}
      </li>`,
    )}
    ${rest > 0 ? html`<li class="rest">${words.more(whole(rest))}</li>` : nothing}
  </ol>`;
}

function sliders({ settings: { sampling } }: ModelFrame, env: ModelViewEnv): TemplateResult | typeof nothing {
  const words = speak(nextWords, env.language);
  const { temperature, topK, topP, penalty = 1 } = sampling;
  const set = (change: { readonly [K in keyof Sampling]?: Sampling[K] | undefined }): void => {
    const all = Object.entries({ ...sampling, ...change }).filter(([, value]) => value !== undefined);
    env.on.set({ sampling: Object.fromEntries(all) as unknown as Sampling, more: 0 });
  };
  const off = words.off;
  const step = topK === undefined ? 0 : TOP_K.findLastIndex((k) => k <= topK);
  const all = [
    has(env, 't') &&
      slider({
        label: words.temperature,
        min: 0,
        max: 2,
        step: 0.1,
        value: temperature,
        text: temperature === 0 ? words.greedy : String(temperature),
        set: (value) => set({ temperature: Number(value.toFixed(2)) }),
      }),
    has(env, 'k') &&
      slider({
        label: words.topK,
        min: 0,
        max: TOP_K.length - 1,
        step: 1,
        value: step,
        text: topK === undefined ? off : whole(topK),
        set: (value) => set({ topK: TOP_K[value] || undefined }),
      }),
    has(env, 'p') &&
      slider({
        label: words.topP,
        min: 0.05,
        max: 1,
        step: 0.05,
        value: topP ?? 1,
        text: topP === undefined ? off : String(topP),
        set: (value) => set({ topP: value >= 1 ? undefined : Number(value.toFixed(2)) }),
      }),
    has(env, 'penalty') &&
      slider({
        label: words.penalty,
        min: 1,
        max: 2,
        step: 0.05,
        value: penalty,
        text: penalty === 1 ? off : String(penalty),
        set: (value) => set({ penalty: value <= 1 ? undefined : Number(value.toFixed(2)) }),
      }),
    has(env, 'order') &&
      html`<label class="labelled order"
        ><input
          type="checkbox"
          .checked=${sampling.cutFirst ?? false}
          @change=${(event: Event) => set({ cutFirst: (event.currentTarget as HTMLInputElement).checked || undefined })}
        /><span>${words.cutFirst}</span></label
      >`,
  ].filter((one) => one !== false);
  return all.length > 0 ? html`<div class="model-controls">${all}</div>` : nothing;
}

function growth(frame: ModelFrame, env: ModelViewEnv): TemplateResult {
  const words = speak(nextWords, env.language);
  const { grown, growing, labels, at, settings } = frame;
  const { on } = env;
  const shown = labels.slice(Math.max(0, at - 7), at + 1);
  return html`<div class="growth" data-ring="grown">
    <div class="model-controls">
      <button type="button" class="go" @click=${() => on.grow(!growing)}>
        ${growing ? words.stop : grown.length > 0 ? words.goOn : words.grow}
      </button>
      <button type="button" ?disabled=${grown.length === 0} @click=${() => on.set({ more: 0 })}>${words.clear}</button>
      ${
        settings.sampling.temperature > 0
          ? html`<label class="labelled"
              ><span>${words.seed}</span
              ><input
                type="number"
                class="num"
                min="0"
                max="999999"
                .value=${String(settings.seed)}
                @change=${(event: Event) => {
                  const { valueAsNumber: seed } = event.currentTarget as HTMLInputElement;
                  if (Number.isInteger(seed) && seed >= 0 && seed <= 999_999) on.set({ seed });
                }}
            /></label>`
          : nothing
      }
    </div>
    <p class="grown" aria-live="polite">
      <span class="before">${at >= 8 ? '…' : ''}${shown.map(plain).join('')}</span>${grown.map(
        ({ label, probability }) =>
          html`<span class="new" title=${words.gave(percent(probability))}>${plain(label)}</span>`,
      )}${growing ? html`<span class="caret" aria-hidden="true"></span>` : nothing}
    </p>
    ${
      grown.length > 0
        ? html`<p class="caption num">
            ${words.grown(grown.length, count(grown.reduce((sum, { probability }) => sum - Math.log(probability), 0) / grown.length))}${!growing && settings.more > grown.length ? ` ${words.ended}` : nothing}
          </p>`
        : nothing
    }
  </div>`;
}

/** A label as it stands in a text. */
const plain = (label: string): string => label.replaceAll('·', ' ').replaceAll('⏎', '\n');
