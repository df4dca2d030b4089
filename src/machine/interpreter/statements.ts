/**
 * WGSL statements and functions as functions of an invocation; statements that hold a barrier become generators that
 * pause there.
 */
import type {
  BlockElem,
  ExpressionElem,
  FnElem,
  ForElem,
  FunctionCallExpression,
  IfElem,
  LetElem,
  Statement,
  Type,
  VarElem,
} from 'wesl/core';
import { calleeName } from '../../wgsl/source';
import type { Source } from '../../wgsl/source';
import { Expressions } from './expressions';
import type { Run } from './expressions';
import { cannotInterpret, scalarKind, zeroOf } from './memory';
import type { Value } from './memory';
import type { Home, Lane, Storage } from './storage';
import { NEXT, Stores } from './stores';
import type { Act } from './stores';
import { BARRIERS, QUAD, Waiting } from './waiting';

/** How a statement ended, other than by itself. */
const BREAK = 1;
const CONTINUE = 2;
const RETURN = 3;

export type Walk = (lane: Lane) => Generator<void, number, void>;

interface Compiled {
  /** Where the arguments go. */
  slots: readonly number[];
  types: readonly Type[];
  body: Act | Walk;
}

export class Statements {
  readonly #source: Source;
  readonly #storage: Storage;
  readonly #expressions: Expressions;
  readonly #stores: Stores;
  readonly #waiting: Waiting;
  readonly #functions = new Map<FnElem, Compiled>();
  /** What the function that is being compiled returns. */
  #result: Type | undefined;

  constructor(source: Source, storage: Storage) {
    this.#source = source;
    this.#storage = storage;
    this.#expressions = new Expressions(source, storage, (call) => this.#invoke(call));
    this.#stores = new Stores(this.#expressions);
    this.#waiting = new Waiting(source);
  }

  /** The entry point: its size, the homes of its parameters, and its body. */
  entry(): { size: readonly number[]; parameters: readonly Home[]; walk: Walk } {
    const { params, body, attributes } = this.#source.entry;
    const [size] = (attributes ?? []).flatMap(({ attribute }) =>
      attribute.kind === '@attribute' && attribute.name === 'workgroup_size' ? [attribute.params ?? []] : [],
    );
    return {
      size: (size ?? []).map(({ expression }) => this.#expressions.constantNumber(expression)),
      parameters: params.map(({ name }) => this.#storage.declare(name.decl.ident)),
      walk: this.#walk(body),
    };
  }

  #compile(fn: FnElem, result: Type): Compiled {
    const known = this.#functions.get(fn);
    if (known) return known;
    const homes = fn.params.map(({ name }) => this.#storage.declare(name.decl.ident));
    const slots = homes.map((home) => {
      if (home.kind === 'slot') return home.slot;
      throw cannotInterpret(`a pointer to a parameter of ${fn.name.ident.originalName}`);
    });
    const outer = this.#result;
    this.#result = result;
    const body = this.#waiting.in(fn.body) ? this.#walk(fn.body) : this.#block(fn.body);
    const compiled = { slots, types: homes.map(({ type }) => type), body };
    this.#result = outer;
    this.#functions.set(fn, compiled);
    return compiled;
  }

  /** A call's function, and what puts its arguments into place. */
  #called(call: FunctionCallExpression): { body: Act | Walk; pass: (lane: Lane) => void } {
    const { slots, types, body } = this.#compile(this.#source.callee(call)!, this.#source.typeOf(call));
    const given = call.arguments.map((argument, i) => this.#expressions.as(argument, types[i]!));
    const pass = (lane: Lane): void => {
      // All arguments before the first parameter has its value: they may call the same function.
      const values = given.map((run) => run(lane));
      for (let i = 0; i < slots.length; i++) lane.slots[slots[i]!] = values[i]!;
    };
    return { body, pass };
  }

  #invoke(call: FunctionCallExpression): Run {
    const { body, pass } = this.#called(call);
    if (this.#waiting.in(this.#source.callee(call)!.body))
      throw this.#fail(call, `a call of ${calleeName(call)}, which waits, in a place that cannot`);
    const act = body as Act;
    return (lane) => {
      pass(lane);
      act(lane);
      return lane.result;
    };
  }

  /**
   * A statement whose expressions wait: what they wait for comes first, each in a slot that the statement then reads.
   */
  #handed(s: Statement): Walk {
    const steps = this.#waiting.calls(s).map((call) => this.#waitingCall(call));
    const act = this.#statement(s);
    return function* (lane) {
      for (const step of steps) yield* step(lane);
      return act(lane);
    };
  }

  #waitingCall(call: FunctionCallExpression): (lane: Lane) => Generator<void, void, void> {
    const handed = this.#waiting.handsRound(call) ? this.#handedRound(call) : this.#walked(call);
    const slot = this.#expressions.hoist(call);
    return function* (lane) {
      lane.slots[slot] = yield* handed(lane);
    };
  }

  /** Two buffers do: nobody is more than one exchange ahead. */
  #handedRound({ arguments: [given, from] }: FunctionCallExpression): (lane: Lane) => Generator<void, Value, void> {
    const value = this.#expressions.run(given!);
    const source = this.#expressions.constantNumber(from!);
    return function* (lane) {
      const turn = lane.turn;
      lane.turn = 1 - turn;
      lane.given[turn] = value(lane);
      yield;
      const peer = lane.peers[lane.index - (lane.index % QUAD) + source];
      if (!peer) throw cannotInterpret('a quad that is not whole');
      return peer.given[turn]!;
    };
  }

  #walked(call: FunctionCallExpression): (lane: Lane) => Generator<void, Value, void> {
    const { body, pass } = this.#called(call);
    const walk = body as Walk;
    return function* (lane) {
      pass(lane);
      yield* walk(lane);
      return lane.result;
    };
  }

  #block({ body }: BlockElem): Act {
    const acts = body.map((statement) => this.#statement(statement));
    const [only] = acts;
    if (only && acts.length === 1) return only;
    return (lane) => {
      for (const act of acts) {
        const ended = act(lane);
        if (ended !== NEXT) return ended;
      }
      return NEXT;
    };
  }

  #fail({ start }: Statement | ExpressionElem, what: string): Error {
    return cannotInterpret(`line ${this.#source.lineAt(start)}: ${what}`);
  }

  #statement(s: Statement): Act {
    switch (s.kind) {
      case 'empty':
      case 'assert':
        return () => NEXT;
      case 'block':
        return this.#block(s);
      case 'let':
      case 'var':
        return this.#declare(s);
      case 'const':
        this.#expressions.constant(s);
        return () => NEXT;
      case 'assign':
        return s.lhs.kind === 'phony' ? this.#ignored(s.rhs) : this.#stores.assign(s.lhs, s.op.value, s.rhs);
      case 'increment':
      case 'decrement':
        return this.#stores.step(s.target, s.kind === 'increment' ? 1 : -1);
      case 'call':
        return this.#ignored(s.call);
      case 'if':
        return this.#if(s);
      case 'for':
        return this.#for(s);
      case 'while':
        return this.#loop(this.#expressions.number(s.condition), this.#block(s.body), () => NEXT);
      case 'break': {
        if (!s.condition) return () => BREAK;
        const condition = this.#expressions.number(s.condition);
        return (lane) => (condition(lane) ? BREAK : NEXT);
      }
      case 'continue':
        return () => CONTINUE;
      case 'return':
        return this.#return(s.value);
      default:
        throw this.#fail(s, `the statement ${s.kind}`);
    }
  }

  #ignored(e: ExpressionElem): Act {
    const run = this.#expressions.run(e);
    return (lane) => {
      run(lane);
      return NEXT;
    };
  }

  #return(value: ExpressionElem | undefined): Act {
    if (!value) return () => RETURN;
    const run = this.#result ? this.#expressions.as(value, this.#result) : this.#expressions.run(value);
    return (lane) => {
      lane.result = run(lane);
      return RETURN;
    };
  }

  #declare(s: LetElem | VarElem): Act {
    const { ident } = s.name.decl;
    const type = this.#source.typeOfDecl(ident);
    // The value first: the name is not known in it.
    const zero = s.init ? undefined : zeroOf(type);
    const run: Run = s.init ? this.#expressions.as(s.init, concrete(type)) : () => zero!;
    return this.#stores.declared(this.#storage.declare(ident, type), run);
  }

  #if({ condition, body, else: otherwise }: IfElem): Act {
    const holds = this.#expressions.number(condition);
    const yes = this.#block(body);
    const no = otherwise ? this.#statement(otherwise) : () => NEXT;
    return (lane) => (holds(lane) ? yes(lane) : no(lane));
  }

  #for({ init, condition, update, body }: ForElem): Act {
    const begin = init ? this.#statement(init) : () => NEXT;
    const loop = this.#loop(
      condition ? this.#expressions.number(condition) : () => 1,
      this.#block(body),
      update ? this.#statement(update) : () => NEXT,
    );
    return (lane) => {
      begin(lane);
      return loop(lane);
    };
  }

  #loop(holds: Run<number>, body: Act, update: Act): Act {
    return (lane) => {
      while (holds(lane)) {
        const ended = body(lane);
        if (ended === BREAK) break;
        if (ended === RETURN) return RETURN;
        update(lane);
      }
      return NEXT;
    };
  }

  /** The walk of a block that may hold barriers. */
  #walk({ body }: BlockElem): Walk {
    const parts = body.map((statement) =>
      this.#waiting.in(statement) ? { walk: this.#waits(statement) } : { act: this.#statement(statement) },
    );
    return function* (lane) {
      for (const part of parts) {
        const ended = part.walk ? yield* part.walk(lane) : part.act(lane);
        if (ended !== NEXT) return ended;
      }
      return NEXT;
    };
  }

  #waits(s: Statement): Walk {
    switch (s.kind) {
      case 'call':
        if (!BARRIERS.has(calleeName(s.call))) return this.#handed(s);
        return function* () {
          yield;
          return NEXT;
        };
      case 'let':
      case 'var':
      case 'assign':
      case 'return':
        return this.#handed(s);
      case 'block':
        return this.#walk(s);
      case 'if': {
        const holds = this.#expressions.number(s.condition);
        const yes = this.#walk(s.body);
        const no = s.else && this.#waits(s.else);
        return function* (lane) {
          if (holds(lane)) return yield* yes(lane);
          return no ? yield* no(lane) : NEXT;
        };
      }
      case 'for':
        return this.#waitingFor(s);
      default:
        throw this.#fail(s, `a barrier in the statement ${s.kind}`);
    }
  }

  #waitingFor({ init, condition, update, body }: ForElem): Walk {
    const begin = init ? this.#statement(init) : () => NEXT;
    const holds = condition ? this.#expressions.number(condition) : () => 1;
    const round = this.#walk(body);
    const after = update ? this.#statement(update) : () => NEXT;
    return function* (lane) {
      begin(lane);
      while (holds(lane)) {
        const ended = yield* round(lane);
        if (ended === BREAK) break;
        if (ended === RETURN) return RETURN;
        after(lane);
      }
      return NEXT;
    };
  }
}

/** What a variable of a literal's type is. */
function concrete(type: Type): Type {
  if (type.kind === 'scalar') return { kind: 'scalar', scalar: scalarKind(type) };
  return type.kind === 'vector' ? { ...type, elem: { kind: 'scalar', scalar: scalarKind(type) } } : type;
}
