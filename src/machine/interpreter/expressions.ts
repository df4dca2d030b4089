/** WGSL expressions as functions of an invocation. Types are known from the text, so each function does one thing. */
import type { ConstElem, ExpressionElem, FunctionCallExpression, Type } from 'wesl/core';
import type { Source } from '../../wgsl/source';
import { cannotInterpret, isAbstract, isComposite, loader, offsetOf, scalarKind, strideOf, viewOf } from './memory';
import type { Memory, Pointer, Value, Vector } from './memory';
import { operation, rounding } from './operators';
import { Calls } from './calls';
import type { Invoke } from './calls';
import type { Home, Lane, Storage } from './storage';

export type Run<T = Value> = (lane: Lane) => T;

/** Words of some memory that hold a value of a type. */
export interface Place {
  /** The memory itself where it is the same for all invocations. */
  fixed?: Memory | undefined;
  memory: Run<Memory>;
  /** The first word, where it is the same for all. */
  start?: number;
  at: Run<number>;
  type: Type;
}

const LANES = 'xyzwrgba';
const laneOf = (name: string): number => LANES.indexOf(name) % 4;

/** Constants are worked out without an invocation. */
const NOWHERE = { slots: [], result: 0 } as unknown as Lane;

export class Expressions {
  readonly source: Source;
  readonly storage: Storage;
  readonly #calls: Calls;
  readonly #hoisted = new Map<ExpressionElem, number>();

  constructor(source: Source, storage: Storage, invoke: Invoke) {
    this.source = source;
    this.storage = storage;
    this.#calls = new Calls(this, invoke);
  }

  /** An error at an expression. */
  fail(e: ExpressionElem, what: string): Error {
    return cannotInterpret(`line ${this.source.lineAt(e.start)}: ${what}`);
  }

  /** From now on a call is read from the slot that is returned: whoever asks puts its value there before. */
  hoist(call: FunctionCallExpression): number {
    const slot = this.storage.slot();
    this.#hoisted.set(call, slot);
    return slot;
  }

  /** The home of what a name stands for; constants are worked out when they are first met. */
  home(e: ExpressionElem & { kind: 'ref' }): Home {
    const decl = this.source.declOf(e.ident);
    const known = decl && this.storage.homeOf(decl);
    if (known) return known;
    const constant = decl?.declElem;
    if (constant?.kind !== 'const') throw this.fail(e, `${e.ident.originalName} is not known`);
    return this.constant(constant);
  }

  constant({ name, init }: ConstElem): Home {
    const { ident } = name.decl;
    const type = this.source.typeOfDecl(ident);
    return this.storage.constant(ident, type, this.as(init!, type)(NOWHERE));
  }

  /** An expression's value as a type; only literals and constants without a type of their own are converted. */
  as(e: ExpressionElem, type: Type): Run {
    const own = this.source.typeOf(e);
    const run = this.run(e);
    if (!isAbstract(own) || isAbstract(type) || (type.kind !== 'scalar' && type.kind !== 'vector')) return run;
    const round = rounding[scalarKind(type)];
    const value = run(NOWHERE);
    const fixed = typeof value === 'number' ? round(value) : (value as Vector).map((x) => round(x));
    return () => fixed;
  }

  /** The number that a constant expression stands for. */
  constantNumber(e: ExpressionElem): number {
    return this.number(e)(NOWHERE);
  }

  number(e: ExpressionElem, type = this.source.typeOf(e)): Run<number> {
    return this.as(e, type) as Run<number>;
  }

  run(e: ExpressionElem): Run {
    switch (e.kind) {
      case 'literal':
        return this.#literal(e.value);
      case 'parenthesized-expression':
        return this.run(e.expression);
      case 'ref':
      case 'component-expression':
      case 'component-member-expression':
        return this.#read(e);
      case 'unary-expression':
        return this.#unary(e);
      case 'binary-expression':
        return this.#binary(e);
      case 'call-expression': {
        const slot = this.#hoisted.get(e);
        return slot === undefined ? this.#calls.run(e) : (lane) => lane.slots[slot]!;
      }
      default:
        throw this.fail(e, `a ${e.kind} as a value`);
    }
  }

  #literal(text: string): Run {
    if (text === 'true' || text === 'false') {
      const flag = Number(text === 'true');
      return () => flag;
    }
    const hex = /^0x/i.test(text);
    if (hex && /[.p]/i.test(text)) throw cannotInterpret(`the number ${text}`);
    const value = Number(text.replace(hex ? /[iu]$/ : /[iufh]$/, ''));
    const fixed = !hex && text.endsWith('f') ? Math.fround(value) : value;
    return () => fixed;
  }

  /** Where an expression's value stands, if it is a part of a variable that has a place. */
  place(e: ExpressionElem): Place | undefined {
    switch (e.kind) {
      case 'parenthesized-expression':
        return this.place(e.expression);
      case 'ref': {
        const home = this.home(e);
        if (home.kind !== 'place') return undefined;
        const { memory, at, type } = home;
        if (memory === 'own') return { memory: (lane) => lane.memory, start: at, at: () => at, type };
        return { fixed: memory, memory: () => memory, start: at, at: () => at, type };
      }
      case 'unary-expression':
        return e.operator.value === '*' ? this.behind(e.expression) : undefined;
      case 'component-expression':
      case 'component-member-expression': {
        const base = this.source.typeOf(e.base).kind === 'ptr' ? this.behind(e.base) : this.place(e.base);
        return base && this.#part(e, base);
      }
      default:
        return undefined;
    }
  }

  /** What a pointer points at. */
  behind(pointer: ExpressionElem): Place {
    const type = this.source.typeOf(pointer);
    if (type.kind !== 'ptr') throw this.fail(pointer, 'no pointer');
    const run = this.run(pointer) as Run<Pointer>;
    return { memory: (lane) => run(lane).memory, at: (lane) => run(lane).at, type: type.elem };
  }

  #part(
    e: ExpressionElem & { kind: 'component-expression' | 'component-member-expression' },
    base: Place,
  ): Place | undefined {
    const { at, type, start, ...where } = base;
    if (e.kind === 'component-member-expression') {
      const { name } = e.access;
      if (type.kind === 'vector') {
        if (name.length > 1) return undefined;
        const lane = laneOf(name);
        return { ...where, at: (l) => at(l) + lane, type: type.elem };
      }
      const member = type.kind === 'struct' ? type.members.find((m) => m.name === name) : undefined;
      if (type.kind !== 'struct' || !member) throw this.fail(e, `the member ${name}`);
      const offset = offsetOf(type, name);
      return { ...where, at: (l) => at(l) + offset, type: member.type };
    }
    if (type.kind !== 'array' && type.kind !== 'vector') throw this.fail(e, `an index into ${type.kind}`);
    const stride = type.kind === 'array' ? strideOf(type.elem) : 1;
    const index = this.number(e.access);
    if (start === 0 && stride === 1) return { ...where, at: index, type: type.elem };
    if (start !== undefined) return { ...where, at: (l) => start + index(l) * stride, type: type.elem };
    return { ...where, at: (l) => at(l) + index(l) * stride, type: type.elem };
  }

  #read(e: ExpressionElem & { kind: 'ref' | 'component-expression' | 'component-member-expression' }): Run {
    const place = this.place(e);
    if (place) {
      const { fixed, memory, at, type } = place;
      if (fixed && type.kind === 'scalar') {
        const words = viewOf(scalarKind(type))(fixed);
        return (lane) => words[at(lane)]!;
      }
      const load = loader(type);
      if (fixed) return (lane) => load(fixed, at(lane));
      return (lane) => load(memory(lane), at(lane));
    }
    if (e.kind === 'ref') {
      const home = this.home(e);
      if (home.kind === 'constant') return () => home.value;
      const { slot } = home as Home & { kind: 'slot' };
      return (lane) => lane.slots[slot]!;
    }
    return this.#partOfValue(e);
  }

  /** A component of a vector, or a part of an array or struct, that is a value of its own. */
  #partOfValue(e: ExpressionElem & { kind: 'component-expression' | 'component-member-expression' }): Run {
    const type = this.source.typeOf(e.base);
    const run = this.run(e.base);
    if (type.kind === 'vector') {
      const base = run as Run<Vector>;
      if (e.kind === 'component-expression') {
        const index = this.number(e.access);
        return (lane) => base(lane)[index(lane)]!;
      }
      const lanes = [...e.access.name].map(laneOf);
      const [only = 0] = lanes;
      if (lanes.length === 1) return (lane) => base(lane)[only]!;
      return (lane) => {
        const from = base(lane);
        return lanes.map((i) => from[i]!);
      };
    }
    if (type.kind === 'matrix' && e.kind === 'component-expression') {
      const { rows } = type;
      const [base, index] = [run as Run<Vector>, this.number(e.access)];
      return (lane) => {
        const column = index(lane);
        return base(lane).slice(column * rows, (column + 1) * rows);
      };
    }
    if (!isComposite(type)) throw this.fail(e, `a part of ${type.kind}`);
    const whole = run as Run<Pointer>;
    const part = this.#part(e, { memory: (lane) => whole(lane).memory, at: () => 0, type });
    if (!part) throw this.fail(e, 'some components at once');
    const load = loader(part.type);
    return (lane) => load(part.memory(lane), part.at(lane));
  }

  #unary({ operator, expression }: ExpressionElem & { kind: 'unary-expression' }): Run {
    if (operator.value === '&') {
      const place = this.place(expression);
      if (!place) throw this.fail(expression, 'a pointer to something without a place');
      return (lane) => ({ memory: place.memory(lane), at: place.at(lane) });
    }
    if (operator.value === '*') {
      const { memory, at, type } = this.behind(expression);
      const load = loader(type);
      return (lane) => load(memory(lane), at(lane));
    }
    const type = this.source.typeOf(expression);
    const abstract = isAbstract(type);
    const round = abstract ? (x: number) => x : rounding[scalarKind(type)];
    const act = { '!': (x: number) => (x ? 0 : 1), '-': (x: number) => round(-x), '~': (x: number) => round(~x) }[
      operator.value
    ];
    const run = this.run(expression);
    if (type.kind === 'vector') return (lane) => (run(lane) as Vector).map((x) => act(x));
    return (lane) => act(run(lane) as number);
  }

  #binary(e: ExpressionElem & { kind: 'binary-expression' }): Run {
    const operator = e.operator.value;
    const [left, right] = [this.source.typeOf(e.left), this.source.typeOf(e.right)];
    if (operator === '&&' || operator === '||') {
      const [a, b] = [this.number(e.left), this.number(e.right)];
      return operator === '&&' ? (lane) => a(lane) && b(lane) : (lane) => a(lane) || b(lane);
    }
    const both = isAbstract(left) && isAbstract(right);
    // The operand that has a type of its own decides; a shift is by as much as its right side says.
    const deciding = isAbstract(left) && !isAbstract(right) ? right : left;
    const kind =
      both && [left, right].some((t) => t.kind === 'scalar' && t.scalar === 'abstract-float')
        ? 'f32'
        : scalarKind(deciding);
    const act = operation(operator, kind);
    const scalar: Type = { kind: 'scalar', scalar: kind };
    const operand = (of: ExpressionElem, type: Type): Run =>
      both
        ? this.run(of)
        : this.as(of, type.kind === 'vector' ? { ...type, elem: { kind: 'scalar', scalar: kind } } : scalar);
    const [a, b] = [operand(e.left, left), operand(e.right, right)];
    if (left.kind === 'vector' && right.kind === 'vector') {
      return (lane) => {
        const y = (a(lane) as Vector).slice();
        const z = b(lane) as Vector;
        for (let i = 0; i < y.length; i++) y[i] = act(y[i]!, z[i]!);
        return y;
      };
    }
    if (left.kind === 'vector') {
      return (lane) => {
        const y = (a(lane) as Vector).slice();
        const z = b(lane) as number;
        for (let i = 0; i < y.length; i++) y[i] = act(y[i]!, z);
        return y;
      };
    }
    if (right.kind === 'vector') {
      return (lane) => {
        const y = a(lane) as number;
        return (b(lane) as Vector).map((z) => act(y, z));
      };
    }
    if (left.kind !== 'scalar' || right.kind !== 'scalar')
      throw this.fail(e, `${operator} on ${left.kind} and ${right.kind}`);
    const [x, y] = [a as Run<number>, b as Run<number>];
    if (kind === 'u32' && operator === '+') return (lane) => (x(lane) + y(lane)) >>> 0;
    if (kind === 'u32' && operator === '*') return (lane) => Math.imul(x(lane), y(lane)) >>> 0;
    if (kind === 'f32' && operator === '*') return (lane) => Math.fround(x(lane) * y(lane));
    if (kind === 'f32' && operator === '+') return (lane) => Math.fround(x(lane) + y(lane));
    return (lane) => act(x(lane), y(lane));
  }
}
