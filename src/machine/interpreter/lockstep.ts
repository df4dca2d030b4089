/** A kernel without a GPU, one workgroup at a time: every invocation runs to the next barrier, then all go on. */
import type { FnParamElem } from 'wesl/core';
import { parse } from '../../wgsl/source';
import { cannotInterpret } from './memory';
import type { Value } from './memory';
import { Statements } from './statements';
import type { Walk } from './statements';
import { Storage } from './storage';
import type { Buffers, Home, Lane } from './storage';
import { QUAD } from './waiting';

export { bindingKey } from './storage';
export type { Buffers } from './storage';

const builtinOf = ({ attributes }: FnParamElem): string | undefined =>
  attributes
    ?.map(({ attribute }) => (attribute.kind === '@builtin' ? attribute.param.name : undefined))
    .find((name) => name !== undefined);

export class Lockstep {
  readonly #storage: Storage;
  readonly #size: readonly [number, number, number];
  readonly #parameters: readonly { home: Home & { kind: 'slot' }; builtin: string }[];
  readonly #walk: Walk;

  /**
   * @param code a module with one compute entry point; every one of its bindings has a buffer
   * @throws AttnError `cannot-interpret` (reason) for what the interpreter does not know, `cannot-tap` for what cannot
   * be parsed
   */
  constructor(code: string, buffers: Buffers) {
    const source = parse(code);
    this.#storage = new Storage(source, buffers);
    const { size, parameters, walk } = new Statements(source, this.#storage).entry();
    const [x = 1, y = 1, z = 1] = size;
    this.#size = [x, y, z];
    this.#walk = walk;
    this.#parameters = source.entry.params.map((parameter, i) => {
      const home = parameters[i];
      const builtin = builtinOf(parameter);
      if (home?.kind !== 'slot' || !builtin)
        throw cannotInterpret(`the entry point's parameter ${parameter.name.decl.ident.originalName}`);
      return { home, builtin };
    });
  }

  /**
   * Runs one workgroup; stops after every barrier that all invocations have reached, so that its caller may report or
   * give up.
   * @param backwards the last invocation goes first to each barrier: an answer that changes by that lacks one
   */
  *workgroup(group: readonly [number, number, number], backwards = false): Generator<void, void, void> {
    this.#storage.clearShared();
    const [x, y, z] = this.#size;
    const lanes = this.#storage.lanes(x * y * z);
    const walks = lanes.map((lane) => {
      this.#begin(lane, group);
      return this.#walk(lane);
    });
    if (backwards) walks.reverse();
    for (;;) {
      const done = walks.filter((walk) => walk.next().done).length;
      if (done === walks.length) return;
      if (done > 0) throw cannotInterpret('a barrier that not all invocations reach');
      yield;
    }
  }

  /** Gives an invocation the values of its built-in parameters. */
  #begin({ index, slots }: Lane, group: readonly [number, number, number]): void {
    const [sx, sy, sz] = this.#size;
    const local = [index % sx, Math.floor(index / sx) % sy, Math.floor(index / (sx * sy))] as const;
    const values: Record<string, Value> = {
      workgroup_id: group,
      local_invocation_id: local,
      local_invocation_index: index,
      subgroup_invocation_id: index % QUAD,
      subgroup_size: QUAD,
      global_invocation_id: [group[0] * sx + local[0], group[1] * sy + local[1], group[2] * sz + local[2]],
    };
    for (const { home, builtin } of this.#parameters) {
      const value = values[builtin];
      if (value === undefined) throw cannotInterpret(`the built-in value ${builtin}`);
      slots[home.slot] = value;
    }
  }
}
