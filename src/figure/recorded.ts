// Stored captures of another device: the picture of the first second, and all there is where no kernel can run. Each is
// of the page's own first run. The first kernel has one, and the one that it is compared with; until another kernel has
// run here the first one's stands in, labelled like any.
import { AttnError } from '../errors';
import { OPENING, RECORDED } from '../kernels/defaults';
import { readTrace } from '../trace/file';
import type { Trace } from '../trace/trace';
import type { Choice } from './choice';
import type { Language } from '../words';

/** Whether there is a recording of the kernel itself. */
export const hasRecording = (kernel: string): boolean => RECORDED.includes(kernel);

const known = new Map<string, Promise<Trace>>();

/** The file's address below the page's own; `e2e/tools/record.mjs` writes them. */
const recordingOf = (kernel: string, passage: Language): string => `captures/${kernel}-${passage}.attn`;

async function load(url: string): Promise<Trace> {
  const response = await fetch(url);
  if (!response.ok) throw new AttnError('unexpected', { message: `${url}: ${response.status}` });
  const trace = await readTrace(await response.arrayBuffer(), true);
  return { ...trace, header: { ...trace.header, provenance: 'recorded' } };
}

/**
 * The recorded capture of a choice's kernel, or of the one that stands in for it, on its default passage; fetched once.
 * @param base the page's address, below which the captures lie
 */
export function fetchRecorded(
  { kernel, passage = 'en' }: Pick<Choice, 'kernel' | 'passage'>,
  base: string | URL,
): Promise<Trace> {
  const file = new URL(recordingOf(hasRecording(kernel) ? kernel : OPENING, passage), base).href;
  let trace = known.get(file);
  if (!trace) {
    trace = load(file);
    known.set(file, trace);
    trace.catch(() => known.delete(file));
  }
  return trace;
}
