// What a kernel is to the rest of the project: a card with its passes, tile sizes, buffers, limits and the layouts of
// its arrays.
import type { TensorId } from '../ops/op';
import type { Language } from '../words';
import type { Limits, Refusal } from '../ops/limits';
import type { ByTensor, Costs } from '../ops/costs';
import type { Run, Tile } from '../ops/run';
import type { ArrayLayout } from '../ops/layout';
import type { Linkable } from '../wgsl/link';

/** A storage binding of @group(0): the WGSL variable and the tensor in it. */
export interface Binding {
  binding: number;
  name: string;
  tensor: TensorId;
  access: 'read' | 'read_write';
}

/** One dispatch of a kernel. */
export interface PassSpec extends Linkable {
  /** Short name: 'scores', 'softmax', 'output', 'flash'. */
  name: string;
  /**
   * Workgroups: x = blocks of query rows (or all of a plane, or blocks of keys, see `rows`), z = planes, see `sharers`.
   */
  grid: readonly [number, number, number];
  /**
   * Query rows of a workgroup; divides 64, so that a run can be cut at every 64th row. 0 where x is anything else: such
   * a run is cut by planes alone.
   */
  rows: number;
  /** Query heads that one z stands for where z counts planes of K and V; 1, for planes of Q, when absent. */
  sharers?: number;
  workgroupSize: number;
  bindings: readonly Binding[];
  /** Layouts by WGSL variable name, for workgroup variables and function-local variables of the entry point. */
  layouts: Record<string, ArrayLayout>;
}

/** What menus, links and lists need of a kernel: its card in the ordered list of `kernels/index.ts`. */
export interface KernelCard {
  /** Its name wherever it stands: links, traces, sentences. */
  id: string;
  /** Id of the op that it computes. */
  op: string;
  /** The id, and beside it, where there is room, what it is. */
  name: Readonly<Record<Language, string>>;
  /** Its place among hues and symbols, where it is not that of its place in the list. */
  hue?: number;
  /** Whether the interpreter may run it: only where a test holds its counts and values there against a GPU's. */
  interpreted?: true;
  /** Made for one query row a sequence. It computes any number of rows, but races of many leave it out. */
  decoding?: true;
  /** Does its op as the papers' standard way does, with everything of N x N written to HBM: the others replace it. */
  standard?: true;
  /** Reads K and V through a block table. */
  paged?: true;
  /** A device feature that the kernel cannot do without. */
  feature?: GPUFeatureName;
  /** The tile sizes on offer, the default first. Empty when the kernel has no tile. */
  tiles: readonly Tile[];
}

/**
 * A kernel: its card and all that it takes to run it and to say what that costs. Adding a kernel = its WGSL, its file,
 * its card in `kernels/index.ts` and its line in `kernels/kernels.ts`.
 */
export interface Kernel extends KernelCard {
  passes(run: Run): readonly PassSpec[];
  /** Bytes of workgroup memory one workgroup takes. */
  sramBytes(run: Run): number;
  /** Why the run does not fit these limits, or undefined when it does. */
  limit(run: Run, limits: Limits): Refusal | undefined;
  /**
   * Why it requests more of some tensors than its IO model says, where that is not what it would be for other kernels
   * of its kind.
   */
  causes?: Costs['causes'];
  /** Groups of lanes of a workgroup that each load all of its K and V for themselves; one when absent. */
  keyGroups?(run: Run): number;
  /** The papers' IO model of the kernel, where it is not that of its kind: see ./io-model. */
  ioModel?(run: Run): ByTensor;
  /** The IO model of the way that the kernel is there to replace; that of standard attention need not be said. */
  replaces?(run: Run): Costs['standard'];
  /** Bytes requested from HBM by the kernel as written: the closed form that the counters must meet, to the byte. */
  requested(run: Run): { loads: number; stores: number };
}
