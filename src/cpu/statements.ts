/** WGSL statements and functions as functions of an invocation; statements that hold a barrier become generators that pause there. */
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
import { calleeName } from '../capture/tap/source';
import type { Source } from '../capture/tap/source';
import { Expressions } from './expressions';
import type { Run } from './expressions';
import { cannotInterpret, scalarKind, zeroOf } from './memory';
import type { Home, Lane, Storage } from './storage';
import { NEXT, Stores } from './stores';
import type { Act } from './stores';

/** How a statement ended, other than by itself. */
const BREAK = 1;
const CONTINUE = 2;
const RETURN = 3;

export type Walk = (lane: Lane) => Generator<void, number, void>;

const BARRIERS = new Set(['workgroupBarrier', 'storageBarrier']);

const isBarrier = (statement: Statement): boolean => statement.kind === 'call' && BARRIERS.has(calleeName(statement.call));

function waits(statement: Statement): boolean {
  switch (statement.kind) {
    case 'call':
      return isBarrier(statement);
    case 'block':
      return statement.body.some(waits);
    case 'if':
      return waits(statement.body) || (statement.else !== undefined && waits(statement.else));
    case 'for':
    case 'while':
    case 'continuing':
      return waits(statement.body);
    case 'loop':
      return waits(statement.body) || (statement.continuing !== undefined && waits(statement.continuing));
    case 'switch':
      return statement.clauses.some(({ body }) => waits(body));
    default:
      return false;
  }
}

interface Compiled {
  parameters: readonly Home[];
  body: Act;
}

export class Statements {
  readonly #source: Source;
  readonly #storage: Storage;
  readonly #expressions: Expressions;
  readonly #stores: Stores;
  readonly #functions = new Map<FnElem, Compiled>();
  /** What the function that is being compiled returns. */
  #result: Type | undefined;

  constructor(source: Source, storage: Storage) {
    this.#source = source;
    this.#storage = storage;
    this.#expressions = new Expressions(source, storage, (call) => this.#invoke(call));
    this.#stores = new Stores(this.#expressions);
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
    if (waits(fn.body)) throw cannotInterpret(`a barrier in the function ${fn.name.ident.originalName}`);
    const parameters = fn.params.map(({ name }) => this.#storage.declare(name.decl.ident));
    const outer = this.#result;
    this.#result = result;
    const compiled = { parameters, body: this.#block(fn.body) };
    this.#result = outer;
    this.#functions.set(fn, compiled);
    return compiled;
  }

  #invoke(call: FunctionCallExpression): Run {
    const { parameters, body } = this.#compile(this.#source.callee(call)!, this.#source.typeOf(call));
    const given = call.arguments.map((argument, i) => this.#expressions.as(argument, parameters[i]!.type));
    const slots = parameters.map((home) => (home.kind === 'slot' ? home.slot : -1));
    if (slots.includes(-1)) throw cannotInterpret(`a pointer to a parameter of ${calleeName(call)}`);
    // All arguments before the first parameter has its value: they may call the same function.
    return (lane) => {
      const values = given.map((run) => run(lane));
      for (let i = 0; i < slots.length; i++) lane.slots[slots[i]!] = values[i]!;
      body(lane);
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
    const parts = body.map((statement) => (waits(statement) ? { walk: this.#waiting(statement) } : { act: this.#statement(statement) }));
    return function* (lane) {
      for (const part of parts) {
        const ended = part.walk ? yield* part.walk(lane) : part.act(lane);
        if (ended !== NEXT) return ended;
      }
      return NEXT;
    };
  }

  #waiting(s: Statement): Walk {
    switch (s.kind) {
      case 'call':
        return function* () {
          yield;
          return NEXT;
        };
      case 'block':
        return this.#walk(s);
      case 'if': {
        const holds = this.#expressions.number(s.condition);
        const yes = this.#walk(s.body);
        const no = s.else && this.#waiting(s.else);
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
