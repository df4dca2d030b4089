/** The line log: what each statement assigned, for one selected invocation. */
import type { Type } from 'wesl/core';
import type { VariableInfo } from '../trace/trace';
import { bitsOf, scalarOf, vectorBitsOf } from '../wgsl/types';
import type { ScalarName } from '../wgsl/types';

const shown = (scalar: ScalarName): VariableInfo['type'] => (scalar === 'f16' ? 'f32' : scalar);

export class Log {
  readonly variables: VariableInfo[] = [];

  /**
   * The call that logs `text` as the value of `name`: a scalar, or a vector component by component; empty for other
   * types.
   */
  assigned(name: string, type: Type, text: string, line: number): string {
    const scalar = scalarOf(type);
    if (!scalar || (type.kind !== 'scalar' && type.kind !== 'vector')) return '';
    const first = this.variables.length;
    const names = type.kind === 'vector' ? Array.from('xyzw'.slice(0, type.size), (c) => `${name}.${c}`) : [name];
    for (const n of names) this.variables.push({ id: this.variables.length, name: n, type: shown(scalar), line });
    if (type.kind === 'scalar') return ` _tap_log(${first}u, ${bitsOf(text, scalar)});`;
    return ` _tap_log${type.size}(${first}u, ${vectorBitsOf(text, type.size, scalar)});`;
  }
}
