// The traces that live in this session only, imported or captured by a lab, by name: a link carries the name, Back and
// Forward find the trace here.
import type { Trace } from '../../trace/trace';
import type { LinkProblem, Located } from '../link/fragment';
import { NAME_LIMIT } from '../link/own';

const kept = new Map<string, Trace>();

/** Keeps a trace, in place of an earlier one of the same name, and returns the name it is found by. */
export function keepTrace(name: string, trace: Trace): string {
  const short = name.slice(0, NAME_LIMIT).trim() || '.attn';
  kept.set(short, trace);
  return short;
}

/** The same for a trace out of a file, which says so. */
export const keepImport = (name: string, trace: Trace): string =>
  keepTrace(name, { ...trace, header: { ...trace.header, provenance: 'imported' } });

export const importOf = (name: string): Trace | undefined => kept.get(name);

/**
 * A link to a file that is not here, as after a reload, is told and opens on the own run. In the Page lab no file is
 * missed.
 */
export function withoutMissing(read: { located: Located; problems: LinkProblem[] }): {
  located: Located;
  problems: LinkProblem[];
} {
  const { located, problems } = read;
  if (located.file === undefined || kept.has(located.file)) return read;
  const missed: LinkProblem[] = located.lab === 'page' ? [] : [{ kind: 'no-file', key: 'file', value: located.file }];
  return { located: { ...located, file: undefined }, problems: [...problems, ...missed] };
}
