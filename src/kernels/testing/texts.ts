/** Runs the texts of a kernel that has no card yet, without a GPU: plain for its values, instrumented for what it asks of HBM. */
import { elementsOf } from '../../ops';
import type { Sizes } from '../../ops/sizes';
import { storageBytes } from '../../machine/testing/reading';
import { bindingKey, Lockstep } from '../../machine/interpreter/lockstep';
import { Recorder } from '../../machine/interpreter/recorder';
import { describePass, type TappedPass } from '../../tap/describe';
import { instrument } from '../../tap/tap';
import { link } from '../../wgsl/link';
import type { TextPass } from '../text-pass';

/** Tensors by name. */
export type Data = Record<string, Float32Array<ArrayBuffer>>;

/** The tensor of attention that each is as large as. */
const LIKE: Record<string, 'Q' | 'K' | 'S' | 'LSE'> = {
  Q: 'Q',
  O: 'Q',
  dO: 'Q',
  dQ: 'Q',
  Y: 'Q',
  K: 'K',
  V: 'K',
  dK: 'K',
  dV: 'K',
  S: 'S',
  P: 'S',
  dP: 'S',
  dS: 'S',
};

/** The tensors that passes bind: those given, and the others full of NaN, so that an element nobody writes is seen. */
export function tensorsFor(passes: readonly TextPass[], sizes: Sizes, given: Data): Data {
  const all: Data = {};
  const length = (name: string): number => (name === 'LD' ? 2 : 1) * elementsOf(LIKE[name] ?? 'LSE', sizes);
  for (const { tensor } of passes.flatMap(({ bindings }) => bindings)) {
    all[tensor] ??= given[tensor]?.slice() ?? new Float32Array(length(tensor)).fill(Number.NaN);
  }
  return all;
}

const buffersOf = ({ bindings }: TextPass, data: Data): Map<string, ArrayBuffer> =>
  new Map(bindings.map(({ binding, tensor }) => [bindingKey(0, binding), data[tensor]!.buffer]));

/** Runs the texts that are compiled, pass by pass, every workgroup of each; `backwards`: the last of its invocations first. */
export function interpret(passes: readonly TextPass[], sizes: Sizes, given: Data, backwards = false): Data {
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
export function count(passes: readonly TextPass[], sizes: Sizes, given: Data): { data: Data; bytes: { loads: number; stores: number } } {
  const data = tensorsFor(passes, sizes, given);
  const traced = passes.map((pass) => {
    const text = link(pass).source;
    const tapped = instrument(text, { workgroupSize: pass.workgroupSize });
    const source = { spec: pass, text, tapped } as unknown as TappedPass;
    const recorder = new Recorder(source, buffersOf(pass, data));
    for (let w = 0; w < recorder.workgroups; w++) recorder.count(w);
    return describePass(source, sizes, recorder.totals([]), []);
  });
  return { data, bytes: storageBytes(traced) };
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

/** Whether `got` is as near to f64 as the check asks: within twice what plain f32 is off by, and 4e-6 (1 + the largest number). */
export function excess(got: ArrayLike<number>, want: ArrayLike<number>, plain: ArrayLike<number> = want): number {
  const largest = Array.from(want).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return farthest(got, want) - 2 * farthest(plain, want) - 4e-6 * (1 + largest);
}
