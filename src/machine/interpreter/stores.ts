/** Stores: assignments, increments and declarations, as functions of an invocation. */
import type { ExpressionElem, Type } from 'wesl/core';
import type { Expressions, Run } from './expressions';
import { cannotInterpret, loader, scalarKind, storer } from './memory';
import type { Value, Vector } from './memory';
import { operation } from './operators';
import type { Home, Lane } from './storage';

/** A statement; its number says how it ended. */
export type Act = Run<number>;
/** It ended by itself. */
export const NEXT = 0;

export class Stores {
  readonly #expressions: Expressions;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** A variable gets its first value. */
  declared(home: Home, run: Run): Act {
    if (home.kind === 'slot') {
      const { slot } = home;
      return (lane) => {
        lane.slots[slot] = run(lane);
        return NEXT;
      };
    }
    if (home.kind === 'constant') throw cannotInterpret('a store to a constant');
    const store = storer(home.type);
    const { memory, at } = home;
    return (lane) => {
      store(memory === 'own' ? lane.memory : memory, at, run(lane));
      return NEXT;
    };
  }

  /** How a stored value comes about: as it is, or from what was there before. */
  #combined(operator: string, type: Type, rhs: ExpressionElem): (lane: Lane, old: () => Value) => Value {
    const given = this.#expressions.source.typeOf(rhs);
    if (operator === '=') {
      const run = this.#expressions.as(rhs, type);
      return (lane) => run(lane);
    }
    const kind = scalarKind(type);
    const run = this.#expressions.as(rhs, given.kind === 'vector' ? type : { kind: 'scalar', scalar: kind });
    const act = operation(operator.slice(0, -1), kind);
    if (type.kind !== 'vector') return (lane, old) => act(old() as number, run(lane) as number);
    return (lane, old) => {
      const value = run(lane);
      return (old() as Vector).map((x, i) => act(x, typeof value === 'number' ? value : (value as Vector)[i]!));
    };
  }

  /** An assignment, plain or compound. */
  assign(lhs: ExpressionElem, operator: string, rhs: ExpressionElem): Act {
    const place = this.#expressions.place(lhs);
    if (place) {
      const { memory, at, type } = place;
      const [load, store] = [loader(type), storer(type)];
      const value = this.#combined(operator, type, rhs);
      return (lane) => {
        const m = memory(lane);
        const i = at(lane);
        store(
          m,
          i,
          value(lane, () => load(m, i)),
        );
        return NEXT;
      };
    }
    return this.#assignSlot(lhs, operator, rhs);
  }

  /**
   * A variable that is a number or a vector, or one component of such a vector. Vectors are replaced, never written to.
   */
  #assignSlot(lhs: ExpressionElem, operator: string, rhs: ExpressionElem): Act {
    const target = lhs.kind === 'parenthesized-expression' ? lhs.expression : lhs;
    const value = this.#combined(operator, this.#expressions.source.typeOf(target), rhs);
    const slotOf = (e: ExpressionElem): number => {
      const home = e.kind === 'ref' ? this.#expressions.home(e) : undefined;
      if (home?.kind !== 'slot') throw this.#expressions.fail(e, 'a store to something that is no variable');
      return home.slot;
    };
    if (target.kind === 'ref') {
      const slot = slotOf(target);
      return (lane) => {
        lane.slots[slot] = value(lane, () => lane.slots[slot]!);
        return NEXT;
      };
    }
    if (target.kind !== 'component-expression' && target.kind !== 'component-member-expression')
      throw this.#expressions.fail(target, 'a store to a value');
    const slot = slotOf(target.base);
    const index = this.#component(target);
    return (lane) => {
      const i = index(lane);
      const old = lane.slots[slot] as Vector;
      const fresh = old.slice();
      fresh[i] = value(lane, () => old[i]!) as number;
      lane.slots[slot] = fresh;
      return NEXT;
    };
  }

  #component(e: ExpressionElem & { kind: 'component-expression' | 'component-member-expression' }): Run<number> {
    if (e.kind === 'component-expression') return this.#expressions.number(e.access);
    const { name } = e.access;
    if (name.length > 1) throw this.#expressions.fail(e, 'a store to several components');
    const at = 'xyzwrgba'.indexOf(name) % 4;
    return () => at;
  }

  /** `++` and `--`. */
  step(target: ExpressionElem, by: 1 | -1): Act {
    const kind = scalarKind(this.#expressions.source.typeOf(target));
    const one: ExpressionElem = {
      kind: 'literal',
      value: kind === 'u32' ? '1u' : '1i',
      start: target.start,
      end: target.end,
    };
    return this.assign(target, by > 0 ? '+=' : '-=', one);
  }
}
