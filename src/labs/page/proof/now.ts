// The proof panel for the moment on screen: the differences with their facts, or why nothing was run; and a request's
// way into the Step lab.
import type { ReadonlySignal, Signal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { asAttnError } from '../../../errors';
import { bytes, value } from '../../../ui/format';
import { markText } from '../../../ui/dom/mark';
import type { PageFrame } from '../../../views/paging/view';
import type { Widened } from '../../../words';
import type { LabEnv } from '../../lab';
import { costOf } from './layout';
import { captureStep, problemOf, rowOf } from './step';
import type { Proved, ProofStore } from './store';
import type { proofWords } from './proof.words';
import { PAGE_DIM, PAGE_HEAD, type PageTokens } from '../../../figure/paging/tokens';

/** What the panel needs of the lab around it. */
export interface ProofEnv {
  lab: LabEnv;
  frame: ReadonlySignal<PageFrame | undefined>;
  tokens: PageTokens;
  /** A token in one short visible word. */
  tokenText(token: number): string;
}

type Words = Widened<typeof proofWords>;

/** What the parts of the panel share. */
export interface Panel extends ProofEnv {
  /** The last frame that rested. */
  settled: Signal<PageFrame | undefined>;
  words: Words;
  store: ProofStore;
  software: ReadonlySignal<boolean>;
  /** Whether a step is being captured for the Step lab. */
  opening: Signal<boolean>;
}

/** The panel's content for the moment on screen. */
export function now(panel: Panel): TemplateResult {
  const { words, settled, store, software } = panel;
  const shown = settled.value;
  const state = shown?.moment.state;
  const { result } = store.state.value;
  const current = result && state && result.batch === state.batch ? result : undefined;
  return html`<div class="proof-body">
    <div class="proof-head" role="status">${status(panel, current)}</div>
    ${software.value ? html`<p class="proof-warn">${words.software}</p>` : nothing}
    ${result ? figures(panel, result, current !== undefined) : html`<p class="muted">${words.about}</p>`}
    ${shown && state ? ofRequest(panel, shown, current) : nothing}
  </div>`;
}

/** What is running, or why nothing was run. */
function status({ words, settled, store, lab }: Panel, current: Proved | undefined): TemplateResult | string {
  const state = settled.value?.moment.state;
  const { stage, large, failed } = store.state.value;
  const again = (): void => {
    if (state) store.prove(state, true);
  };
  if (!lab.state.canRun.value) return words.noDevice;
  if (current) {
    const { proof } = current;
    const equal = proof.pagedF64 <= proof.bound && proof.pagedContiguous <= proof.bound;
    return html`<span class="proof-verdict ${equal ? '' : 'bad'}">${equal ? words.equal : words.unequal}</span>
      <span class="muted">${words.step(current.step, proof.requests, proof.queries, proof.keys)}</span>`;
  }
  if (!state || state.batch.every(({ count }) => count === 0)) return words.idle;
  if (stage) return html`<progress aria-label=${words[stage]}></progress> <span class="muted">${words[stage]}</span>`;
  const run = html`<button class="proof-run" @click=${again}>${words.runIt}</button>`;
  if (failed?.batch === state.batch) return html`<span>${words.failed}</span> ${run}`;
  if (large === state.batch) return html`<span>${words.large(bytes(costOf(state, PAGE_DIM).bytes))}</span> ${run}`;
  return html`<span class="muted">${words.rests}</span>`;
}

/** The two differences and the facts behind them. When they belong to another step, that is said. */
function figures({ words, lab }: Panel, { proof, step }: Proved, current: boolean): TemplateResult {
  const mark = (note: string): string => markText({ kind: 'computed', provenance: 'this-device', note }, lab.language);
  const figure = (name: string, label: string, x: number, note: string): TemplateResult =>
    html`<div>
      <dt class="muted">${label}</dt>
      <dd class="num" data-figure=${name} tabindex="0" data-mark=${mark(note)} aria-description=${mark(note)}>${value(x)}</dd>
    </div>`;
  const facts = [
    words.bound(value(proof.f32), value(proof.bound)),
    words.scattered(proof.scattered, proof.entries),
    words.poison(proof.poisoned.toLocaleString('en'), proof.slots.toLocaleString('en')),
    ...(proof.fromModel > 0 ? [words.fromModel(proof.fromModel, PAGE_HEAD.layer + 1, PAGE_HEAD.head + 1)] : []),
    ...(proof.generated > 0 ? [words.generated(proof.generated)] : []),
  ];
  return html`<div class="proof-body ${current ? '' : 'proof-older'}">
    ${current ? nothing : html`<p>${words.older(step)}</p>`}
    <dl class="proof-figures">
      ${figure('contiguous', words.pagedContiguous, proof.pagedContiguous, words.differenceNote)}
      ${figure('f64', words.pagedF64, proof.pagedF64, words.f64Note)}
    </dl>
    <ul class="proof-facts">
      ${facts.map((fact) => html`<li>${fact}</li>`)}
    </ul>
    <p class="muted">${words.about}</p>
  </div>`;
}

/** The chosen request, with a button that opens its step in the Step lab. */
function ofRequest(
  panel: Panel,
  { chosen, moment }: PageFrame,
  current: Proved | undefined,
): TemplateResult | typeof nothing {
  const { words, opening } = panel;
  const { state } = moment;
  if (chosen === undefined || chosen >= state.requests.length) return nothing;
  const { name } = state.requests.at(chosen);
  const row = state.batch.find(({ request, count }) => request === chosen && count > 0);
  if (!row) return html`<div class="proof-request"><p>${words['not-in-batch'](name)}</p></div>`;
  const keys = row.start + row.count;
  if (state.config.window > 0 && keys > state.config.window)
    return html`<div class="proof-request"><p>${words['slid-out'](name)}</p></div>`;
  const own = current?.proof.of.get(chosen);
  return html`<div class="proof-request">
    <p>
      ${words.ofRequest(name, row.count, keys)}
      ${own ? html`<span class="muted num">${words.pagedContiguous} ${value(own.pagedContiguous)} · ${words.pagedF64} ${value(own.pagedF64)}</span>` : nothing}
    </p>
    <button class="proof-open" title=${words.openNote} ?disabled=${opening.value} @click=${() => void openStep(panel, chosen)}>
      ${opening.value ? words.opening : words.open}
    </button>
    <p class="muted">${words.openNote}</p>
  </div>`;
}

/** Captures the request's part of the step, and shows it in the Step lab. */
async function openStep({ lab, settled, store, words, opening, tokenText }: Panel, request: number): Promise<void> {
  const state = settled.peek()?.moment.state;
  if (!state || opening.peek()) return;
  opening.value = true;
  try {
    const machine = await lab.machine();
    const { plan, memory } = await store.layOut(state);
    const r = rowOf(plan, request);
    if (typeof r !== 'number') return;
    const { name } = state.requests.at(request);
    const title = words.captureName(name, state.step);
    const tokens = Array.from(plan.rows[r]!.tokens, tokenText);
    const table = plan.inputs.indices.subarray(plan.inputs.indptr[r], plan.inputs.indptr[r + 1]).join(' ');
    const trace = await captureStep(
      machine,
      problemOf(plan, memory, r),
      `Page lab: ${name}, step ${state.step}, blocks ${table}`,
      tokens,
    );
    lab.actions.showTrace(title, trace);
    scrollTo({ top: 0 });
  } catch (thrown) {
    lab.actions.report(asAttnError(thrown));
  } finally {
    opening.value = false;
  }
}
