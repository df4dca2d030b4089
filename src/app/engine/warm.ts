// Has the kernel of a choice compiled while its inputs are still being made: compiling needs the shape alone, and that
// is known long before.
import type { Shape } from '../../ops/attention/shape';
import type { Machine } from '../../machine/machine';
import { maskOf, opensWithOne, scoresOf, seededShape, type Choice } from '../../figure/choice';
import { textOf, type Reader } from '../../figure/problem';
import { fetchRecorded } from '../../figure/recorded';
import { runOf } from '../../figure/run-of';

/**
 * The shape that a choice will run with. A text has as many rows as tokens: those of the default passage stand in its
 * recording, any other is counted; the width of a head is the recording's too, which is of the same model.
 */
async function shapeSoon(choice: Choice, reader: Reader): Promise<Shape> {
  if (choice.input === 'seed') return seededShape(choice);
  const text = textOf(choice);
  const { tokens, input, run } = (await fetchRecorded(choice, document.baseURI)).header;
  // Any slope will do: it is a number in the text, and which head it is of is known only with the model.
  const slopes = scoresOf(choice, 1);
  const rows = tokens && input.endsWith(text) ? tokens.length : await reader.count(text);
  return { ...run.shape, queries: opensWithOne(choice) ? 1 : rows, keys: rows, mask: maskOf(choice), ...slopes };
}

/** Compiles. Never throws: what is missing or refused here is met, and told, where it is really needed. */
export async function warmUp(
  choice: Choice,
  opening: Promise<Machine>,
  reader: Reader,
  signal: AbortSignal,
): Promise<void> {
  // The shape of tensors is known only with them.
  if (choice.input === 'file') return;
  try {
    const [machine, shape] = await Promise.all([opening, shapeSoon(choice, reader)]);
    if (!signal.aborted) await machine.warm(runOf(choice, shape, machine.limits));
  } catch {
    // See above.
  }
}
