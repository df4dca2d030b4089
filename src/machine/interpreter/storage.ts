/**
 * Where every variable of a kernel lives: in the buffers, in the workgroup's memory, or with the invocation. Nothing
 * recurses in WGSL, so every place is fixed.
 */
import type { DeclIdent, GlobalVarElem, Type } from 'wesl/core';
import { visitAst } from 'wesl/core';
import { bindingNumber, spaceOf } from '../../wgsl/source';
import type { Source } from '../../wgsl/source';
import { cannotInterpret, isComposite, Memory, sizeOf } from './memory';
import type { Value } from './memory';

/** One invocation: values by slot, and memory for its arrays, structs and what pointers point at. */
export interface Lane {
  readonly slots: Value[];
  readonly memory: Memory;
  /** What the function that ended last has returned. */
  result: Value;
  readonly index: number;
  /** All invocations of the workgroup, by index. */
  readonly peers: readonly Lane[];
  /** What it hands round in its quad: the buffer of this turn, and of the one before. */
  readonly given: Value[];
  turn: number;
}

/** A slot holds a value; a place is words of some memory. */
export type Home =
  | { kind: 'slot'; slot: number; type: Type }
  | { kind: 'place'; memory: Memory | 'own'; at: number; type: Type }
  | { kind: 'constant'; value: Value; type: Type };

/** Buffers by group and binding. */
export type Buffers = ReadonlyMap<string, ArrayBuffer>;

export const bindingKey = (group: number, binding: number): string => `${group} ${binding}`;

/** Everything begins where a vec4 may. */
const aligned = (words: number): number => Math.ceil(words / 4) * 4;

/** Variables that a pointer may point at, and which therefore need a place. */
function pointedAt(source: Source): Set<DeclIdent> {
  const found = new Set<DeclIdent>();
  for (const fn of source.fns) {
    visitAst(fn, (element) => {
      if (element.kind !== 'unary-expression' || element.operator.value !== '&') return;
      let base = element.expression;
      while (base.kind !== 'ref') {
        if (base.kind === 'parenthesized-expression') base = base.expression;
        else if (base.kind === 'component-expression' || base.kind === 'component-member-expression') base = base.base;
        else return;
      }
      const decl = source.declOf(base.ident);
      if (decl) found.add(decl);
    });
  }
  return found;
}

export class Storage {
  readonly #source: Source;
  readonly #pointedAt: ReadonlySet<DeclIdent>;
  readonly #homes = new Map<DeclIdent, Home>();
  #slots = 0;
  #ownWords = 0;
  readonly #shared: Memory;

  constructor(source: Source, buffers: Buffers) {
    this.#source = source;
    this.#pointedAt = pointedAt(source);
    const shared = [...source.globals].filter(([, variable]) => spaceOf(variable) === 'workgroup');
    this.#shared = new Memory(
      new ArrayBuffer(4 * shared.reduce((words, [decl]) => aligned(words) + sizeOf(source.typeOfDecl(decl)), 0)),
    );
    let sharedWords = 0;
    for (const [decl, variable] of source.globals) {
      const type = source.typeOfDecl(decl);
      const space = spaceOf(variable);
      if (space === 'workgroup') {
        sharedWords = aligned(sharedWords);
        this.#homes.set(decl, { kind: 'place', memory: this.#shared, at: sharedWords, type });
        sharedWords += sizeOf(type);
      } else if (variable.init) throw cannotInterpret(`${decl.originalName} has an initial value`);
      else if (space === 'private') this.#homes.set(decl, this.#place(type));
      else this.#bind(decl, variable, type, buffers);
    }
  }

  #bind(decl: DeclIdent, variable: GlobalVarElem, type: Type, buffers: Buffers): void {
    const key = bindingKey(bindingNumber(variable, 'group') ?? -1, bindingNumber(variable, 'binding') ?? -1);
    const buffer = buffers.get(key);
    if (!buffer) throw cannotInterpret(`${decl.originalName} has no buffer`);
    this.#homes.set(decl, { kind: 'place', memory: new Memory(buffer), at: 0, type });
  }

  #place(type: Type): Home {
    const at = aligned(this.#ownWords);
    this.#ownWords = at + sizeOf(type);
    return { kind: 'place', memory: 'own', at, type };
  }

  /** Gives a function's variable, parameter or `let` its home. */
  declare(decl: DeclIdent, type = this.#source.typeOfDecl(decl)): Home {
    const inPlace = this.#pointedAt.has(decl) || (isComposite(type) && decl.declElem?.kind === 'var');
    const home: Home = inPlace ? this.#place(type) : { kind: 'slot', slot: this.slot(), type };
    this.#homes.set(decl, home);
    return home;
  }

  /** A slot of its own for every invocation. */
  slot(): number {
    return this.#slots++;
  }

  /** Notes what a constant is. */
  constant(decl: DeclIdent, type: Type, value: Value): Home {
    const home: Home = { kind: 'constant', value, type };
    this.#homes.set(decl, home);
    return home;
  }

  homeOf(decl: DeclIdent): Home | undefined {
    return this.#homes.get(decl);
  }

  /** The fresh invocations of a workgroup. All variables must have been declared. */
  lanes(size: number): Lane[] {
    const peers: Lane[] = [];
    for (let index = 0; index < size; index++) {
      const slots = Array.from({ length: this.#slots }, () => 0);
      peers.push({
        slots,
        memory: new Memory(new ArrayBuffer(4 * this.#ownWords)),
        result: 0,
        index,
        peers,
        given: [0, 0],
        turn: 0,
      });
    }
    return peers;
  }

  /** Workgroup memory begins as zeros in every workgroup. */
  clearShared(): void {
    this.#shared.u32.fill(0);
  }
}
