/**
 * Corrects operator precedence. wesl 0.7.31 reads `i < 4u && r + i < rows` as `((i < 4u) && (r + i)) < rows`: after an
 * operator of lower precedence it joins only one of higher precedence. The order of operands is right, so the trees are
 * built again from it.
 */
import { visitAst } from 'wesl/core';
import type { AbstractElem, BinaryExpression, ExpressionElem } from 'wesl/core';

/** Operators that bind tighter have a higher rank (WGSL 8.19). */
const RANKS = [
  ['||'],
  ['&&'],
  ['|', '^', '&'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const rankOf = ({ value }: BinaryExpression['operator']): number =>
  RANKS.findIndex((operators) => operators.includes(value));

/** Operands and the operators between them, in the order of the text. */
function chainOf(e: ExpressionElem, operands: ExpressionElem[], operators: BinaryExpression['operator'][]): void {
  if (e.kind !== 'binary-expression') {
    operands.push(e);
    return;
  }
  chainOf(e.left, operands, operators);
  operators.push(e.operator);
  chainOf(e.right, operands, operators);
}

function regrouped(e: BinaryExpression): BinaryExpression {
  const operands: ExpressionElem[] = [];
  const operators: BinaryExpression['operator'][] = [];
  chainOf(e, operands, operators);
  let next = 0;
  const climb = (least: number): ExpressionElem => {
    let left = operands[next]!;
    for (let operator = operators[next]; operator && rankOf(operator) >= least; operator = operators[next]) {
      next++;
      const right = climb(rankOf(operator) + 1);
      left = { kind: 'binary-expression', operator, left, right, start: left.start, end: right.end };
    }
    return left;
  };
  return climb(0) as BinaryExpression;
}

/** Regroups every expression below an element, in place. */
export function regroup(root: AbstractElem): void {
  const inner = new Set<AbstractElem>();
  visitAst(root, (element) => {
    if (element.kind !== 'binary-expression') return;
    if (!inner.has(element)) {
      const { operator, left, right } = regrouped(element);
      Object.assign(element, { operator, left, right });
    }
    for (const operand of [element.left, element.right]) if (operand.kind === 'binary-expression') inner.add(operand);
  });
}
