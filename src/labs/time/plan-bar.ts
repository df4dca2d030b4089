// The settings: kernels, masks, lengths, sizes and budget, with about how long it will take, and the one button that
// starts it.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { TUNED } from '../../bench/entrant';
import { estimate, shapesOf } from '../../bench/plan';
import { KERNELS, opOf, otherKernel, peersOf } from '../../kernels';
import { OPENING } from '../../kernels/defaults';
import { OPS } from '../../ops';
import type { Op } from '../../ops/op';
import { swatch } from '../../ui/kernel-mark';
import { speak, type Language } from '../../words';
import type { LabEnv } from '../lab';
import { racingLine } from '../shared/tuned-choice';
import { tunedWords } from '../shared/tuned.words';
import { PRESETS, withQueries } from './presets';
import { maskOf, type Mask } from '../../ops/sizes';
import {
  defaultTime,
  entrantsBeside,
  lengthsOf,
  MASKS,
  MOST_LENGTHS,
  MOST_OTHERS,
  ordered,
  othersOf,
  timeRanges,
  type TimeSettings,
} from './settings';
import { tunedBar } from './tuned-bar';
import { isStale, planOf, type Running, type TimeStore } from './store';
import type { TimeSpeech } from './speech';

export interface PlanEnv {
  env: LabEnv;
  store: TimeStore;
  words: TimeSpeech;
}

/** Milliseconds in words: seconds up to a minute and a half, minutes above, rounded as a guess should be. */
export function aboutTime(ms: number, words: TimeSpeech): string {
  const seconds = ms / 1000;
  if (seconds < 10) return words.seconds(Math.max(1, Math.round(seconds)));
  if (seconds < 95) return words.seconds(Math.round(seconds / 5) * 5);
  return words.minutes(Math.round(seconds / 60));
}

export function planBar(at: PlanEnv): TemplateResult {
  const { env, store, words } = at;
  const settings = env.state.time.value;
  const running = store.running.value;
  const off = running !== undefined;
  const set = (change: Partial<TimeSettings>): void => {
    env.state.time.value = { ...settings, ...change };
  };
  const toggle = <T extends string>(all: readonly T[], chosen: readonly T[], one: T): T[] =>
    all.filter((each) => (each === one) !== chosen.includes(each));
  const check = <T extends string>(
    field: 'kernels' | 'masks',
    all: readonly T[],
    one: T,
    label: TemplateResult | string,
  ): TemplateResult => {
    const chosen = settings[field] as readonly string[] as readonly T[];
    const on = chosen.includes(one);
    // One query sees every key under either mask.
    const idle = field === 'masks' && settings.decoding;
    const change = (event: Event): void => {
      const next = toggle(all, chosen, one);
      if (next.length > 0) return set({ [field]: next });
      // At least one stays, and that is said until the visitor turns to something else.
      const box = event.currentTarget as HTMLInputElement;
      box.checked = true;
      box.setCustomValidity(field === 'kernels' ? words.lastKernel : words.lastMask);
      box.reportValidity();
      box.addEventListener('blur', () => box.setCustomValidity(''), { once: true });
    };
    return html`<label class="check"
      ><input type="checkbox" name=${field} value=${one} .checked=${live(on)} ?disabled=${off || idle} @change=${change}
      />${label}</label
    >`;
  };
  const entrants = entrantsBeside(settings.kernels);
  const rowwise = opChosen(settings).rowwise;
  const masks = [...MASKS, ...othersOf(settings.masks)];
  return html`<div class="plan-grid">
      <fieldset class="kernels">
        <legend>${words.kernels}</legend>
        ${opChoice(settings, set, off, env.language, words)} ${entrants.map((id) => check('kernels', entrants, id, html`${swatch(id)}<span class="num">${id}</span>`))}
      </fieldset>
      ${
        rowwise
          ? nothing
          : html`<fieldset>
              <legend>${words.mask}</legend>
              ${masks.map((mask) => check('masks', masks, mask, words.maskName(mask)))} ${maskField(settings, set, off, words)}
            </fieldset>`
      }
      ${rowwise ? nothing : queriesField(settings, set, off, words)}
      ${lengthsField(settings, set, off, words)} ${sizes(settings, set, off, words)}
    </div>
    ${queriesNote(settings, words)} ${settings.kernels.includes(TUNED) ? tunedBar(at) : nothing} ${running || store.report.value ? startBar(at) : nothing}`;
}

type Set = (change: Partial<TimeSettings>) => void;

/** The op of the kernels that are chosen. */
const opChosen = ({ kernels }: TimeSettings): Op => opOf({ kernel: entrantsBeside(kernels)[0] ?? OPENING });

/** What is computed: kernels of one op race each other. Another op brings its standard kernel and the one beside it. */
function opChoice(
  settings: TimeSettings,
  set: Set,
  off: boolean,
  language: Language,
  words: TimeSpeech,
): TemplateResult {
  const to = (event: Event): void => {
    const { value } = event.currentTarget as HTMLSelectElement;
    const [first] = KERNELS.filter(({ op }) => op === value);
    if (!first) return;
    const opening = peersOf(first.id).some(({ id }) => id === OPENING);
    const kernels = opening ? defaultTime.kernels : [...new Set([first.id, otherKernel(first.id)])];
    set({ kernels, decoding: false, ...(opOf({ kernel: first.id }).rowwise && { masks: ['full'] }) });
  };
  const chosen = opChosen(settings).id;
  const offered = OPS.filter(({ id }) => KERNELS.some(({ op }) => op === id));
  return html`<select name="op" aria-label=${words.op} ?disabled=${off} @change=${to}>
    ${offered.map(({ id, name }) => html`<option value=${id} .selected=${id === chosen}>${name[language]}</option>`)}
  </select>`;
}

function queriesField(settings: TimeSettings, set: Set, off: boolean, words: TimeSpeech): TemplateResult {
  const button = (one: boolean, label: string): TemplateResult =>
    html`<button ?disabled=${off} aria-pressed=${one === settings.decoding} @click=${() => set(withQueries(settings, one))}>${label}</button>`;
  return html`<fieldset class="queries">
    <legend>${words.queries}</legend>
    <div class="segmented" role="group" aria-label=${words.queries}>${button(false, words.asKeys)} ${button(true, words.oneShort)}</div>
  </fieldset>`;
}

/** What one query is; or that what was made for it will not shine with many. */
function queriesNote({ decoding, kernels }: TimeSettings, words: TimeSpeech): TemplateResult | typeof nothing {
  const made = KERNELS.some((card) => card.decoding && kernels.includes(card.id));
  return decoding || made ? html`<p class="muted note">${decoding ? words.oneNote : words.allNote}</p>` : nothing;
}

/** A mask as it may be typed, and as links have it. */
const EXAMPLE: Mask = 'window-64-0';

/** A box for one more mask, in the words of a link. */
function maskField(settings: TimeSettings, set: Set, off: boolean, words: TimeSpeech): TemplateResult | typeof nothing {
  const { masks, decoding } = settings;
  if (othersOf(masks).length >= MOST_OTHERS) return nothing;
  const onChange = (event: Event): void => {
    const box = event.currentTarget as HTMLInputElement;
    const mask = maskOf(box.value.trim().toLowerCase());
    box.setCustomValidity(mask || box.value === '' ? '' : words.otherMaskHint);
    box.reportValidity();
    if (!mask) return;
    box.value = '';
    if (!masks.includes(mask)) set({ masks: ordered([...masks, mask]) });
  };
  return html`<input
    type="text"
    name="other-mask"
    autocomplete="off"
    size="14"
    placeholder=${EXAMPLE}
    aria-label=${words.otherMask}
    title=${words.otherMaskHint}
    ?disabled=${off || decoding}
    @change=${onChange}
  />`;
}

function lengthsField(settings: TimeSettings, set: Set, off: boolean, words: TimeSpeech): TemplateResult {
  const [low, high] = timeRanges.length;
  const hint = words.lengthsHint(low, high, MOST_LENGTHS);
  const onChange = (event: Event): void => {
    const box = event.currentTarget as HTMLInputElement;
    const lengths = lengthsOf(box.value);
    // What is refused stays in the box, with the reason.
    box.setCustomValidity(lengths ? '' : hint);
    box.reportValidity();
    if (lengths) set({ lengths });
  };
  const { quick, long } = PRESETS[settings.decoding ? 'one' : 'all'];
  const preset = (lengths: readonly number[], say: (low: number, high: number) => string): TemplateResult =>
    html`<button class="plain" ?disabled=${off} aria-pressed=${settings.lengths.join() === lengths.join()} @click=${() => set({ lengths: [...lengths] })}>
      ${say(lengths[0]!, lengths.at(-1)!)}
    </button>`;
  return html`<fieldset class="lengths">
    <legend>${words.lengths}</legend>
    <input
      type="text"
      name="lengths"
      inputmode="numeric"
      autocomplete="off"
      aria-label=${words.lengths}
      title=${hint}
      ?disabled=${off}
      .value=${settings.lengths.join(' ')}
      @change=${onChange}
    />
    ${preset(quick, words.quick)} ${preset(long, words.long)}
  </fieldset>`;
}

function sizes(settings: TimeSettings, set: Set, off: boolean, words: TimeSpeech): TemplateResult {
  const field = (
    name: 'batch' | 'heads' | 'dim' | 'budget',
    label: string,
    change: (n: number) => Partial<TimeSettings>,
  ): TemplateResult => {
    const [low, high] = timeRanges[name];
    const onChange = (event: Event): void => {
      const box = event.currentTarget as HTMLInputElement;
      if (box.checkValidity() && box.value !== '') set(change(box.valueAsNumber));
      else box.reportValidity();
    };
    return html`<label class="field"
      ><span>${label}</span
      ><input type="number" name=${name} min=${low} max=${high} required ?disabled=${off} .value=${live(String(settings[name]))} @change=${onChange}
    /></label>`;
  };
  const { heads, kvHeads } = settings;
  const divisors = Array.from({ length: heads }, (_, i) => i + 1).filter((n) => heads % n === 0);
  return html`<div class="sizes">
    ${field('batch', words.batch, (batch) => ({ batch }))} ${field('heads', words.heads, (n) => ({ heads: n, kvHeads: n }))}
    <label class="field"
      ><span>${words.kv}</span
      ><select name="kvHeads" ?disabled=${off} @change=${(event: Event) => set({ kvHeads: Number((event.currentTarget as HTMLSelectElement).value) })}>
        ${divisors.map((n) => html`<option value=${n} .selected=${n === kvHeads}>${n}</option>`)}
      </select></label
    >
    ${field('dim', words.dim, (dim) => ({ dim }))} ${field('budget', words.budget, (budget) => ({ budget }))}
  </div>`;
}

/** The button with about how long it will take; while it runs, how far it is. */
export function startBar({ store, words, env }: PlanEnv): TemplateResult {
  const settings = env.state.time.value;
  const running = store.running.value;
  if (running) return progress(running, store, words, env.language);
  const plan = planOf(settings);
  const ms = estimate(shapesOf(plan), plan, store.paces(plan.decoding), store.software.value);
  const known = settings.kernels.every((kernel) => store.paces(plan.decoding).has(kernel));
  const {
    report: { value: report },
    recorded,
    lost,
  } = store;
  const lacks = report?.partial && !recorded.value && report.budgetMs === plan.budgetMs && !isStale(report, settings);
  const start = (rest: boolean): void => void store.start(env.state.time.peek(), rest);
  return html`<div class="start-bar">
    <button class="primary start" ?disabled=${!env.state.canRun.value} @click=${() => start(false)}>
      ${report && !recorded.value ? words.again : words.start}
    </button>
    ${lacks ? html`<button class="plain rest" ?disabled=${!env.state.canRun.value} @click=${() => start(true)}>${words.rest}</button>` : nothing}
    <span class="estimate" tabindex="0" data-mark=${known ? words.predicted : words.guess} aria-description=${known ? words.predicted : words.guess}
      >${words.about(aboutTime(ms, words))}</span
    >
    ${openFile(store, words)} ${lost.value ? html`<p class="problem lost" role="alert">${words.lost}</p>` : nothing}
  </div>`;
}

/** A file picker that looks like the other buttons. */
export function openFile(store: TimeStore, words: TimeSpeech): TemplateResult {
  const onFile = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file) void store.open(file);
    input.value = '';
  };
  return html`<label class="open-file"
      ><span>${words.open}</span><input type="file" name="result" accept=".json,application/json" aria-label=${words.open} @change=${onFile}
    /></label>
    ${store.problem.value ? html`<p class="problem" role="alert" data-problem=${store.problem.value}>${words[store.problem.value]}</p>` : nothing}`;
}

function progress(
  { progress: now, paused, stopping }: Running,
  store: TimeStore,
  words: TimeSpeech,
  language: Language,
): TemplateResult {
  const racing = store.tuned.racing.value;
  const stage =
    now === undefined
      ? racing
        ? racingLine(racing, speak(tunedWords, language))
        : words.readying
      : now.stage === 'pilot'
        ? words.pilot
        : now.stage === 'race'
          ? words.race(now.shape.keys, now.done, now.of)
          : words[now.stage](now.shape.keys);
  const part =
    now === undefined
      ? 0
      : (now.point + (now.stage === 'race' ? (0.9 * now.done) / now.of : now.stage === 'check' ? 0.95 : 0)) /
        now.points;
  return html`<div class="start-bar running">
    <button class="stop" ?disabled=${stopping} @click=${() => store.cancel()}>${stopping ? words.stopping : words.cancel}</button>
    <progress max="1" .value=${part} aria-label=${stage}></progress>
    <span class="stage" role="status">${paused ? words.paused : stage}</span>
    ${now ? html`<span class="left muted">${words.left(aboutTime(now.leftMs, words))}</span>` : nothing}
    ${now && now.discarded > 0 ? html`<span class="gone">${words.discarded(now.discarded)}</span>` : nothing}
  </div>`;
}
