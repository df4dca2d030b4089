/**
 * Memory as WGSL lays it out, in words of 32 bits, and values as the interpreter handles them: numbers, vectors as
 * arrays that nobody writes to.
 */
import type { Type } from 'wesl/core';
import { AttnError } from '../../errors';

/** Why a kernel cannot be interpreted; `reason` is for people and names the line where it can. */
export const cannotInterpret = (reason: string): AttnError => new AttnError('cannot-interpret', { reason });

/** The scalar types of the interpreter; a bool is 0 or 1. */
export type Scalar = 'f32' | 'u32' | 'i32' | 'bool';

export type Vector = readonly number[];

/** Where something stands. */
export interface Pointer {
  memory: Memory;
  at: number;
}

/** An array or struct by value is a pointer to a copy of it. */
export type Value = number | Vector | Pointer;

/** One buffer, as each of the scalar types. */
export class Memory {
  readonly f32: Float32Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;

  constructor(buffer: ArrayBuffer) {
    this.f32 = new Float32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
  }
}

/** The scalar that a type is made of; literals without a type of their own take the one that WGSL prefers. */
export function scalarKind(type: Type): Scalar {
  if (type.kind === 'vector' || type.kind === 'atomic') return scalarKind(type.elem);
  if (type.kind === 'scalar') {
    if (type.scalar === 'abstract-float') return 'f32';
    if (type.scalar === 'abstract-int') return 'i32';
    if (type.scalar !== 'f16') return type.scalar;
  }
  throw cannotInterpret(`the type ${type.kind === 'scalar' ? type.scalar : type.kind}`);
}

export const isAbstract = (type: Type): boolean =>
  (type.kind === 'scalar' && type.scalar.startsWith('abstract')) || (type.kind === 'vector' && isAbstract(type.elem));

export const isComposite = (type: Type): boolean => type.kind === 'array' || type.kind === 'struct';

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/** Words that a type is aligned to (WGSL 14.4.1). */
function alignOf(type: Type): number {
  if (type.kind === 'vector') return type.size === 2 ? 2 : 4;
  if (type.kind === 'array') return alignOf(type.elem);
  if (type.kind === 'struct') return Math.max(...type.members.map((member) => alignOf(member.type)));
  return 1;
}

/** Words from an array's element to the next. */
export const strideOf = (elem: Type): number => roundUp(sizeOf(elem), alignOf(elem));

/** The first word of a struct's member; of no name, the word behind its last. */
export function offsetOf(type: Type & { kind: 'struct' }, name?: string): number {
  let at = 0;
  for (const member of type.members) {
    at = roundUp(at, alignOf(member.type));
    if (member.name === name) return at;
    at += sizeOf(member.type);
  }
  return at;
}

/** Words that a type takes; an array as long as its buffer takes none of its own. */
export function sizeOf(type: Type): number {
  if (type.kind === 'vector') return type.size;
  if (type.kind === 'array') return (type.count ?? 0) * strideOf(type.elem);
  if (type.kind === 'struct') return roundUp(offsetOf(type), alignOf(type));
  if (type.kind === 'ptr') return 0;
  scalarKind(type);
  return 1;
}

/**
 * Memory as a scalar type sees it. Property names are written out: looking one up by a variable costs more than all
 * else in a load.
 */
export function viewOf(kind: Scalar): (memory: Memory) => Float32Array | Uint32Array | Int32Array {
  if (kind === 'f32') return (memory) => memory.f32;
  return kind === 'i32' ? (memory) => memory.i32 : (memory) => memory.u32;
}

/** Reads a value of a type. */
export function loader(type: Type): (memory: Memory, at: number) => Value {
  if (isComposite(type)) {
    const words = sizeOf(type);
    return (memory, at) => ({ memory: new Memory(memory.u32.slice(at, at + words).buffer), at: 0 });
  }
  const view = viewOf(scalarKind(type));
  if (type.kind !== 'vector') return (memory, at) => view(memory)[at]!;
  switch (type.size) {
    case 2:
      return (memory, at) => {
        const from = view(memory);
        return [from[at]!, from[at + 1]!];
      };
    case 3:
      return (memory, at) => {
        const from = view(memory);
        return [from[at]!, from[at + 1]!, from[at + 2]!];
      };
    default:
      return (memory, at) => {
        const from = view(memory);
        return [from[at]!, from[at + 1]!, from[at + 2]!, from[at + 3]!];
      };
  }
}

/** Writes a value of a type. */
export function storer(type: Type): (memory: Memory, at: number, value: Value) => void {
  if (isComposite(type)) {
    const words = sizeOf(type);
    return (memory, at, value) => {
      const from = value as Pointer;
      memory.u32.set(from.memory.u32.subarray(from.at, from.at + words), at);
    };
  }
  const view = viewOf(scalarKind(type));
  if (type.kind !== 'vector') {
    return (memory, at, value) => {
      view(memory)[at] = value as number;
    };
  }
  const { size } = type;
  return (memory, at, value) => {
    const to = view(memory);
    for (let i = 0; i < size; i++) to[at + i] = (value as Vector)[i]!;
  };
}

/** The zero of a type. */
export function zeroOf(type: Type): Value {
  if (type.kind === 'vector') return Array.from({ length: type.size }, () => 0);
  return isComposite(type) ? { memory: new Memory(new ArrayBuffer(4 * sizeOf(type))), at: 0 } : 0;
}
