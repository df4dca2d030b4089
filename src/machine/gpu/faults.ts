// What the device refuses is told to whoever gave the command: error scopes round pieces of synchronous work.
import { AttnError } from '../../errors';
import type { Session } from './session';

export interface Faults {
  /**
   * Does something that gives commands to the device, and keeps what the device will say of it. It must not wait:
   * scopes of others would mix.
   */
  during<T>(act: () => T): T;
  /** Throws the first fault since it was last asked, as `unexpected` (message). */
  throwFirst(): Promise<void>;
}

export function faultsOf(session: Session): Faults {
  const { device } = session;
  let pending: Promise<GPUError | null>[] = [];
  return {
    during(act) {
      device.pushErrorScope('validation');
      try {
        return act();
      } finally {
        const said = device.popErrorScope();
        said.catch(() => undefined); // a lost device says nothing, and is told elsewhere
        pending.push(said);
      }
    },
    async throwFirst() {
      const asked = pending;
      pending = [];
      const error = (await session.during(Promise.all(asked))).find((one) => one !== null);
      if (error) throw new AttnError('unexpected', { message: error.message });
    },
  };
}
