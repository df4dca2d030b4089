// What is known of this device's tuned choices, and the race that finds them: one memory for every lab.
import { signal, type ReadonlySignal } from '@preact/signals-core';
import { AttnError } from '../../errors';
import type { Shape } from '../../ops/attention/shape';
import { keptChoice, racedShape, shapeClass, tune, type TuneOptions } from '../../bench/tuning/autotune';
import { createChoiceStore, type Choice } from '../../bench/tuning/store';
import { createInputMaker } from '../../bench/inputs';
import type { Session } from '../../machine/gpu/session';

/** How far the races are. */
export interface Racing {
  shape: Shape;
  stage: 'compile' | 'race';
  done: number;
  of: number;
}

type RaceOptions = Pick<TuneOptions, 'anew' | 'signal' | 'attended' | 'untilAttended'>;

export interface TunedStore {
  /** What runs now. */
  readonly racing: ReadonlySignal<Racing | undefined>;
  /**
   * The choice for shapes like this one; undefined before it was measured, or without a device. Whoever reads it is
   * told of a new one.
   */
  choiceFor(shape: Shape): Choice | undefined;
  /**
   * Races for these shapes, once for each kind; what ran before is ended. @throws AttnError `cancelled`, `device-lost`,
   * `check-failed`, and what opening a device throws
   */
  measure(shapes: readonly Shape[], options?: RaceOptions): Promise<void>;
  /** Ends the races that run. */
  stop(): void;
}

export function createTunedStore(open: () => Promise<Session>): TunedStore {
  const store = createChoiceStore();
  const racing = signal<Racing | undefined>(undefined);
  const device = signal<Session | undefined>(undefined);
  const measured = signal(0);
  /** Asking takes a while: every card tells its tiles. */
  let asked = new Map<string, Choice | undefined>();
  let work = new AbortController();
  let under = Promise.resolve();
  // Without a device the page says why where it is noticed first.
  const opened = open().then(
    (session) => (device.value = session),
    () => undefined,
  );

  const measure = async (shapes: readonly Shape[], { signal: outer, ...options }: RaceOptions): Promise<void> => {
    await opened;
    const session = await open();
    device.value = session;
    const mine = new AbortController();
    work = mine;
    const end = (): void => mine.abort();
    outer?.addEventListener('abort', end);
    if (outer?.aborted) end();
    const inputs = createInputMaker();
    const kinds = new Map(shapes.map((shape) => [shapeClass(racedShape(shape, session.info.software)), shape]));
    try {
      for (const shape of kinds.values()) {
        if (mine.signal.aborted) throw new AttnError('cancelled');
        const { from } = await tune(session, shape, {
          ...options,
          store,
          inputs: (raced) => inputs.make(raced),
          signal: mine.signal,
          onProgress: (stage, done, of) => (racing.value = { shape, stage, done, of }),
        });
        if (from === 'kept') continue;
        asked = new Map();
        measured.value++;
      }
    } finally {
      outer?.removeEventListener('abort', end);
      inputs.dispose();
      racing.value = undefined;
    }
  };

  return {
    racing,
    choiceFor(shape) {
      void measured.value;
      const session = device.value;
      if (!session) return undefined;
      const key = JSON.stringify(shape);
      if (!asked.has(key)) asked.set(key, keptChoice(session, shape, store));
      return asked.get(key);
    },
    async measure(shapes, options = {}) {
      work.abort();
      await under;
      const races = measure(shapes, options);
      under = races.catch(() => undefined);
      await races;
    },
    stop: () => work.abort(),
  };
}
