/** Whether an expression may be evaluated twice: the tap repeats index expressions, so they must have no effect. */
import { visitAst } from 'wesl/core';
import type { ExpressionElem, FnElem } from 'wesl/core';
import type { Places } from '../wgsl/places';
import { calleeName } from '../wgsl/source';
import type { Source } from '../wgsl/source';

const changing = /^atomic|Barrier$|^workgroupUniformLoad$|^subgroup|^quad/;

export class Purity {
  readonly #source: Source;
  readonly #places: Places;
  readonly #known = new Map<FnElem, boolean>();

  constructor(source: Source, places: Places) {
    this.#source = source;
    this.#places = places;
  }

  /** True when evaluating the expression once more has no effect. */
  isPure(expression: ExpressionElem): boolean {
    let pure = true;
    visitAst(expression, (element) => {
      if (element.kind !== 'call-expression') return;
      const fn = this.#source.callee(element);
      pure &&= fn ? this.#function(fn) : !changing.test(calleeName(element));
    });
    return pure;
  }

  #function(fn: FnElem): boolean {
    const known = this.#known.get(fn);
    if (known !== undefined) return known;
    let pure = true;
    visitAst(fn.body, (element) => {
      if (element.kind === 'call-expression') {
        const callee = this.#source.callee(element);
        pure &&= callee ? this.#function(callee) : !changing.test(calleeName(element));
      }
      const target =
        element.kind === 'assign'
          ? element.lhs
          : element.kind === 'increment' || element.kind === 'decrement'
            ? element.target
            : undefined;
      if (!target || target.kind === 'phony') return;
      // Writing to the function's own variable has no effect outside; anything else, also behind a pointer, outlives
      // the call.
      const place = this.#places.of(target);
      const declared = place?.root.declElem;
      pure &&=
        place?.space === 'function' && declared !== undefined && fn.start <= declared.start && declared.end <= fn.end;
    });
    this.#known.set(fn, pure);
    return pure;
  }
}
