// Bytes of KV cache for one token under MHA, GQA and MQA, by formula on real models' shapes, and how many tokens fit
// into a memory.
import { html, nothing, render, type TemplateResult } from 'lit';
import { bytesPerToken, headSharing, MODEL_PRESETS, type ModelPreset } from '../../../paging';
import { speak } from '../../../words';
import { element } from '../../../ui/dom/element';
import { bytes } from '../../../ui/format';
import { markCss, markText, mountMarks } from '../../../ui/dom/mark';
import { Depth } from './depth';
import { headsPicture, variantsOf } from './picture';
import css from './heads.css?inline';
import { DTYPES, headsWords } from './heads.words';
import type { PageFrame, PageView, PageViewEnv } from '../view';
import { styles } from '../../../ui/dom/style';

const GIB = 2 ** 30;
/** Memories to choose from, in GiB. */
export const MEMORIES = [1, 4, 8, 12, 16, 24, 40, 80, 141] as const;

const [FIRST] = MODEL_PRESETS as readonly [ModelPreset, ...ModelPreset[]];
const gib = (n: number): string => `${n} GiB`;
const number = (n: number): string => n.toLocaleString('en');

export const pageHeads: PageView = {
  id: 'heads',
  title: headsWords.title,
  css: css + markCss,
  describe(_, language) {
    return speak(headsWords, language).describe(FIRST.name, bytes(bytesPerToken(FIRST, 2)), headSharing(FIRST));
  },
  mount(host, env) {
    const root = element('div', 'view-heads');
    host.append(root);
    const view = new Heads(root, env);
    const unmark = mountMarks(root);
    return {
      draw: (frame) => view.draw(frame),
      dispose() {
        view.dispose();
        unmark();
        root.remove();
      },
    };
  },
};

class Heads {
  readonly #root: HTMLElement;
  readonly #words: ReturnType<typeof speak<typeof headsWords>>;
  readonly #mark: string;
  #model: ModelPreset = FIRST;
  #size = 2;
  #memory = 16;
  readonly #depth: Depth;
  #frame: PageFrame | undefined;
  #pool: { blocks: number; blockSize: number } | undefined;

  constructor(root: HTMLElement, env: PageViewEnv) {
    this.#root = root;
    this.#words = speak(headsWords, env.language);
    this.#depth = new Depth(this.#words, FIRST);
    this.#mark = markText({ kind: 'computed', note: this.#words.note }, env.language);
  }

  /** Little here depends on the moment: only the block in 3D, and one sentence about the pool. */
  draw(frame: PageFrame): void {
    const { blocks, blockSize } = frame.moment.state.config;
    this.#frame = frame;
    this.#depth.draw(frame, this.#model, this.#size);
    if (this.#pool?.blocks === blocks && this.#pool.blockSize === blockSize) return;
    this.#pool = { blocks, blockSize };
    this.#render();
  }

  dispose(): void {
    this.#depth.dispose();
  }

  #render(): void {
    render(
      html`<div class="body">
        <div class="one">${this.#controls()} ${this.#formula()} ${this.#variants()}</div>
        <div class="all">${this.#models()}</div>
        ${this.#depth.root}
      </div>`,
      this.#root,
    );
  }

  #choose(change: () => void): void {
    change();
    this.#render();
    this.#depth.draw(this.#frame, this.#model, this.#size);
  }

  #controls(): TemplateResult {
    const words = this.#words;
    const value = (event: Event): string => (event.currentTarget as HTMLSelectElement).value;
    return html`<div class="controls">
      <label
        >${words.model}
        <select
          class="model"
          @change=${(event: Event) => this.#choose(() => (this.#model = MODEL_PRESETS.find(({ id }) => id === value(event)) ?? this.#model))}
        >
          ${MODEL_PRESETS.map(({ id, name }) => html`<option value=${id} .selected=${id === this.#model.id}>${name}</option>`)}
        </select>
      </label>
      <label
        >${words.dtype}
        <select class="dtype" @change=${(event: Event) => this.#choose(() => (this.#size = Number(value(event))))}>
          ${DTYPES.map((dtype) => html`<option value=${dtype.bytes} .selected=${dtype.bytes === this.#size}>${dtype.name}</option>`)}
        </select>
      </label>
      <label
        >${words.memory}
        <select class="memory" @change=${(event: Event) => this.#choose(() => (this.#memory = Number(value(event))))}>
          ${MEMORIES.map((size) => html`<option value=${size} .selected=${size === this.#memory}>${gib(size)}</option>`)}
        </select>
      </label>
    </div>`;
  }

  #formula(): TemplateResult {
    const words = this.#words;
    const { layers, kvHeads, dim, heads } = this.#model;
    const each = bytesPerToken(this.#model, this.#size);
    const factor = (value: string, name: string): TemplateResult =>
      html`<span class="factor"><b class="num">${value}</b><small>${name}</small></span>`;
    const times = html`<span class="sign" aria-hidden="true">×</span>`;
    const slots = this.#pool && (this.#pool.blocks - 1) * this.#pool.blockSize;
    return html`<p class="formula" role="group" tabindex="0" aria-label=${words.formula} data-mark=${this.#mark} aria-description=${this.#mark}>
        ${factor('2', words.kv)} ${times} ${factor(String(layers), words.layers)} ${times} ${factor(String(kvHeads), words.kvHeads)} ${times}
        ${factor(String(dim), words.dim)} ${times} ${factor(`${this.#size} B`, words.each)}
        <span class="sign">=</span>
        <span class="factor total"><b class="num">${number(each)} B</b><small class="num">${each < 1024 ? nothing : bytes(each)}</small></span>
      </p>
      ${headsPicture(this.#model, words.picture(heads, kvHeads))}
      <p class="said" aria-hidden="true">${words.picture(heads, kvHeads)}</p>
      <p class="fits"><b>${words.fits(this.#fitting(each), gib(this.#memory))}</b> <span class="muted">${words.weights}</span></p>
      ${
        slots === undefined || !this.#pool
          ? nothing
          : html`<p class="pool muted">${words.pool(slots, bytes(slots * each), this.#pool.blockSize, bytes(this.#pool.blockSize * each))}</p>`
      }`;
  }

  #fitting(each: number): number {
    return Math.floor((this.#memory * GIB) / each);
  }

  #variants(): TemplateResult {
    const words = this.#words;
    const all = variantsOf(this.#model);
    const sizeOf = (kvHeads: number): number => bytesPerToken({ ...this.#model, kvHeads }, this.#size);
    const most = Math.max(...all.map(({ kvHeads }) => sizeOf(kvHeads)));
    return html`<h3>${words.variants}</h3>
      <ul class="variants">
        ${all.map(
          ({ sharing, kvHeads, published }) =>
            html`<li class=${published ? 'published' : 'imagined'} data-sharing=${sharing} data-mark=${this.#mark}>
              <span class="line"
                ><span class="name" title=${words[sharing]}><b>${sharing}</b> · ${words.kvHeadsOf(kvHeads)} · ${published ? words.published : words.imagined}</span
                ><span class="num">${bytes(sizeOf(kvHeads))}</span></span
              >
              <i class="bar" ${styles({ width: `${(100 * sizeOf(kvHeads)) / most}%` })}></i>
            </li>`,
        )}
      </ul>`;
  }

  #models(): TemplateResult {
    const words = this.#words;
    const most = Math.max(...MODEL_PRESETS.map((model) => bytesPerToken(model, this.#size)));
    return html`<h3>${words.models}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">${words.model}</th>
            <th scope="col" class="end">${words.bytes}</th>
            <th scope="col" class="end">${words.tokens}</th>
          </tr>
        </thead>
        <tbody>
          ${MODEL_PRESETS.map((model) => this.#modelRow(model, most))}
        </tbody>
      </table>`;
  }

  #modelRow(model: ModelPreset, most: number): TemplateResult {
    const each = bytesPerToken(model, this.#size);
    const on = model.id === this.#model.id;
    return html`<tr class=${on ? 'on' : ''} data-model=${model.id}>
      <th scope="row">
        <button type="button" aria-pressed=${on} aria-label=${this.#words.choose(model.name)} @click=${() => this.#choose(() => (this.#model = model))}>
          ${model.name} <span class="muted num">${headSharing(model)} ${model.heads}:${model.kvHeads}</span>
        </button>
        <i class="bar" ${styles({ width: `${(100 * each) / most}%` })}></i>
      </th>
      <td class="num end" data-mark=${this.#mark}>${bytes(each)}</td>
      <td class="num end" data-mark=${this.#mark}>${number(this.#fitting(each))}</td>
    </tr>`;
  }
}
