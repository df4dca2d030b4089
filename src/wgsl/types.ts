/** WGSL types as sequences of scalars: how many there are, how wide, and how their bits are read. */
import type { Type } from 'wesl/core';

export type ScalarName = 'f32' | 'u32' | 'i32' | 'bool' | 'f16';

/** The number of scalars in a value of this type, without padding; 0 for a runtime-sized array or an unknown type. */
export function scalarCount(type: Type): number {
  switch (type.kind) {
    case 'scalar':
    case 'atomic':
      return 1;
    case 'vector':
      return type.size;
    case 'matrix':
      return type.cols * type.rows;
    case 'array':
      return (type.count ?? 0) * scalarCount(type.elem);
    case 'struct':
      return type.members.reduce((sum, member) => sum + scalarCount(member.type), 0);
    default:
      return 0;
  }
}

/** The bytes that a load or store of this type moves, without padding. */
export function byteCount(type: Type): number {
  switch (type.kind) {
    case 'scalar':
      return type.scalar === 'f16' ? 2 : 4;
    case 'atomic':
      return 4;
    case 'vector':
      return type.size * byteCount(type.elem);
    case 'matrix':
      return type.cols * type.rows * byteCount(type.elem);
    case 'array':
      return (type.count ?? 0) * byteCount(type.elem);
    case 'struct':
      return type.members.reduce((sum, member) => sum + byteCount(member.type), 0);
    default:
      return 0;
  }
}

/** The scalar type that a value consists of; undefined when it mixes several or is atomic. */
export function scalarOf(type: Type): ScalarName | undefined {
  switch (type.kind) {
    case 'scalar':
      if (type.scalar === 'abstract-float') return 'f32';
      return type.scalar === 'abstract-int' ? 'i32' : type.scalar;
    case 'vector':
    case 'matrix':
      return scalarOf(type.elem);
    case 'array':
      return scalarOf(type.elem);
    default:
      return undefined;
  }
}

/** An expression of u32 with the bits of a scalar expression; f16 is widened to f32 first. */
export function bitsOf(expression: string, scalar: ScalarName): string {
  switch (scalar) {
    case 'u32':
      return expression;
    case 'bool':
      return `select(0u, 1u, ${expression})`;
    case 'f16':
      return `bitcast<u32>(f32(${expression}))`;
    default:
      return `bitcast<u32>(${expression})`;
  }
}

/** An expression of vecNu with the bits of a vector expression; f16 is widened to f32 first. */
export function vectorBitsOf(expression: string, size: number, scalar: ScalarName): string {
  if (scalar === 'u32') return expression;
  if (scalar === 'bool') return `select(vec${size}u(), vec${size}u(1u), ${expression})`;
  return `bitcast<vec${size}u>(${scalar === 'f16' ? `vec${size}f(${expression})` : expression})`;
}
