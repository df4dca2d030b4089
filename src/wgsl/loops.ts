/**
 * The loops that phases begin in, and which round of each an executed phase is in: read off the order of phases, where
 * the text lets it be told.
 */
import { visitAst } from 'wesl/core';
import type { FnElem, Statement } from 'wesl/core';
import { blocksOf, type Boundary, type LoopInfo } from './phases';
import type { Source } from './source';

type Loop = Extract<Statement, { kind: 'for' | 'while' | 'loop' }>;

/**
 * A loop whose rounds can be counted: every round of its body comes by `mark`, once. How often that was seen, and
 * whether a phase begins before it, is the round that the phase is in.
 */
export interface CountedLoop extends LoopInfo {
  mark: number;
  /** Static phases that begin in the body before the mark does. */
  before: readonly number[];
}

export interface Loops {
  /** By static phase: ids of the loops that it begins in, outermost first; none where not every round can be told. */
  around: readonly (readonly number[])[];
  counted: readonly CountedLoop[];
  /** Static phases that may be executed more than once. */
  repeated: ReadonlySet<number>;
}

/** A loop around a phase, and where in the loop's own function the phase begins, or the call that leads to it. */
interface Step {
  loop: Loop;
  at: number;
  /** Whether the phase begins in that function itself. */
  direct: boolean;
}

/** How the entry point comes to a phase. */
interface Way {
  id: number;
  steps: readonly Step[];
  /** Whether a function on the way is called from several places. */
  several: boolean;
}

const isLoop = (s: Pick<Statement, 'kind'>): s is Loop => s.kind === 'for' || s.kind === 'while' || s.kind === 'loop';

/** Loops of a function around a position, outermost first. */
function loopsAt(fn: FnElem, position: number): Loop[] {
  const found: Loop[] = [];
  visitAst(fn.body, (element) => {
    if (element.kind !== 'for' && element.kind !== 'while' && element.kind !== 'loop') return;
    if (blocksOf(element).some((block) => block.start < position && position < block.end)) found.push(element);
  });
  return found.toSorted((a, b) => a.start - b.start);
}

/** Whether a `continue` among the statements, but in no loop of their own, stands before the position. */
const continuesBefore = (statements: readonly Statement[], position: number): boolean =>
  statements.some(
    (s) =>
      s.start < position &&
      (s.kind === 'continue' || (!isLoop(s) && blocksOf(s).some(({ body }) => continuesBefore(body, position)))),
  );

/** Whether every round of the loop comes by the position. */
function inEveryRound({ body }: Loop, position: number): boolean {
  if (position <= body.start || position >= body.end) return false;
  return !body.body.some((s) => s.start < position && position < s.end) && !continuesBefore(body.body, position);
}

function callsOf(source: Source, fns: readonly FnElem[], fn: FnElem): { caller: FnElem; at: number }[] {
  const found: { caller: FnElem; at: number }[] = [];
  for (const caller of fns) {
    visitAst(caller, (element) => {
      if (element.kind === 'call-expression' && source.callee(element) === fn)
        found.push({ caller, at: element.start });
    });
  }
  return found;
}

function wayTo(source: Source, fns: readonly FnElem[], fn: FnElem, at: number, direct: boolean): Omit<Way, 'id'> {
  const own = loopsAt(fn, at).map((loop) => ({ loop, at, direct }));
  if (fn === source.entry) return { steps: own, several: false };
  const [call, ...more] = callsOf(source, fns, fn);
  if (!call || more.length > 0) return { steps: own, several: true };
  const outer = wayTo(source, fns, call.caller, call.at, false);
  return { steps: [...outer.steps, ...own], several: outer.several };
}

/** The loops of the ways, each with what its rounds are counted by; undefined where nothing is. */
function countLoops({ lineAt }: Source, ways: readonly Way[]): Map<Loop, CountedLoop | undefined> {
  const loops = new Set(ways.flatMap(({ steps }) => steps.map(({ loop }) => loop)));
  const counted = new Map<Loop, CountedLoop | undefined>();
  for (const loop of [...loops].toSorted((a, b) => a.start - b.start)) {
    const inside = ways.flatMap(({ id, steps }) =>
      steps.flatMap((step) => (step.loop === loop ? [{ id, ...step }] : [])),
    );
    const mark = inside.find(({ at, direct }) => direct && inEveryRound(loop, at));
    const init = loop.kind === 'for' ? loop.init : undefined;
    counted.set(
      loop,
      mark && {
        id: [...counted.values()].filter(Boolean).length,
        line: lineAt(loop.start),
        name: init?.kind === 'var' ? init.name.decl.ident.originalName : '',
        mark: mark.id,
        before: inside.filter(({ at }) => at < mark.at).map(({ id }) => id),
      },
    );
  }
  return counted;
}

/** The loops around the phases that begin at these boundaries. Phase 0 begins with the entry point, in none. */
export function findLoops(source: Source, fns: readonly FnElem[], boundaries: readonly Boundary[]): Loops {
  const ways = boundaries.map(({ id, fn, at }): Way => ({ id, ...wayTo(source, fns, fn, at, true) }));
  const counted = countLoops(source, ways);
  const around = ways.map(({ steps, several }) => {
    const all = steps.map(({ loop }) => counted.get(loop));
    return several || all.includes(undefined) ? [] : all.flatMap((loop) => (loop ? [loop.id] : []));
  });
  return {
    around: [[], ...around],
    counted: [...counted.values()].filter((loop) => loop !== undefined),
    repeated: new Set(ways.flatMap(({ id, steps, several }) => (several || steps.length > 0 ? [id] : []))),
  };
}

/**
 * The round of every loop that each executed phase begins in: [executed phase][loop], from 0; 0 for loops that it does
 * not begin in.
 * @param order static phase of each executed phase
 */
export function roundsOf(
  order: ArrayLike<number>,
  { around, counted }: Pick<Loops, 'around' | 'counted'>,
): Uint16Array {
  const rounds = new Uint16Array(order.length * counted.length);
  const seen = counted.map(() => 0);
  // A loop begins anew in every round of those around it.
  const within = counted.map(() => '');
  for (let k = 0; k < order.length; k++) {
    const phase = order[k] ?? 0;
    let outer = '';
    for (const id of around[phase] ?? []) {
      const { mark, before } = counted[id] as CountedLoop;
      if (within[id] !== outer) seen[id] = 0;
      within[id] = outer;
      if (phase === mark) seen[id] = (seen[id] ?? 0) + 1;
      const round = (seen[id] ?? 0) - (before.includes(phase) ? 0 : 1);
      rounds[k * counted.length + id] = round;
      outer += `${round} `;
    }
  }
  return rounds;
}
