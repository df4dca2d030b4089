/**
 * Runs the texts of a kernel that is not in the list, or of an op that the machine does not check, without a GPU: plain
 * for its values, instrumented for what it asks of HBM.
 */
import { elementsOf } from '../../ops';
import { boundOf } from '../../ops/check';
import type { Sizes } from '../../ops/sizes';
import { storageBytes } from '../../machine/testing/reading';
import { bindingKey, Lockstep } from '../../machine/interpreter/lockstep';
import { Recorder } from '../../machine/interpreter/recorder';
import { describePass } from '../../tap/describe';
import { instrument } from '../../tap/tap';
import { link } from '../../wgsl/link';
import type { PassSpec } from '../card';

/** Tensors by name. */
export type Data = Record<string, Float32Array<ArrayBuffer>>;

/** The tensors that passes bind: those given, and the others full of NaN, so that an element nobody writes is seen. */
export function tensorsFor(passes: readonly PassSpec[], sizes: Sizes, given: Data): Data {
  const all: Data = {};
  for (const { tensor } of passes.flatMap(({ bindings }) => bindings)) {
    all[tensor] ??= given[tensor]?.slice() ?? new Float32Array(elementsOf(tensor, sizes)).fill(Number.NaN);
  }
  return all;
}

const buffersOf = ({ bindings }: PassSpec, data: Data): Map<string, ArrayBuffer> =>
  new Map(bindings.map(({ binding, tensor }) => [bindingKey(0, binding), data[tensor]!.buffer]));

/**
 * Runs the texts that are compiled, pass by pass, every workgroup of each; `backwards`: the last of its invocations
 * first.
 */
export function interpret(passes: readonly PassSpec[], sizes: Sizes, given: Data, backwards = false): Data {
  const data = tensorsFor(passes, sizes, given);
  for (const pass of passes) {
    const lockstep = new Lockstep(link(pass).code, buffersOf(pass, data).set(bindingKey(1, 0), new ArrayBuffer(16)));
    const [x, y, z] = pass.grid;
    for (let w = 0; w < x * y * z; w++) {
      for (const _barrier of lockstep.workgroup([w % x, Math.floor(w / x) % y, Math.floor(w / (x * y))], backwards));
    }
  }
  return data;
}

/** The same by the instrumented texts, with the bytes that they counted. */
export function count(
  passes: readonly PassSpec[],
  sizes: Sizes,
  given: Data,
): { data: Data; bytes: { loads: number; stores: number } } {
  const data = tensorsFor(passes, sizes, given);
  const traced = passes.map((pass) => {
    const text = link(pass).source;
    const tapped = instrument(text, { workgroupSize: pass.workgroupSize });
    const source = { spec: pass, text, tapped };
    const recorder = new Recorder(source, buffersOf(pass, data));
    for (let w = 0; w < recorder.workgroups; w++) recorder.count(w);
    return describePass(source, sizes, recorder.totals([]), []);
  });
  return { data, bytes: storageBytes(traced) };
}

/** What an array holds at the end: of all invocations, one after the other, where each has its own. */
interface Left {
  invocations: number;
  values: Float32Array;
}

/**
 * What the first workgroup of each pass leaves in the arrays that have a layout, by name; `data` holds all tensors as
 * they end.
 */
export function leftIn(passes: readonly PassSpec[], data: Data): { pass: PassSpec; arrays: Record<string, Left> }[] {
  return passes.map((pass) => {
    const text = link(pass).source;
    const tapped = instrument(text, { workgroupSize: pass.workgroupSize, locals: new Set(Object.keys(pass.layouts)) });
    const copies = new Map([...buffersOf(pass, data)].map(([key, buffer]) => [key, buffer.slice(0)]));
    const { captured } = new Recorder({ spec: pass, text, tapped }, copies).capture(0);
    const arrays = tapped.arrays.map(({ id, name, scope }): [string, Left] => {
      const bits = captured.arrays[id]!.at(-1)?.bits ?? [];
      return [
        name,
        {
          invocations: scope === 'invocation' ? pass.workgroupSize : 1,
          values: new Float32Array(Uint32Array.from(bits).buffer),
        },
      ];
    });
    return { pass, arrays: Object.fromEntries(arrays) };
  });
}

/** max |a - b|; Infinity where either is no number. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    most = Number.isNaN(difference) ? Infinity : Math.max(most, difference);
  }
  return most;
}

/**
 * By how much `got` is farther from f64 than the check allows where plain f32 is as far as it is; 0 or less is right.
 */
export function excess(got: ArrayLike<number>, want: ArrayLike<number>, plain: ArrayLike<number> = want): number {
  return farthest(got, want) - boundOf(farthest(plain, want), want);
}
