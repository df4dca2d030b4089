// The traces that were imported in this session, by the name of their file: a link carries the name, Back and Forward find the trace here.
import type { Trace } from '../capture/trace';
import { NAME_LIMIT, type LinkProblem } from './fragment';
import type { Located } from './state';

const kept = new Map<string, Trace>();

/** Keeps a trace, in place of an earlier one of the same name, and returns the name it is found by. */
export function keepImport(name: string, trace: Trace): string {
  const short = name.slice(0, NAME_LIMIT).trim() || '.attn';
  kept.set(short, { ...trace, header: { ...trace.header, provenance: 'imported' } });
  return short;
}

export const importOf = (name: string): Trace | undefined => kept.get(name);

/** A link to a file that is not here, as after a reload, is told and opens on the own run. */
export function withoutMissing(read: { located: Located; problems: LinkProblem[] }): { located: Located; problems: LinkProblem[] } {
  const { located, problems } = read;
  if (located.file === undefined || kept.has(located.file)) return read;
  return { located: { ...located, file: undefined }, problems: [...problems, { kind: 'no-file', key: 'file', value: located.file }] };
}
