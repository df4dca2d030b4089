// What stands behind a fragment of a link: its runs, captured once and kept, and what they tell at the place that the
// link names. All sentences, guesses and exercises read from here, whatever the reader does with the figure.
import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import { createCaptured, type Captured } from '../../figure/captured';
import { sameProblem, type Choice } from '../../figure/choice';
import type { Facts } from '../../figure/facts';
import { createRunner, type TokenSource } from '../../figure/paging/runner';
import { parsePage } from '../../figure/paging/settings';
import { createPageStage, type PagingCursor } from '../../figure/paging/stage';
import { blockAt, edge, existing, openingCursor, openingRow, planeShown } from '../../figure/player';
import { fetchRecorded, hasRecording } from '../../figure/recorded';
import { frameOf } from '../../frame/frame';
import type { Cursor, Frame } from '../../frame/frame-types';
import { createModelRunner } from '../../figure/model/runner';
import { parseModel } from '../../figure/model/settings';
import { DEFAULT_HEAD, PASSAGES } from '../../model/passage';
import type { Trace } from '../../trace/trace';
import type { LabEnv } from '../lab';
import { parseCursor } from '../shared/page-cursor';
import { choiceOfVersus } from '../shared/versus';

export type Located = ReturnType<LabEnv['parse']>;

export interface State {
  readonly at: Located;
  /** The runs that it shows: none, one, or two side by side. */
  readonly runs: readonly { readonly choice: Choice; readonly run: Captured }[];
  /** Undefined while they are not there. */
  readonly facts: ReadonlySignal<Facts | undefined>;
  /** Where a figure of the n-th run stands. */
  cursorOf(n: number): { cursor: Cursor; row: number } | undefined;
}

export interface States {
  /** The state of a fragment; its runs are wanted from now on. */
  of(fragment: string): State;
  dispose(): void;
}

/** Runs that are kept: more than a lesson has. */
const MOST_RUNS = 12;

/** A text is its bytes where no model reads it: the lessons' workloads need none. */
const bytesAlone: TokenSource = {
  read: async (text) => ({ tokens: [...new TextEncoder().encode(text)], fromModel: false }),
  next: async () => undefined,
};

/** The stored capture, where it is of this very run. */
function recordedOf(choice: Choice): Promise<Trace> | undefined {
  const { kernel, input, text, passage = 'en', layer, head, mask, tile } = choice;
  const opening = DEFAULT_HEAD[passage];
  const own = input === 'text' && text === undefined && mask === 'causal' && tile === undefined;
  const same = (layer ?? opening.layer) === opening.layer && (head ?? opening.head) === opening.head;
  return own && same && hasRecording(kernel) ? fetchRecorded(choice, document.baseURI) : undefined;
}

/** Whether a trace is of what was asked: a recording stands in for a run that cannot be had, and says nothing here. */
function isOf({ header }: Trace, choice: Choice): boolean {
  const { kernel, tile, shape } = header.run;
  if (kernel !== choice.kernel || shape.mask !== choice.mask) return false;
  if (choice.tile && (tile.br !== choice.tile.br || tile.bc !== choice.tile.bc)) return false;
  if (choice.input === 'seed') return shape.keys === choice.keys && shape.dim === choice.dim;
  return true;
}

/** @param recorded the stored capture of a choice, where there is one of this very run */
export function createStates(
  { actions, state, parse, model }: Pick<LabEnv, 'actions' | 'state' | 'parse' | 'model'>,
  recorded: (choice: Choice) => Promise<Trace> | undefined = recordedOf,
): States {
  const runs: { choice: Choice; run: Captured }[] = [];
  const known = new Map<string, State & { end(): void }>();

  const runOf = (choice: Choice): { choice: Choice; run: Captured } => {
    const found = runs.find((one) => sameProblem(one.choice, choice));
    if (found) return found;
    const run = createCaptured(actions.captureBeside, { first: recorded });
    run.want(choice);
    const made = { choice, run };
    runs.push(made);
    return made;
  };

  /** The oldest states give way, and the runs that no other one shows. */
  const makeRoom = (): void => {
    for (const [fragment, { end }] of known) {
      if (runs.length <= MOST_RUNS || known.size === 1) return;
      end();
      known.delete(fragment);
      const shown = new Set([...known.values()].flatMap((one) => one.runs.map(({ run }) => run)));
      for (const { run } of runs) if (!shown.has(run)) run.dispose();
      runs.splice(0, runs.length, ...runs.filter(({ run }) => shown.has(run)));
    }
  };

  const kernels = (at: Located, beside: boolean): State & { end(): void } => {
    const mine = [at.choice, ...(beside ? [choiceOfVersus(at.choice, at.versus)] : [])].map(runOf);
    const places = mine.map(({ choice, run }) => computed(() => placeIn(run, choice, at, beside)));
    const frames = places.map((place) => computed(() => place.value?.frame));
    const facts = computed((): Facts | undefined => {
      const [frame, second] = frames.map(({ value }) => value);
      const complete = frame?.workgroup && (!beside || second?.workgroup);
      return complete
        ? { frame, ...(second && { second }), ...(state.limits.value && { limits: state.limits.value }) }
        : undefined;
    });
    // A workgroup that the link names may be beyond what was captured at first.
    const stop = effect(() => {
      mine.forEach(({ run }, n) => {
        const frame = frames[n]?.value;
        if (frame && !frame.workgroup) run.fetch(frame.cursor.pass, frame.cursor.workgroup, at.thread);
      });
    });
    return { at, runs: mine, facts, cursorOf: (n) => places[n]?.peek(), end: stop };
  };

  const paged = (at: Located): State & { end(): void } => {
    const { settings } = parsePage(at.page);
    const runner = createRunner(bytesAlone);
    const { index, request, pinned } = parseCursor(at.moment) ?? { index: undefined, request: undefined, pinned: {} };
    const cursor = signal<PagingCursor>({ index, request, pinned });
    const { frame } = createPageStage({ cursor, move: () => undefined }, runner);
    runner.start(settings);
    const facts = computed(() => {
      const page = frame.value;
      const there = page && (!runner.working.value || page.moment.index === index);
      return there ? { page } : undefined;
    });
    return { at, runs: [], facts, cursorOf: () => undefined, end: runner.dispose };
  };

  const ofModel = (at: Located): State & { end(): void } => {
    const { settings } = parseModel(at.model ?? '');
    const passes = at.picture === undefined || at.picture === 'stack' || at.picture === 'next';
    const needs = { pass: passes, parts: at.picture === 'ledger', cut: at.picture === 'merge' };
    const runner = createModelRunner(model, signal(settings), PASSAGES.en, needs);
    const facts = computed(() => (runner.settled.value ? { model: runner.frame.value } : undefined));
    return { at, runs: [], facts, cursorOf: () => undefined, end: runner.dispose };
  };

  const alone = (at: Located): State & { end(): void } => {
    const facts = computed((): Facts => (state.limits.value ? { limits: state.limits.value } : {}));
    return { at, runs: [], facts, cursorOf: () => undefined, end: () => undefined };
  };

  return {
    of(fragment) {
      let found = known.get(fragment);
      if (found) {
        // The newest is the last to go.
        known.delete(fragment);
      } else {
        const at = parse(fragment);
        found = untracked(() =>
          at.lab === 'page'
            ? paged(at)
            : at.lab === 'model'
              ? ofModel(at)
              : at.lab === 'time'
                ? alone(at)
                : kernels(at, at.lab === 'compare'),
        );
      }
      known.set(fragment, found);
      makeRoom();
      return found;
    },
    dispose() {
      for (const { end } of known.values()) end();
      for (const { run } of runs) run.dispose();
      known.clear();
      runs.length = 0;
    },
  };
}

/** Where a link stands in a run; two runs side by side stand at their ends, with the sums of all that was done. */
function placeIn(
  run: Captured,
  choice: Choice,
  at: Located,
  beside: boolean,
): { cursor: Cursor; row: number; frame: Frame } | undefined {
  const trace = run.trace.value;
  void run.captures.value;
  if (!trace || !isOf(trace, choice)) return undefined;
  const plane = planeShown(trace, choice);
  const start = openingCursor(trace, plane, at.row);
  /** Of the workgroup, and from there of the whole run. */
  const end = (): Cursor => edge(trace, plane, existing(trace, plane, edge(trace, plane, start, 1), 0), 1);
  const cursor = existing(trace, plane, beside ? end() : (at.cursor ?? start), at.thread);
  const block = blockAt(trace, plane, cursor);
  const rows = trace.header.run.shape.queries;
  const row = Math.min(at.row ?? (block ? openingRow(block) : 0), rows - 1);
  const cell = beside ? undefined : at.pinned;
  const selection = { row, thread: at.thread, pinned: cell !== undefined, ...(cell && { cell }) };
  return { cursor, row, frame: frameOf(trace, cursor, selection, plane) };
}
