/**
 * Which calls wait for other invocations: barriers, values handed round in a quad, and the text's own functions that
 * hold either.
 */
import { visitAst } from 'wesl/core';
import type { AbstractElem, ExpressionElem, FnElem, FunctionCallExpression } from 'wesl/core';
import { calleeName } from '../../wgsl/source';
import type { Source } from '../../wgsl/source';
import { cannotInterpret } from './memory';

export const BARRIERS: ReadonlySet<string> = new Set(['workgroupBarrier', 'storageBarrier']);

/**
 * Invocations that hand values round, in a row of their indices; a subgroup of the interpreter is one quad, the
 * smallest that WebGPU allows.
 */
export const QUAD = 4;

export class Waiting {
  readonly #source: Source;
  readonly #functions = new Map<FnElem, boolean>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** Whether this call hands a value round in its quad. */
  handsRound = (call: FunctionCallExpression): boolean =>
    !this.#source.callee(call) && calleeName(call) === 'quadBroadcast';

  #waits(call: FunctionCallExpression): boolean {
    const callee = this.#source.callee(call);
    if (!callee) return BARRIERS.has(calleeName(call)) || this.handsRound(call);
    const known = this.#functions.get(callee);
    if (known !== undefined) return known;
    const waits = this.in(callee.body);
    this.#functions.set(callee, waits);
    return waits;
  }

  /** Whether anything in a statement or an expression waits. */
  in(element: AbstractElem): boolean {
    return this.calls(element).length > 0;
  }

  /** The calls that wait, inner ones first, then from left to right. */
  calls(element: AbstractElem): FunctionCallExpression[] {
    const found: FunctionCallExpression[] = [];
    visitAst(element, (at) => {
      if (at.kind === 'call-expression' && this.#waits(at)) found.push(at);
      if (at.kind === 'binary-expression' && /^(&&|\|\|)$/.test(at.operator.value)) this.#refuse(at.right);
    });
    return found.toSorted((a, b) => a.end - b.end);
  }

  /** A wait that only some invocations come to. */
  #refuse(right: ExpressionElem): void {
    if (this.in(right)) throw cannotInterpret(`line ${this.#source.lineAt(right.start)}: a wait behind && or ||`);
  }
}
