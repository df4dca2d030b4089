// Where a model's parameters are: stacked bars, with the formula and the number of each part.
import { html, nothing, render, type TemplateResult } from 'lit';
import { kvBytes, NET_IDS, NETS, netOf, partsOf, type Net, type NetId, type Part } from '../../../model/ledger';
import type { ModelConfig } from '../../../model/weights';
import { markText } from '../../../ui/dom/mark';
import { styles } from '../../../ui/dom/style';
import { percent } from '../../../ui/format';
import { whole } from '../../../ui/whole';
import { speak } from '../../../words';
import { menu, slider } from '../shared/pick';
import pickCss from '../shared/pick.css?inline';
import type { ModelFrame, ModelSettings, ModelView, ModelViewEnv, NetChange } from '../view';
import ledgerCss from './ledger.css?inline';
import { ledgerWords } from './ledger.words';

/** The network that the settings name, with the sizes that were changed; undefined until the model's own are known. */
export function netFor({ net, sizes }: Pick<ModelSettings, 'net' | 'sizes'>, config?: ModelConfig): Net | undefined {
  const base: Net | undefined = net === 'small' ? config && netOf(config) : NETS[net];
  if (!base) return undefined;
  const width = sizes.width ?? base.width;
  const factor = sizes.factor ?? base.hidden / base.width;
  return {
    ...base,
    width,
    layers: sizes.layers ?? base.layers,
    vocabulary: sizes.vocabulary ?? base.vocabulary,
    hidden: Math.round(factor * width),
  };
}

const sumOf = (parts: readonly Part[]): number => parts.reduce((sum, { count }) => sum + count, 0);

/** Bytes in powers of ten, as papers have them. */
function decimal(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let x = n;
  let u = 0;
  while (x >= 1000 && u < units.length - 1) {
    x /= 1000;
    u++;
  }
  return `${u === 0 ? x : Number(x.toPrecision(3))} ${units[u]}`;
}

export const ledger: ModelView = {
  id: 'model-ledger',
  title: { en: 'Where the parameters are', zh: '参数都在哪儿' },
  css: pickCss + ledgerCss,
  describe({ settings, config }, language) {
    const words = speak(ledgerWords, language);
    const net = netFor(settings, config);
    if (!net) return words.waiting;
    const parts = partsOf(net);
    const all = sumOf(parts);
    const said = parts.map(({ id, count }) => `${words[id]} ${percent(count / all)}`);
    return words.describe(whole(all), new Intl.ListFormat(language, { type: 'unit' }).format(said));
  },
  mount(host, env) {
    return {
      draw: (frame) => render(picture(frame, env), host),
      dispose: () => render(nothing, host),
    };
  },
};

function picture(frame: ModelFrame, env: ModelViewEnv): TemplateResult {
  const { language } = env;
  const words = speak(ledgerWords, language);
  const net = netFor(frame.settings, frame.config);
  if (!net) return html`<p class="waiting">${words.waiting}</p>`;
  const parts = partsOf(net);
  const all = sumOf(parts);
  return html`<div class="body">
    ${sliders(frame.settings, net, env)}
    <p class="letters num">
      ${words.letters(whole(net.width), whole(net.layers), whole(net.vocabulary), whole(net.hidden))}
    </p>
    <div class="stacked" data-ring="bars" aria-hidden="true">
      ${parts.map(
        ({ id, count }) =>
          html`<i class="part ${id}" data-part=${id} ${styles({ 'flex-grow': String(count / all) })}>${
            count / all > 0.12 ? html`<span>${words[id]} ${percent(count / all)}</span>` : nothing
          }</i>`,
      )}
    </div>
    <table data-mark=${markText({ kind: 'computed' }, language)}>
      <thead>
        <tr>
          <th scope="col">${words.part}</th>
          <th scope="col">${words.formula}</th>
          <th scope="col" class="end">${words.parameters}</th>
          <th scope="col" class="end">${words.share}</th>
        </tr>
      </thead>
      <tbody>
        ${parts.map(
          ({ id, count, formula }) =>
            html`<tr data-part=${id} data-ring="part.${id}">
              <th scope="row"><i class="swatch ${id}"></i>${words[id]}</th>
              <td class="num formula">${formula}</td>
              <td class="num end">${whole(count)}</td>
              <td class="num end">${percent(count / all)}</td>
            </tr>`,
        )}
      </tbody>
      <tfoot data-ring="sum">
        <tr>
          <th scope="row">${words.sum}</th>
          <td></td>
          <td class="num end"><b>${whole(all)}</b></td>
          <td></td>
        </tr>
      </tfoot>
    </table>
    ${proof(frame, parts, words)}
    <table class="bytes" data-ring="bytes">
      <caption>${words.weigh}</caption>
      <tbody>
        ${(
          [
            [words.fp16, 2 * all],
            [words.fp32, 4 * all],
            [words.training, 16 * all],
            [words.kv, kvBytes(net, 2)],
          ] as const
        ).map(([name, n]) => html`<tr><th scope="row">${name}</th><td class="num end">${decimal(n)}</td></tr>`)}
      </tbody>
    </table>
  </div>`;
}

/** Whether the weights file holds what the formulas say. */
function proof(
  { settings, parts: counted }: ModelFrame,
  parts: readonly Part[],
  words: ReturnType<typeof speak<typeof ledgerWords>>,
): TemplateResult | typeof nothing {
  if (Object.keys(settings.sizes).length > 0) return html`<p class="proof">${words.changed}</p>`;
  if (settings.net !== 'small' || !counted) return nothing;
  const same = parts.every(({ id, count }) => counted[id] === count) && Object.keys(counted).length === parts.length;
  return html`<p class="proof ${same ? 'ok' : 'bad'}">${same ? `✓ ${words.counted}` : words.differs}</p>`;
}

/** Sliders for sizes over many powers go by their logarithm. */
const WIDTHS = [64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 5120, 6144, 8192, 12_288, 16_384];
const VOCABULARIES = [256, 1000, 4000, 7043, 16_000, 32_000, 50_257, 100_000, 128_256, 200_000, 256_000];

function sliders({ net: id, sizes }: ModelSettings, net: Net, env: ModelViewEnv): TemplateResult {
  const words = speak(ledgerWords, env.language);
  const has = (control: string): boolean => env.controls === undefined || env.controls.includes(control);
  const set = (change: NetChange): void => env.on.set({ sizes: { ...sizes, ...change } });
  const stepped = (label: string, all: readonly number[], now: number, put: (n: number) => void): TemplateResult =>
    slider({
      label,
      min: 0,
      max: all.length - 1,
      step: 1,
      value: Math.max(
        0,
        all.findLastIndex((n) => n <= now),
      ),
      text: whole(now),
      set: (i) => put(all[i] ?? now),
    });
  const factor = net.hidden / net.width;
  return html`<div class="model-controls">
    ${
      has('net')
        ? menu(
            words.net,
            id,
            NET_IDS.map((one) => [one, words[one]] as const),
            (one) => env.on.set({ net: one as NetId, sizes: {} }),
          )
        : nothing
    }
    ${has('d') ? stepped(words.width, WIDTHS, net.width, (width) => set({ width })) : nothing}
    ${
      has('depth')
        ? slider({
            label: words.layers,
            min: 1,
            max: 128,
            step: 1,
            value: net.layers,
            text: whole(net.layers),
            set: (layers) => set({ layers }),
          })
        : nothing
    }
    ${has('vocab') ? stepped(words.vocabulary, VOCABULARIES, net.vocabulary, (vocabulary) => set({ vocabulary })) : nothing}
    ${
      has('ffn')
        ? slider({
            label: words.factor,
            min: 1,
            max: 8,
            step: 0.5,
            value: factor,
            text: String(Number(factor.toFixed(2))),
            set: (to) => set({ factor: to }),
          })
        : nothing
    }
    ${
      Object.keys(sizes).length > 0
        ? html`<button type="button" @click=${() => env.on.set({ sizes: {} })}>${words.back}</button>`
        : nothing
    }
  </div>`;
}
