/**
 * The place that an expression refers to: which variable, and which scalar of it, through indices, members and
 * pointers.
 */
import { visitAst } from 'wesl/core';
import type { ComponentExpression, DeclIdent, ExpressionElem, FunctionCallExpression, Type } from 'wesl/core';
import { cannotTap, spaceOf, textOf } from './source';
import type { Source } from './source';
import { scalarCount } from './types';

/** One `[index]` or `.member` on the way from a variable to a place; `base` is the type it is applied to. */
export type Step =
  | { kind: 'index'; base: Type; element: ComponentExpression }
  | { kind: 'member'; base: Type; name: string };

/** What an expression refers to. */
export interface Place {
  root: DeclIdent;
  name: string;
  /** storage, workgroup, function, private or uniform. */
  space: string;
  rootType: Type;
  /** The steps, from the variable inwards. */
  steps: readonly Step[];
  type: Type;
}

/** A flat scalar index as text: `terms` are u32 expressions with a factor, `offset` is a constant. */
export interface Flat {
  terms: readonly { text: string; factor: number }[];
  offset: number;
}

/** An index expression as u32. */
export const asIndex = (source: Source, index: ExpressionElem): string => `u32(${textOf(source, index)})`;

/** The text of a flat index: `offset + a * factor + ...`. */
export function flatText({ terms, offset }: Flat): string {
  const parts = terms.map(({ text, factor }) => (factor === 1 ? text : `${text} * ${factor}u`));
  if (offset > 0 || parts.length === 0) parts.unshift(`${offset}u`);
  return parts.join(' + ');
}

/** The scalars in `type` along a path of struct members: of an array of structs only one member counts. */
export function countAlong(type: Type, members: readonly string[]): number {
  if (members.length === 0) return scalarCount(type);
  if (type.kind === 'array') return (type.count ?? 0) * countAlong(type.elem, members);
  if (type.kind !== 'struct') return scalarCount(type);
  const member = type.members.find(({ name }) => name === members[0]);
  return member ? countAlong(member.type, members.slice(1)) : 0;
}

/** The struct members on the path to a place; vector components do not count. */
export const membersOf = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) => (step.kind === 'member' && step.base.kind === 'struct' ? [step.name] : []));

/**
 * The scalar that steps lead to, counted within the array of one member (see `countAlong`). A swizzle of several
 * components counts as the whole vector.
 * @param below struct members that the caller will still go through
 */
export function flatten(source: Source, steps: readonly Step[], below: readonly string[] = []): Flat {
  const terms: { text: string; factor: number }[] = [];
  let offset = 0;
  steps.forEach((step, i) => {
    if (step.kind === 'member') {
      if (step.base.kind === 'vector' && step.name.length === 1) offset += 'xyzwrgba'.indexOf(step.name) % 4;
      return;
    }
    const rest = [...membersOf(steps.slice(i + 1)), ...below];
    const { base } = step;
    const factor = base.kind === 'array' ? countAlong(base.elem, rest) : base.kind === 'matrix' ? base.rows : 1;
    terms.push({ text: asIndex(source, step.element.access), factor });
  });
  return { terms, offset };
}

/** Resolves expressions to places, and caches what it finds about calls. */
export class Places {
  readonly #source: Source;
  readonly #calls = new Map<string, FunctionCallExpression[]>();

  constructor(source: Source) {
    this.#source = source;
    for (const fn of source.fns) {
      visitAst(fn, (element) => {
        if (element.kind !== 'call-expression') return;
        const name = source.callee(element)?.name.ident.originalName;
        if (name !== undefined) this.#calls.set(name, [...(this.#calls.get(name) ?? []), element]);
      });
    }
  }

  /** The place of an expression; undefined when it is a value and not a reference. */
  of(expression: ExpressionElem): Place | undefined {
    const steps: Step[] = [];
    let at = expression;
    for (;;) {
      if (at.kind === 'parenthesized-expression') at = at.expression;
      else if (at.kind === 'unary-expression' && (at.operator.value === '*' || at.operator.value === '&'))
        at = at.expression;
      else if (at.kind === 'component-expression') {
        steps.unshift({ kind: 'index', base: this.#pointee(at.base), element: at });
        at = at.base;
      } else if (at.kind === 'component-member-expression') {
        steps.unshift({ kind: 'member', base: this.#pointee(at.base), name: at.access.name });
        at = at.base;
      } else break;
    }
    const root = at.kind === 'ref' ? this.#variable(at) : undefined;
    return root && { ...root, steps: [...root.steps, ...steps], type: this.#pointee(expression) };
  }

  /** The type of an expression, or what it points to: `p[i]` means `(*p)[i]`. */
  #pointee(expression: ExpressionElem): Type {
    const type = this.#source.typeOf(expression);
    return type.kind === 'ptr' ? type.elem : type;
  }

  #variable(ref: Extract<ExpressionElem, { kind: 'ref' }>): Place | undefined {
    const decl = this.#source.declOf(ref.ident);
    const element = decl?.declElem;
    if (!decl || !element) return undefined;
    const type = this.#source.typeOfDecl(decl);
    const whole = { root: decl, name: decl.originalName, rootType: type, steps: [], type };
    if (element.kind === 'gvar') return { ...whole, space: spaceOf(element) };
    if (element.kind === 'var') return { ...whole, space: 'function' };
    if (type.kind !== 'ptr') return undefined;
    const targets = element.kind === 'let' ? [element.init] : element.kind === 'param' ? this.#argumentsFor(decl) : [];
    return this.#target(
      decl,
      targets.filter((target) => target !== undefined),
      ref.start,
    );
  }

  /** What a pointer points to: a variable, or a member of it, the same for all its sources. */
  #target(pointer: DeclIdent, sources: readonly ExpressionElem[], position: number): Place | undefined {
    const places = sources.map((expression) => this.of(expression));
    const [first] = places;
    const path = (place: Place | undefined) => place && membersOf(place.steps).join('.');
    const same = places.every((place) => place?.root === first?.root && path(place) === path(first));
    const whole = first?.steps.every(({ kind }) => kind === 'member');
    if (!first || !same || !whole) {
      const line = this.#source.lineAt(position);
      throw cannotTap(
        `line ${line}: the pointer ${pointer.originalName} stands for an element, or for several variables`,
      );
    }
    return first;
  }

  #argumentsFor(parameter: DeclIdent): ExpressionElem[] {
    const fn = this.#source.fns.find(({ params }) => params.some((p) => p.name.decl.ident === parameter));
    const index = fn?.params.findIndex((p) => p.name.decl.ident === parameter) ?? -1;
    const calls = (fn && this.#calls.get(fn.name.ident.originalName)) ?? [];
    return calls.map((call) => call.arguments[index]).filter((argument) => argument !== undefined);
  }
}
