// The proof panel: what the paged kernel gave at the moment on screen against one piece and f64, a request's way into the Step lab, and paged against contiguous time.
import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit';
import { asAttnError } from '../../attention/errors';
import { bytes, value } from '../../views/format';
import { markText } from '../../views/mark';
import type { PageFrame } from '../../views/page-view';
import { speak, type Widened } from '../../words';
import type { LabEnv } from '../lab';
import { mountTiming } from '../step/timing';
import timingCss from '../step/timing.css?inline';
import { protocolDialog } from '../time/protocol';
import css from './proof.css?inline';
import { bytesOf, createProofStore, type Proved, type ProofStore } from './proof-store';
import { captureStep, problemOf, rowOf } from './proof-step';
import { createProofRace, TIMED_KEYS, type ProofRace } from './proof-time';
import { proofWords } from './proof.words';
import { planOf } from './proof-layout';
import { PAGE_HEAD, type PageTokens } from './tokens';

/** What the panel needs of the lab around it. */
export interface ProofEnv {
  lab: LabEnv;
  frame: ReadonlySignal<PageFrame | undefined>;
  tokens: PageTokens;
  /** A token in one short visible word. */
  tokenText(token: number): string;
}

type Words = Widened<typeof proofWords>;

/** A picture has come to rest once it has stood so long. */
const REST_MS = 500;

interface Panel extends ProofEnv {
  words: Words;
  store: ProofStore;
  timed: ProofRace;
  software: ReadonlySignal<boolean>;
  /** Whether a step is being captured for the Step lab. */
  opening: Signal<boolean>;
}

/** Fills `host`; returns the end of it. */
export function mountProof(host: HTMLElement, env: ProofEnv): () => void {
  const { lab, frame, tokens } = env;
  lab.adopt(css);
  lab.adopt(timingCss);
  const software = lab.keep('page-proof-software', () => signal(false));
  const session = async () => {
    await lab.ready;
    const open = await lab.session();
    software.value = open.info.software;
    return open;
  };
  const onError = lab.actions.report;
  const panel: Panel = {
    ...env,
    words: speak(proofWords, lab.language),
    store: lab.keep('page-proof', () => createProofStore({ session, tokens, onError })),
    timed: lab.keep('page-race', () => createProofRace({ session, limits: lab.state.limits, onError })),
    software,
    opening: signal(false),
  };
  const root = document.createElement('div');
  root.className = 'view-proof';
  render(
    html`<div class="proof-now"></div>
      <div class="proof-time">
        <h3>${panel.words.timeTitle}</h3>
        <div class="proof-time-bar"></div>
        <div class="proof-time-host"></div>
      </div>
      ${protocolDialog(lab.language, panel.words.close)}`,
    root,
  );
  host.append(root);
  const part = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;
  const protocol = (): void => root.querySelector<HTMLDialogElement>('dialog.protocol')?.showModal();
  const blockSize = computed(() => frame.value?.moment.state.config.blockSize);
  const ends = [
    effect(() => render(now(panel), part('.proof-now')) && undefined),
    effect(() => {
      if (blockSize.value !== undefined) panel.timed.blockSize.value = blockSize.value;
    }),
    effect(() => render(timeBar(panel, protocol), part('.proof-time-bar')) && undefined),
    mountTiming(part('.proof-time-host'), panel.timed.race, lab.language),
    followRest(root, panel),
  ];
  return () => {
    for (const end of ends) end();
    root.remove();
  };
}

/** Proves what the page rests on while the panel is in sight. */
function followRest(root: HTMLElement, { frame, lab, store }: Panel): () => void {
  const seen = signal(false);
  const sight = new IntersectionObserver((entries) => (seen.value = entries.at(-1)?.isIntersecting ?? false));
  sight.observe(root);
  const state = computed(() => frame.value?.moment.state);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const of = state.value;
    clearTimeout(timer);
    if (of && seen.value && lab.state.canRun.value) timer = setTimeout(() => store.prove(of, false), REST_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
    sight.disconnect();
  };
}

/** Everything about the moment on screen. */
function now(panel: Panel): TemplateResult {
  const { words, frame, store, lab, software } = panel;
  const shown = frame.value;
  const state = shown?.moment.state;
  const { result } = store.state.value;
  const current = result && state && result.batch === state.batch ? result : undefined;
  return html`<div class="proof-body">
    <div class="proof-head" role="status">${status(panel, current)}</div>
    ${software.value ? html`<p class="proof-warn">${words.software}</p>` : nothing}
    ${result ? figures(panel, result, current !== undefined) : html`<p class="muted">${words.about}</p>`}
    ${shown && state && lab.state ? ofRequest(panel, shown, current) : nothing}
  </div>`;
}

/** What is under way, or why nothing was run. */
function status({ words, frame, store, lab }: Panel, current: Proved | undefined): TemplateResult | string {
  const state = frame.value?.moment.state;
  const { stage, large, failed } = store.state.value;
  const again = (): void => {
    if (state) store.prove(state, true);
  };
  if (!lab.state.canRun.value) return words.noDevice;
  if (current) {
    const { proof } = current;
    const equal = proof.pagedF64 <= proof.bound && proof.pagedWhole <= proof.bound;
    return html`<span class="proof-verdict ${equal ? '' : 'bad'}">${equal ? words.equal : words.unequal}</span>
      <span class="muted">${words.step(current.step, proof.requests, proof.queries, proof.keys)}</span>`;
  }
  if (!state || state.batch.every(({ count }) => count === 0)) return words.idle;
  if (stage) return html`<progress aria-label=${words[stage]}></progress> <span class="muted">${words[stage]}</span>`;
  const run = html`<button class="proof-run" @click=${again}>${words.runIt}</button>`;
  if (failed?.batch === state.batch) return html`<span>${words.failed}</span> ${run}`;
  if (large === state.batch) {
    const plan = planOf(state);
    return html`<span>${words.large(bytes(plan ? bytesOf(plan) : 0))}</span> ${run}`;
  }
  return html`<span class="muted">${words.rests}</span>`;
}

/** The two differences, and what they stand on. Those of another step say so. */
function figures({ words, lab }: Panel, { proof, step }: Proved, current: boolean): TemplateResult {
  const mark = (note: string): string => markText({ kind: 'computed', provenance: 'this-device', note }, lab.language);
  const figure = (name: string, label: string, x: number, note: string): TemplateResult =>
    html`<div>
      <dt class="muted">${label}</dt>
      <dd class="num" data-figure=${name} tabindex="0" data-mark=${mark(note)} aria-description=${mark(note)}>${value(x)}</dd>
    </div>`;
  const facts = [
    words.bound(value(proof.bound)),
    words.scattered(proof.scattered, proof.entries),
    words.poison(proof.poisoned.toLocaleString('en'), proof.slots.toLocaleString('en')),
    ...(proof.fromModel > 0 ? [words.fromModel(proof.fromModel, PAGE_HEAD.layer + 1, PAGE_HEAD.head + 1)] : []),
    ...(proof.generated > 0 ? [words.generated(proof.generated)] : []),
  ];
  return html`<div class="proof-body ${current ? '' : 'proof-older'}">
    ${current ? nothing : html`<p>${words.older(step)}</p>`}
    <dl class="proof-figures">
      ${figure('contiguous', words.pagedWhole, proof.pagedWhole, words.differenceNote)}
      ${figure('f64', words.pagedF64, proof.pagedF64, words.f64Note)}
    </dl>
    <ul class="proof-facts">
      ${facts.map((fact) => html`<li>${fact}</li>`)}
    </ul>
    <p class="muted">${words.about}</p>
  </div>`;
}

/** The chosen request, and the way to its step. */
function ofRequest(panel: Panel, { chosen, moment }: PageFrame, current: Proved | undefined): TemplateResult | typeof nothing {
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
      ${own ? html`<span class="muted num">${words.pagedWhole} ${value(own.pagedWhole)} · ${words.pagedF64} ${value(own.pagedF64)}</span>` : nothing}
    </p>
    <button class="proof-open" title=${words.openNote} ?disabled=${opening.value} @click=${() => void openStep(panel, chosen)}>
      ${opening.value ? words.opening : words.open}
    </button>
    <p class="muted">${words.openNote}</p>
  </div>`;
}

/** Captures the request's part of the step, and shows it in the Step lab. */
async function openStep({ lab, frame, store, words, opening, tokenText }: Panel, request: number): Promise<void> {
  const state = frame.peek()?.moment.state;
  if (!state || opening.peek()) return;
  opening.value = true;
  try {
    const session = lab.state.canRun.peek() ? await lab.session() : undefined;
    const { plan, laid } = await store.layOut(state);
    const r = rowOf(plan, request);
    if (typeof r !== 'number') return;
    const { name } = state.requests.at(request);
    const told = words.captureName(name, state.step);
    const tokens = Array.from(plan.rows[r]!.tokens, tokenText);
    const table = plan.inputs.indices.subarray(plan.inputs.indptr[r], plan.inputs.indptr[r + 1]).join(' ');
    const trace = await captureStep(session, problemOf(plan, laid, r), `Page lab: ${name}, step ${state.step}, blocks ${table}`, tokens);
    lab.actions.showTrace(told, trace);
    scrollTo({ top: 0 });
  } catch (thrown) {
    lab.actions.report(asAttnError(thrown));
  } finally {
    opening.value = false;
  }
}

/** What is timed. */
function timeBar({ words, timed }: Panel, protocol: () => void): TemplateResult {
  const { keys, blockSize } = timed;
  return html`<label class="labelled"
      ><span>${words.timeKeys}</span
      ><select name="proof-keys" @change=${(event: Event) => (keys.value = Number((event.currentTarget as HTMLSelectElement).value))}>
        ${TIMED_KEYS.map((n) => html`<option value=${n} .selected=${n === keys.value}>${n}</option>`)}
      </select></label
    >
    <span class="muted">${words.timeNote(blockSize.value)}</span>
    <button class="plain proof-protocol" @click=${protocol}>${words.protocol}</button>`;
}
