/** A WGSL text, parsed and bound: its variables, functions and entry point, and their positions. */
import { bindIdents, parseSrcModule, refDecl, typeOfDecl, typeOfExpr, visitAst } from 'wesl/core';
import type {
  DeclIdent,
  ExpressionElem,
  FnElem,
  FunctionCallExpression,
  GlobalVarElem,
  RefIdent,
  Type,
  TypeContext,
} from 'wesl/core';
import { AttnError } from '../errors';
import { regroup } from './precedence';

/** Memory that is shared, and therefore counted. */
export type MemorySpace = 'storage' | 'workgroup';

export interface Source {
  text: string;
  fns: readonly FnElem[];
  entry: FnElem;
  /** Module-scope variables by declaration. */
  globals: ReadonlyMap<DeclIdent, GlobalVarElem>;
  typeOf(expression: ExpressionElem): Type;
  typeOfDecl(decl: DeclIdent): Type;
  declOf(ident: RefIdent): DeclIdent | undefined;
  /** The user function that a call calls; undefined for built-ins and constructors. */
  callee(call: FunctionCallExpression): FnElem | undefined;
  /** 1-based. */
  lineAt(position: number): number;
  /** 1-based. */
  columnAt(position: number): number;
}

/** The text of a part of the source on one line, without comments, so that it can be repeated elsewhere. */
export const textOf = ({ text }: Source, { start, end }: { start: number; end: number }): string =>
  text
    .slice(start, end)
    .replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, ' ')
    .replaceAll(/\s+/g, ' ');

/** The error for a text that cannot be instrumented; `reason` is for people and names the line. */
export const cannotTap = (reason: string): AttnError => new AttnError('cannot-tap', { reason });

/** The name of the called function. */
export function calleeName(call: FunctionCallExpression): string {
  return (call.function.kind === 'type' ? call.function.name : call.function.ident).originalName;
}

/** The position of each line's first character. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

const attribute = (element: FnElem | GlobalVarElem, name: string) =>
  element.attributes?.find(({ attribute: a }) => a.kind === '@attribute' && a.name === name);

/** The number in `@group(n)` or `@binding(n)` when it is a plain literal. */
export function bindingNumber(variable: GlobalVarElem, which: 'group' | 'binding'): number | undefined {
  const found = attribute(variable, which)?.attribute;
  const parameter = found?.kind === '@attribute' ? found.params?.[0]?.expression : undefined;
  return parameter?.kind === 'literal' ? Number.parseInt(parameter.value, 10) : undefined;
}

/** The address space of a module-scope variable: storage, workgroup, uniform, private, or handle. */
export const spaceOf = (variable: GlobalVarElem): string => variable.template?.[0]?.name ?? 'handle';

/**
 * Parses and binds one self-contained WGSL module.
 * @throws AttnError cannot-tap when it does not parse or has not exactly one compute entry point
 */
export function parse(text: string): Source {
  const ast = parseSrcModule({ src: text, modulePath: 'package::main', debugFilePath: 'main.wgsl' });
  const wrong = ast.diagnostics.find((d) => d.severity === 'error');
  const starts = lineStarts(text);
  const lineAt = (position: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  if (wrong) throw cannotTap(`line ${lineAt(wrong.start)}: ${wrong.message}`);
  regroup(ast.moduleElem);
  const { bindings } = bindIdents({
    rootAst: ast,
    resolver: { resolveModule: () => undefined },
    conditions: {},
    lenient: true,
  });
  const context: TypeContext = { bindings, conditions: {} };

  const fns = ast.moduleElem.decls.filter((d): d is FnElem => d.kind === 'fn');
  const entries = fns.filter((fn) => attribute(fn, 'compute'));
  const [entry] = entries;
  if (!entry || entries.length > 1) throw cannotTap(`${entries.length} compute entry points`);
  const byDecl = new Map(fns.map((fn) => [fn.name.ident, fn]));
  const globals = ast.moduleElem.decls
    .filter((d): d is GlobalVarElem => d.kind === 'gvar')
    .map((d) => [d.name.decl.ident, d] as const);

  const declOf = (ident: RefIdent) => refDecl(ident, bindings);
  return {
    text,
    fns,
    entry,
    globals: new Map(globals),
    typeOf: (expression) => typeOfExpr(expression, context),
    typeOfDecl: (decl) => typeOfDecl(decl, context),
    declOf,
    callee(call) {
      const decl = call.function.kind === 'ref' ? declOf(call.function.ident) : undefined;
      return decl && byDecl.get(decl);
    },
    lineAt,
    columnAt: (position) => position - (starts[lineAt(position) - 1] ?? 0) + 1,
  };
}

/** A function and all functions that it calls, in source order. */
export function reachable(source: Source, from: FnElem): FnElem[] {
  const found = new Set([from]);
  for (const fn of found) {
    visitAst(fn, (element) => {
      const callee = element.kind === 'call-expression' ? source.callee(element) : undefined;
      if (callee) found.add(callee);
    });
  }
  return [...found].toSorted((a, b) => a.start - b.start);
}
