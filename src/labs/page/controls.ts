// The controls of the Page lab: workload, rule set and configuration. Every change goes into the link and can be undone
// with Back.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { WORKLOADS } from '../../paging';
import {
  changed,
  configFor,
  NUMBERS,
  PREEMPTIONS,
  RULES,
  shortened,
  VICTIMS,
  WATERMARKS,
  type Changes,
  type PageSettings,
} from '../../figure/paging/settings';
import { parseWhole } from '../../ui/parse-whole';
import type { PageSpeech } from './speech';

interface ControlsEnv {
  settings: PageSettings;
  words: PageSpeech;
  set(settings: PageSettings): void;
}

export function controls({ settings, words, set }: ControlsEnv): TemplateResult {
  const config = configFor(settings);
  const change = (to: Changes): void => set(changed(settings, to));
  const choose = <T extends string>(
    name: 'workload' | 'rules' | 'victim' | 'preemption',
    label: string,
    note: string,
    all: readonly T[],
    chosen: T,
    to: (one: T) => void,
    off = false,
  ): TemplateResult =>
    html`<label class="field" title=${note}
      ><span>${label}</span
      ><select name=${name} ?disabled=${off} @change=${(event: Event) => to((event.currentTarget as HTMLSelectElement).value as T)}>
        ${all.map((one) => html`<option value=${one} .selected=${live(one === chosen)}>${words[one as keyof PageSpeech]}</option>`)}
      </select></label
    >`;
  const number = (
    name: keyof typeof NUMBERS,
    label: string,
    note: string,
    value: number,
    to: (n: number) => Changes,
  ): TemplateResult => {
    const [low, high] = NUMBERS[name];
    const hint = words.wholeNumber(low, high);
    const onChange = (event: Event): void => {
      const box = event.currentTarget as HTMLInputElement;
      const n = parseWhole(box.value, NUMBERS[name]);
      // A refused value stays in the box, and the box says why.
      box.setCustomValidity(n === undefined ? hint : '');
      box.reportValidity();
      if (n !== undefined) change(to(n));
    };
    return html`<label class="field" title=${`${note} ${hint}`.trim()}
      ><span>${label}</span
      ><input type="number" name=${name} min=${low} max=${high} required .value=${live(String(value))} @change=${onChange}
    /></label>`;
  };
  const paper = config.rules === 'paper';
  const wanted = shortened(settings);
  return html`${choose(
    'workload',
    words.workload,
    '',
    WORKLOADS.map(({ id }) => id),
    settings.workload.id,
    // Another workload brings its own settings.
    (id) =>
      set({ workload: WORKLOADS.find((one) => one.id === id) ?? settings.workload, changes: {}, userActions: [] }),
  )}
    ${choose('rules', words.rules, words.rulesNote, RULES, config.rules, (rules) => change({ rules }))}
    ${number('blockSize', words.blockSize, words.blockSizeNote, config.blockSize, (blockSize) => ({ blockSize }))}
    ${number('pool', words.poolSize, words.poolNote, config.blocks - 1, (n) => ({ blocks: n + 1 }))}
    ${number('budget', words.budget, words.budgetNote, config.budget, (budget) => ({ budget }))}
    ${choose('victim', words.victim, words.victimNote, VICTIMS, config.victim, (victim) => change({ victim }))}
    <label class="field" title=${words.watermarkNote}
      ><span>${words.watermark}</span
      ><select name="watermark" @change=${(event: Event) => change({ watermark: Number((event.currentTarget as HTMLSelectElement).value) })}>
        ${WATERMARKS.map((share) => html`<option value=${share} .selected=${live(share === config.watermark)}>${Math.round(share * 100)} %</option>`)}
      </select></label
    >
    ${choose('preemption', words.preemption, paper ? words.preemptionNote : words.paperOnly, PREEMPTIONS, config.preemption, (preemption) => change({ preemption }), !paper)}
    ${number('window', words.window, words.windowNote, config.window, (window) => ({ window }))}
    ${number('seed', words.seed, '', config.seed, (seed) => ({ seed }))}
    <label class="check" title=${words.sharingNote}
      ><input
        type="checkbox"
        name="sharing"
        .checked=${live(config.sharing)}
        @change=${(event: Event) => change({ sharing: (event.currentTarget as HTMLInputElement).checked })}
      />${words.sharing}</label
    >
    ${wanted === undefined ? nothing : html`<p class="shortened" role="status">${words.shortened(config.blockSize, wanted, config.blocks - 1)}</p>`}
    <button
      class="plain reset"
      title=${words.resetNote}
      ?disabled=${Object.keys(settings.changes).length === 0}
      @click=${() => set({ ...settings, changes: {} })}
    >
      ${words.reset}
    </button>`;
}
