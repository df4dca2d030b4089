// The page's device: opened once, told to the state, opened anew after its first loss, and given up after the second.
import { batch } from '@preact/signals-core';
import type { AttnError } from '../../errors';
import type { Machine } from '../../machine/machine';
import { openMachine } from '../../machine/open';
import { keepSession, type SessionKeeper } from '../../machine/gpu/keeper';
import type { Session } from '../../machine/gpu/session';
import { namesOf } from '../../ui/device-name';
import { clearErrors } from '../messages/messages';
import type { State } from '../state';

/** Codes after which no kernel can run on a device here until the visitor tries again. */
export const FINAL = new Set(['no-webgpu', 'no-adapter', 'device-refused', 'device-silent', 'device-lost-again']);

export interface Device {
  /** The open device. Throws what opening threw. */
  session(): Promise<Session>;
  /** The device, or the interpreter once it is certain that there is none. Throws what opening threw. */
  machine(): Promise<Machine>;
  /** A run came to its end: the next loss is a first one again. */
  settled(): void;
  /** Recordings and the interpreter from here on, until the visitor tries again. */
  giveUp(): void;
  /** The visitor tries again. */
  again(): void;
  close(): void;
}

export interface DeviceEnv {
  report(thrown: unknown, retry?: () => void): void;
  /** The device is lost, and what lay on it. */
  lost(): void;
  /** Runs what is chosen. */
  begin(): void;
}

export function followDevice(state: State, { report, lost, begin }: DeviceEnv): Device {
  const onLost = (error: AttnError): void => {
    lost();
    report(error, error.code === 'device-lost-again' ? again : undefined);
    if (error.code === 'device-lost') begin();
    else giveUp();
  };

  const keeper: SessionKeeper = keepSession(onLost, report);

  const session = async (): Promise<Session> => {
    const open = await keeper.session();
    batch(() => {
      state.device.value = {
        kind: 'ready',
        name: namesOf(open.info),
        software: open.info.software,
        timestamps: open.timestamps,
      };
      state.limits.value = open.limits;
      state.canRun.value = true;
    });
    return open;
  };

  const giveUp = (): void => {
    batch(() => {
      state.device.value = { kind: 'none' };
      state.limits.value = undefined;
      state.canRun.value = false;
      state.progress.value = undefined;
    });
  };

  const again = (): void => {
    clearErrors(state.messages);
    state.device.value = { kind: 'starting' };
    keeper.reset();
    state.canRun.value = true;
    begin();
  };

  return {
    session,
    machine: () => openMachine(state.canRun.peek() ? session() : undefined),
    settled: () => keeper.settled(),
    giveUp,
    again,
    close: () => keeper.close(),
  };
}
