/** Calls of built-in functions and constructors, as functions of an invocation. What is neither throws. */
import type { FunctionCallExpression, Type } from 'wesl/core';
import { calleeName } from '../../wgsl/source';
import type { Expressions, Run } from './expressions';
import { isAbstract, isComposite, loader, offsetOf, scalarKind, sizeOf, storer, strideOf, zeroOf } from './memory';
import type { Pointer, Scalar, Value, Vector } from './memory';
import { atomics, bitcast, componentwise, converted, operation, rounding } from './operators';
import type { Lane } from './storage';

/** Calls a function of the text. */
export type Invoke = (call: FunctionCallExpression) => Run;

/** Types that the language itself names; a struct or an alias is declared in the text. */
const CONSTRUCTORS = /^(u32|i32|f32|bool|array|vec[234][fiu]?|mat[234]x[234]f?)$/;

const vector = (length: number, component: (i: number) => number): Vector =>
  Array.from({ length }, (_, i) => component(i));

const sizeOfVector = (type: Type): number =>
  type.kind === 'vector' ? type.size : type.kind === 'matrix' ? type.cols * type.rows : 0;

export class Calls {
  readonly #of: Expressions;
  readonly #invoke: Invoke;

  constructor(of: Expressions, invoke: Invoke) {
    this.#of = of;
    this.#invoke = invoke;
  }

  run(call: FunctionCallExpression): Run {
    if (this.#of.source.callee(call)) return this.#invoke(call);
    const name = calleeName(call);
    const type = this.#of.source.typeOf(call);
    if (name === 'bitcast') return this.#bitcast(call, type);
    if (name === 'select') return this.#select(call, type);
    if (name === 'dot') return this.#dot(call);
    if (name === 'transpose') return this.#transpose(call);
    if (name === 'arrayLength') return this.#arrayLength(call);
    if (name.startsWith('atomic')) return this.#atomic(call, name);
    const each = componentwise[name];
    if (each) return this.#componentwise(call, each, type);
    const declared = call.function.kind === 'ref' && this.#of.source.declOf(call.function.ident) !== undefined;
    if (!declared && !CONSTRUCTORS.test(name)) throw this.#of.fail(call, `the function ${name}`);
    return this.#construct(call, type);
  }

  #bitcast(call: FunctionCallExpression, type: Type): Run {
    const argument = call.arguments[0]!;
    const act = bitcast(scalarKind(this.#of.source.typeOf(argument)), scalarKind(type));
    const run = this.#of.run(argument);
    if (type.kind === 'vector') return (lane) => (run(lane) as Vector).map(act);
    return (lane) => act(run(lane) as number);
  }

  /** All three are evaluated, as on a device. */
  #select(call: FunctionCallExpression, type: Type): Run {
    const [no, yes, which] = call.arguments;
    const [a, b, c] = [this.#of.as(no!, type), this.#of.as(yes!, type), this.#of.run(which!)];
    if (this.#of.source.typeOf(which!).kind === 'vector') {
      return (lane) => {
        const [x, y, z] = [a(lane) as Vector, b(lane) as Vector, c(lane) as Vector];
        return z.map((flag, i) => (flag ? y : x)[i]!);
      };
    }
    return (lane) => {
      const x = a(lane);
      const y = b(lane);
      return c(lane) ? y : x;
    };
  }

  #dot(call: FunctionCallExpression): Run {
    const [left, right] = call.arguments;
    const kind = scalarKind(this.#of.source.typeOf(left!));
    const [add, multiply] = [operation('+', kind), operation('*', kind)];
    const [a, b] = [this.#of.run(left!) as Run<Vector>, this.#of.run(right!) as Run<Vector>];
    return (lane) => {
      const x = a(lane);
      const y = b(lane);
      let sum = multiply(x[0]!, y[0]!);
      for (let i = 1; i < x.length; i++) sum = add(sum, multiply(x[i]!, y[i]!));
      return sum;
    };
  }

  /** A matrix is its columns, one after the other. */
  #transpose(call: FunctionCallExpression): Run {
    const [argument] = call.arguments;
    const type = this.#of.source.typeOf(argument!);
    if (type.kind !== 'matrix') throw this.#of.fail(call, `transpose of ${type.kind}`);
    const { cols, rows } = type;
    const run = this.#of.run(argument!) as Run<Vector>;
    return (lane) => {
      const from = run(lane);
      return vector(cols * rows, (i) => from[(i % cols) * rows + Math.floor(i / cols)]!);
    };
  }

  #arrayLength(call: FunctionCallExpression): Run {
    const place = this.#of.behind(call.arguments[0]!);
    if (place.type.kind !== 'array') throw this.#of.fail(call, 'the length of something that is no array');
    const stride = strideOf(place.type.elem);
    return (lane) => Math.floor((place.memory(lane).u32.length - place.at(lane)) / stride);
  }

  #atomic(call: FunctionCallExpression, name: string): Run {
    const [pointer, value] = call.arguments;
    const { memory, at, type } = this.#of.behind(pointer!);
    const [load, store] = [loader(type), storer(type)];
    if (name === 'atomicLoad') return (lane) => load(memory(lane), at(lane));
    const act = atomics[name];
    if (!act || !value) throw this.#of.fail(call, `the function ${name}`);
    const round = rounding[scalarKind(type)];
    const given = this.#of.number(value, { kind: 'scalar', scalar: scalarKind(type) });
    return (lane) => {
      const [m, i] = [memory(lane), at(lane)];
      const old = load(m, i) as number;
      store(m, i, round(act(old, given(lane))));
      return old;
    };
  }

  #componentwise(call: FunctionCallExpression, act: (...x: number[]) => number, type: Type): Run {
    const round: (x: number) => number = isAbstract(type) ? (x) => x : rounding[scalarKind(type)];
    const size = sizeOfVector(type);
    const runs = call.arguments.map((argument) => {
      const own = this.#of.source.typeOf(argument);
      return this.#of.as(argument, own.kind === 'vector' ? type : { kind: 'scalar', scalar: scalarKind(type) });
    });
    if (size > 0) {
      return (lane) => {
        const values = runs.map((run) => run(lane));
        return vector(size, (i) => round(act(...values.map((x) => (typeof x === 'number' ? x : (x as Vector)[i]!)))));
      };
    }
    const [a, b, ...more] = runs as Run<number>[];
    if (more.length > 0) return (lane) => round(act(...(runs as Run<number>[]).map((run) => run(lane))));
    return b ? (lane) => round(act(a!(lane), b(lane))) : (lane) => round(act(a!(lane)));
  }

  #construct(call: FunctionCallExpression, type: Type): Run {
    const given = call.arguments;
    if (given.length === 0) {
      const zero = zeroOf(type);
      return () => zero;
    }
    if (isComposite(type)) return this.#gather(call, type);
    if (type.kind === 'matrix' && given.length !== type.cols)
      throw this.#of.fail(call, 'a matrix of anything but its columns');
    const kind = scalarKind(type.kind === 'matrix' ? type.elem : type);
    const size = sizeOfVector(type);
    const parts = given.map((argument) => {
      const from = this.#of.source.typeOf(argument);
      const run = this.#of.run(argument);
      const own: Scalar = isAbstract(from) ? kind : scalarKind(from);
      if (own === kind && !isAbstract(from)) return run;
      return (lane: Lane): Value => {
        const value = run(lane);
        return typeof value === 'number'
          ? converted(value, own, kind)
          : (value as Vector).map((x) => converted(x, own, kind));
      };
    });
    const [first] = parts;
    if (size === 0) return first!;
    if (parts.length === 1) {
      return (lane) => {
        const value = first!(lane);
        return typeof value === 'number' ? vector(size, () => value) : value;
      };
    }
    return (lane) => {
      const values: number[] = [];
      for (const part of parts) {
        const value = part(lane);
        if (typeof value === 'number') values.push(value);
        else values.push(...(value as Vector));
      }
      return values;
    };
  }

  #gather(call: FunctionCallExpression, type: Type): Run {
    const parts = call.arguments.map((argument, i) => {
      const member = type.kind === 'struct' ? type.members[i] : undefined;
      const own = member?.type ?? (type.kind === 'array' ? type.elem : this.#of.source.typeOf(argument));
      const at = type.kind === 'struct' ? offsetOf(type, member?.name) : i * strideOf(own);
      return { at, run: this.#of.as(argument, own), store: storer(own) };
    });
    if (sizeOf(type) === 0) throw this.#of.fail(call, 'a value without a size');
    return (lane) => {
      const made = zeroOf(type) as Pointer;
      for (const { at, run, store } of parts) store(made.memory, at, run(lane));
      return made;
    };
  }
}
