/** Which phases each statement may run in: a small data-flow analysis over loops, branches and calls. */
import { visitAst } from 'wesl/core';
import type { BlockElem, ExpressionElem, FnElem, Statement } from 'wesl/core';
import { isBarrier } from './phases';
import type { Boundary } from './phases';
import { reachable } from './source';
import type { Source } from './source';

type PhaseSet = ReadonlySet<number>;
type Part = Statement | ExpressionElem;
/** The phases in which a loop may be left, or continued. */
interface Loop {
  breaks: Set<number>;
  continues: Set<number>;
}

const union = (...sets: readonly PhaseSet[]): Set<number> => new Set(sets.flatMap((set) => [...set]));

/** The phases of every statement, and of the condition and update of every loop. */
export class Flow {
  readonly #source: Source;
  readonly #boundaries: readonly Boundary[];
  readonly #at = new Map<Part, Set<number>>();
  readonly #enters = new Map<FnElem, Set<number>>();
  readonly #leaves = new Map<FnElem, Set<number>>();
  /** Functions that contain a boundary, themselves or in what they call. */
  readonly #crossing: ReadonlySet<FnElem>;
  #returns = new Set<number>();
  #grew = false;

  constructor(source: Source, fns: readonly FnElem[], boundaries: readonly Boundary[]) {
    this.#source = source;
    this.#boundaries = boundaries;
    this.#crossing = new Set(
      fns.filter((fn) => reachable(source, fn).some((reached) => boundaries.some((b) => b.fn === reached))),
    );
    this.#enters.set(source.entry, new Set([0]));
    do {
      this.#grew = false;
      for (const fn of fns) {
        this.#returns = new Set();
        const end = this.#block(fn.body, this.#enters.get(fn) ?? new Set(), undefined);
        this.#grow(this.#leaves, fn, union(end, this.#returns));
      }
    } while (this.#grew);
  }

  /** Static phases, ascending, that a statement (or the condition or update of a loop) may run in. */
  phasesOf(part: Part): number[] {
    return [...(this.#at.get(part) ?? [])].toSorted((a, b) => a - b);
  }

  #grow<K>(map: Map<K, Set<number>>, key: K, phases: PhaseSet): void {
    const set = map.get(key) ?? new Set();
    map.set(key, set);
    for (const phase of phases) {
      if (!set.has(phase)) this.#grew = true;
      set.add(phase);
    }
  }

  /** Records that `part` runs in `phases`, and follows its calls. Returns the phases after it. */
  #run(part: Part, phases: PhaseSet): PhaseSet {
    let after: PhaseSet = phases;
    visitAst(part, (element) => {
      const fn = element.kind === 'call-expression' ? this.#source.callee(element) : undefined;
      if (!fn) return;
      this.#grow(this.#enters, fn, after);
      if (this.#crossing.has(fn)) after = this.#leaves.get(fn) ?? new Set();
    });
    this.#grow(this.#at, part, union(phases, after));
    return after;
  }

  #block(block: BlockElem, phases: PhaseSet, loop: Loop | undefined): PhaseSet {
    const inner = (at: number) => !block.body.some((s) => s.start < at && at < s.end);
    const crossings = this.#boundaries.filter(({ at }) => block.start < at && at < block.end && inner(at));
    let now = phases;
    let from = block.start;
    const cross = (to: number) => {
      for (const { at, id } of crossings) if (from <= at && at <= to && now.size > 0) now = new Set([id]);
      from = to + 1;
    };
    for (const statement of block.body) {
      cross(statement.start);
      now = this.#statement(statement, now, loop);
      if (isBarrier(statement)) cross(statement.end);
    }
    cross(block.end);
    return now;
  }

  #statement(s: Statement, phases: PhaseSet, loop: Loop | undefined): PhaseSet {
    switch (s.kind) {
      case 'block':
        return this.#block(s, phases, loop);
      case 'if': {
        const tested = this.#run(s.condition, phases);
        this.#grow(this.#at, s, phases);
        const otherwise = s.else ? this.#statement(s.else, tested, loop) : tested;
        return union(this.#block(s.body, tested, loop), otherwise);
      }
      case 'for':
      case 'while':
      case 'loop':
        return this.#loop(s, phases);
      case 'switch': {
        const tested = this.#run(s.selector, phases);
        const left: Loop = { breaks: new Set(), continues: loop?.continues ?? new Set() };
        const ends = s.clauses.map(({ body }) => this.#block(body, tested, left));
        return union(left.breaks, ...ends);
      }
      case 'return':
        for (const phase of this.#run(s, phases)) this.#returns.add(phase);
        return new Set();
      case 'break':
        if (s.condition) this.#run(s.condition, phases);
        for (const phase of phases) loop?.breaks.add(phase);
        return s.condition ? phases : new Set();
      case 'continue':
        for (const phase of phases) loop?.continues.add(phase);
        return new Set();
      default:
        return this.#run(s, phases);
    }
  }

  #loop(s: Extract<Statement, { kind: 'for' | 'while' | 'loop' }>, phases: PhaseSet): PhaseSet {
    let head = s.kind === 'for' && s.init ? this.#run(s.init, phases) : phases;
    for (;;) {
      const loop: Loop = { breaks: new Set(), continues: new Set() };
      const tested = s.kind !== 'loop' && s.condition ? this.#run(s.condition, head) : head;
      let end: PhaseSet = union(this.#block(s.body, tested, loop), loop.continues);
      if (s.kind === 'for' && s.update) end = this.#run(s.update, end);
      if (s.kind === 'loop' && s.continuing) {
        end = this.#block(s.continuing.body, end, loop);
        if (s.continuing.breakIf) end = this.#run(s.continuing.breakIf, end);
      }
      const next = union(head, end);
      if (next.size === head.size) {
        const leaves = s.kind === 'while' || (s.kind === 'for' && s.condition) ? tested : [];
        return union(loop.breaks, new Set(leaves), s.kind === 'loop' && s.continuing?.breakIf ? end : new Set());
      }
      head = next;
    }
  }
}
