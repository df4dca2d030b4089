// A pass as far as its text, its grid and its buffers go: what can be run, and counted, of a kernel that has no card yet.
import type { Run } from '../ops/run';
import type { Linkable } from '../wgsl/link';
import type { Binding, PassSpec } from './card';

/** What a text is made for. */
export type TextRun = Omit<Run, 'kernel'>;

/** A storage binding of @group(0), by the names of any op's tensors. */
export type TextBinding = Omit<Binding, 'tensor'> & { tensor: string };

/** One dispatch of a kernel. */
export interface TextPass extends Linkable, Pick<PassSpec, 'name' | 'grid' | 'workgroupSize'> {
  bindings: readonly TextBinding[];
}

/** Bindings in their order, each named like its tensor: those read, then those written. */
export const bindingsOf = (reads: readonly string[], writes: readonly string[]): TextBinding[] =>
  [...reads, ...writes].map((name, binding) => ({ binding, name, tensor: name, access: reads.includes(name) ? 'read' : 'read_write' }));
