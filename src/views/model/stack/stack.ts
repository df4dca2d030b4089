// The small model as a stack: tokens, what each layer's heads look at, how much attention and FFN add to the stream,
// and what comes out. What the pass does otherwise is chosen here, and held against the plain one.
import { html, nothing, render, type TemplateResult } from 'lit';
import { distributionOf } from '../../../model/sampling';
import type { Reading } from '../../../model/reading';
import { isPlain } from '../../../model/options';
import { markText } from '../../../ui/dom/mark';
import { styles } from '../../../ui/dom/style';
import { count, percent, value } from '../../../ui/format';
import { paintHeatmap } from '../../../ui/paint/heatmap';
import { speak } from '../../../words';
import pickCss from '../shared/pick.css?inline';
import { stripCss, tokenStrip } from '../shared/token-strip';
import type { ModelFrame, ModelView, ModelViewEnv } from '../view';
import { controls } from './controls';
import stackCss from './stack.css?inline';
import { stackWords } from './stack.words';

/** Next tokens that are listed. */
const NEXT = 8;

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

export const stack: ModelView = {
  id: 'model-stack',
  title: { en: 'The model, layer by layer', zh: '模型，逐层' },
  css: stripCss + pickCss + stackCss,
  describe(frame, language) {
    const words = speak(stackWords, language);
    const { reading, at, labels } = frame;
    if (!reading) return words.waiting;
    const rms = reading.rms.map((row) => row[at] ?? 0);
    return words.describe(labels.length, labels[at] ?? '', count(rms[0]!), count(rms.at(-1)!), lossSaid(frame, words));
  },
  mount(host, env) {
    let painted: Reading | undefined;
    return {
      draw(frame) {
        render(picture(frame, env), host);
        const { reading } = frame;
        if (!reading || painted === reading) return;
        painted = reading;
        for (const canvas of host.querySelectorAll<HTMLCanvasElement>('canvas.map')) {
          const map = reading.maps[Number(canvas.dataset['layer'])]?.[Number(canvas.dataset['head'])];
          if (!map) continue;
          const { side, values } = map;
          paintHeatmap(canvas, { values, rows: side, cols: side, scale: 'sequential', max: 255 }, env.theme);
        }
      },
      dispose: () => render(nothing, host),
    };
  },
};

type Words = ReturnType<typeof speak<typeof stackWords>>;

/** The mean loss, and where the pass is changed, the plain one and the difference. */
function lossSaid({ reading, plain }: ModelFrame, words: Words): string {
  if (!reading || reading.losses.length === 0) return '';
  const now = mean(reading.losses);
  if (!plain || plain === reading || plain.losses.length !== reading.losses.length) return words.loss(now.toFixed(3));
  const before = mean(plain.losses);
  const change = now - before;
  const sign = change < 0 ? '−' : '+';
  return words.lossChanged(before.toFixed(3), now.toFixed(3), sign + Math.abs(change).toFixed(3));
}

function picture(frame: ModelFrame, env: ModelViewEnv): TemplateResult {
  const { language, on } = env;
  const words = speak(stackWords, language);
  const { reading, plain, labels, at, vocabulary } = frame;
  if (!reading || vocabulary.length === 0) return html`<p class="waiting">${words.waiting}</p>`;
  const changed = plain && plain !== reading ? plain : undefined;
  const worst = Math.max(1, ...reading.losses, ...(changed?.losses ?? []));
  const strip = tokenStrip({
    labels,
    at,
    name: words.strip,
    bar(i) {
      const loss = reading.losses[i - 1];
      if (loss === undefined) return undefined;
      const before = changed?.losses[i - 1];
      const tone = before === undefined || Math.abs(loss - before) < 0.005 ? undefined : loss > before ? 'up' : 'down';
      const says =
        before === undefined
          ? words.tokenLoss(loss.toFixed(2))
          : words.tokenChanged(before.toFixed(2), loss.toFixed(2));
      return { height: loss / worst, says, ...(tone && { tone }) };
    },
    choose: (i) => on.set({ at: i, more: 0 }),
  });
  return html`<div class="body">
    ${controls(frame, env)} ${strip}
    <p class="caption" data-mark=${markText({ kind: 'computed', note: words.lossNote }, language)}>
      ${words.stripCaption}${changed ? ` ${words.toneCaption}` : ''} <b class="num loss">${lossSaid(frame, words)}</b>
    </p>
    ${layers(frame, reading, env, words)} ${nextTokens(frame, reading, words)}
  </div>`;
}

function layers(frame: ModelFrame, reading: Reading, env: ModelViewEnv, words: Words): TemplateResult {
  const { at, labels } = frame;
  const { rms, added, maps, difference } = reading;
  const most = Math.max(...rms.map((row) => row[at] ?? 0));
  const bar = (size: number): TemplateResult =>
    html`<span class="track"><i ${styles({ width: `${(100 * size) / most}%` })}></i></span><span class="num">${count(size)}</span>`;
  const here =
    difference && !isPlain(frame.settings.options) ? difference : frame.settings.cache ? difference : undefined;
  return html`<div class="layers ${here ? 'held' : ''}" data-ring="layers" role="table" aria-label=${words.layersOf(labels[at] ?? '')}>
    <div class="row head" role="row">
      <span role="columnheader"></span><span role="columnheader">${words.heads}</span
      ><span role="columnheader">${words.attention}</span><span role="columnheader">${words.ffn}</span
      ><span role="columnheader">${words.rms(labels[at] ?? '')}</span
      >${here ? html`<span role="columnheader">${frame.settings.cache ? words.oldKeys : words.keys}</span>` : nothing}
    </div>
    <div class="row embedding" role="row">
      <span role="rowheader">${words.embedding}</span><span role="cell" class="wide">${words.embeddingSays(reading.config.width)}</span
      ><span role="cell" class="stream">${bar(rms[0]![at]!)}</span>${here ? html`<span role="cell"></span>` : nothing}
    </div>
    ${maps.map((heads, layer) => {
      const ratio = (half: 0 | 1): number => added[2 * layer + half]![at]! / rms[2 * layer + half]![at]!;
      return html`<div class="row" role="row" data-layer=${layer}>
        <span role="rowheader">L${layer}</span>
        <span role="cell" class="heads">${heads.map((_, head) => thumb(frame, reading, env, words, layer, head))}</span>
        <span role="cell" class="ratio num" data-kind=${words.attention}>× ${count(ratio(0))}</span>
        <span role="cell" class="ratio num" data-kind=${words.ffn}>× ${count(ratio(1))}</span>
        <span role="cell" class="stream">${bar(rms[2 * layer + 2]![at]!)}</span>
        ${
          here
            ? html`<span role="cell" class="num diff" data-kind=${frame.settings.cache ? words.oldKeys : words.keys}
                ><b>${value(here.k[layer] ?? 0)}</b> <small>${words.changedRows(here.changed[layer] ?? 0, here.tokens)}</small></span
              >`
            : nothing
        }
      </div>`;
    })}
  </div>`;
}

function thumb(
  { at, labels, settings }: ModelFrame,
  reading: Reading,
  env: ModelViewEnv,
  words: Words,
  layer: number,
  head: number,
): TemplateResult {
  const sharp = count(reading.sharpness[layer]![head]!);
  const { ablate = [] } = settings.options;
  const silent = ablate.some((one) => one.layer === layer && one.head === head);
  const toggle = (): void => {
    const rest = ablate.filter((one) => one.layer !== layer || one.head !== head);
    const next = silent ? rest : [...rest, { layer, head }].toSorted((a, b) => a.layer - b.layer || a.head - b.head);
    const { ablate: _, ...options } = settings.options;
    env.on.set({ options: next.length > 0 ? { ...options, ablate: next } : options });
  };
  const switched = env.controls === undefined || env.controls.includes('ablate');
  return html`<span class="head ${silent ? 'silent' : ''}" data-head="${layer}.${head}" data-ring="head.${layer}.${head}">
    <a href=${env.headLink({ layer, head })} title=${words.open(layer, head, sharp)} aria-label=${words.open(layer, head, sharp)}
      ><canvas class="map" data-layer=${layer} data-head=${head} width="1" height="1" aria-hidden="true"></canvas
      ><i class="here" aria-hidden="true" ${styles({ top: `${(100 * (at + 0.5)) / labels.length}%` })}></i
    ></a>
    ${
      switched
        ? html`<button type="button" aria-pressed=${silent} title=${words.silence(layer, head)} aria-label=${words.silence(layer, head)} @click=${toggle}>
            H${head}
          </button>`
        : html`<small>H${head}</small>`
    }
  </span>`;
}

function nextTokens(frame: ModelFrame, { logits, config, ids }: Reading, words: Words): TemplateResult {
  const { at, labels, vocabulary } = frame;
  const row = logits.subarray(at * config.vocabulary, (at + 1) * config.vocabulary);
  const { order, p } = distributionOf(row, { temperature: 1 });
  const truth = ids[at + 1];
  return html`<div class="next" data-ring="next">
    <p class="caption">${words.next(labels[at] ?? '')}</p>
    <ol aria-label=${words.next(labels[at] ?? '')}>
      ${[...order.subarray(0, NEXT)].map(
        (id, rank) =>
          html`<li class=${id === truth ? 'true' : ''} data-token=${id} title=${id === truth ? words.came : nothing}>
            <b>${vocabulary[id]}</b><span class="track"><i ${styles({ height: `${100 * p[rank]!}%` })}></i></span
            ><span class="num">${percent(p[rank]!)}</span>
          </li>`,
      )}
    </ol>
  </div>`;
}
