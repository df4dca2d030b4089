// Holds the untouched text of a kernel against the instrumented one, which was checked against the oracle and is on
// screen already.
import type { Signal } from '@preact/signals-core';
import { asAttnError } from '../../errors';
import type { CaptureSession } from '../../machine/machine';

/**
 * Compiles and runs the untouched text, and has the trace's header say how far the two lie apart.
 * @param captures raised when it does
 * @throws AttnError what `CaptureSession.compare` throws, but for a loss, which is told elsewhere, and what nobody
 * wants any more
 */
export async function comparePlain(capture: CaptureSession, captures: Signal<number>): Promise<void> {
  try {
    await capture.compare();
    captures.value++;
  } catch (thrown) {
    const { code } = asAttnError(thrown);
    if (code !== 'cancelled' && code !== 'device-lost') throw thrown;
  }
}
