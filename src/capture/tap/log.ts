/** Lines: what each statement assigned, for one selected invocation. */
import type { Type } from 'wesl/core';
import type { VariableInfo } from '../trace';
import { bitsOf, scalarOf } from './types';
import type { ScalarName } from './types';

const shown = (scalar: ScalarName): VariableInfo['type'] => (scalar === 'f16' ? 'f32' : scalar);

export class Log {
  readonly variables: VariableInfo[] = [];

  /** The calls that log `text` (a scalar, or a vector component by component) as the value of `name`; empty for other types. */
  assigned(name: string, type: Type, text: string, line: number): string {
    const scalar = scalarOf(type);
    if (!scalar) return '';
    if (type.kind === 'scalar') return this.#call(name, scalar, text, line);
    if (type.kind !== 'vector') return '';
    return [...'xyzw'.slice(0, type.size)].map((c) => this.#call(`${name}.${c}`, scalar, `${text}.${c}`, line)).join('');
  }

  #call(name: string, scalar: ScalarName, text: string, line: number): string {
    const id = this.variables.length;
    this.variables.push({ id, name: name.replaceAll(/\s+/g, ' '), type: shown(scalar), line });
    return ` _tap_log(${id}u, ${bitsOf(text, scalar)});`;
  }
}
