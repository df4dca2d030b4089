// Counts what code begins and does not end: listeners of the page, workers, frames, timers, observers, and what it has
// of the device. Each wrap calls the real thing.
import { vi } from 'vitest';

/** What is not ended now, by kind; kinds of which nothing is left are absent. */
export type Left = Record<string, number>;

type Any = (...given: never[]) => unknown;

/** Starts to count; `restore` puts everything back as it was. */
export function countLeft(): { left(): Left; begun(): Left; restore(): void } {
  const open = new Map<string, Set<unknown>>();
  const begun: Left = {};
  const add = (kind: string, thing: unknown): void => {
    const all = open.get(kind) ?? new Set();
    open.set(kind, all.add(thing));
    begun[kind] = (begun[kind] ?? 0) + 1;
  };
  const end = (kind: string, thing: unknown): void => void open.get(kind)?.delete(thing);
  const undo: (() => void)[] = [];
  /** Puts `make(real)` in the place of a method. */
  const wrap = <T extends object>(
    owner: T,
    name: keyof T & string,
    make: (real: Any) => (this: never, ...given: never[]) => unknown,
  ) => {
    const had = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { value: make(owner[name] as Any), configurable: true, writable: true });
    undo.push(() => (had ? Object.defineProperty(owner, name, had) : delete owner[name]));
  };

  for (const [target, where] of [
    [window, 'window'],
    [document, 'document'],
  ] as const) {
    const kindOf = (type: string): string => `${type} on ${where}`;
    wrap(
      target,
      'addEventListener',
      (real) => (type: string, act: unknown, options?: AddEventListenerOptions | boolean) => {
        const { signal } = typeof options === 'object' ? options : {};
        add(kindOf(type), act);
        signal?.addEventListener('abort', () => end(kindOf(type), act));
        return Reflect.apply(real, target, [type, act, options]);
      },
    );
    wrap(target, 'removeEventListener', (real) => (type: string, act: unknown, options?: unknown) => {
      end(kindOf(type), act);
      return Reflect.apply(real, target, [type, act, options]);
    });
  }

  const once = (begin: keyof Window & string, cancel: keyof Window & string, kind: string): void => {
    wrap(window, begin, (real) => (act: (...given: unknown[]) => void, ...rest: unknown[]) => {
      const handle = Reflect.apply(real, window, [
        (...given: unknown[]) => {
          if (kind !== 'interval') end(kind, handle);
          act(...given);
        },
        ...rest,
      ] as never);
      add(kind, handle);
      return handle;
    });
    wrap(window, cancel, (real) => (handle: unknown) => {
      end(kind, handle);
      return Reflect.apply(real, window, [handle] as never);
    });
  };
  once('requestAnimationFrame', 'cancelAnimationFrame', 'frame');
  once('setTimeout', 'clearTimeout', 'timer');
  once('setInterval', 'clearInterval', 'interval');

  const RealWorker = window.Worker;
  class CountedWorker extends RealWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      add('worker', this);
    }
    override terminate(): void {
      end('worker', this);
      super.terminate();
    }
  }
  vi.stubGlobal('Worker', CountedWorker);

  for (const Observer of [IntersectionObserver, ResizeObserver, MutationObserver]) {
    const kind = Observer.name;
    const { prototype } = Observer as { prototype: IntersectionObserver };
    wrap(
      prototype,
      'observe',
      (real) =>
        function (this: unknown, ...given: unknown[]) {
          add(kind, this);
          return Reflect.apply(real, this, given as never);
        } as never,
    );
    wrap(
      prototype,
      'disconnect',
      (real) =>
        function (this: unknown) {
          end(kind, this);
          return Reflect.apply(real, this, [] as never);
        } as never,
    );
  }

  const made = { createBuffer: GPUBuffer, createTexture: GPUTexture, createQuerySet: GPUQuerySet } as const;
  for (const [name, Made] of Object.entries(made)) {
    wrap(
      GPUDevice.prototype,
      name as 'createBuffer',
      (real) =>
        function (this: unknown, ...given: unknown[]) {
          const thing = Reflect.apply(real, this, given as never);
          add(Made.name, thing);
          return thing;
        } as never,
    );
    wrap(
      Made.prototype as GPUBuffer,
      'destroy',
      (real) =>
        function (this: unknown) {
          end(Made.name, this);
          return Reflect.apply(real, this, [] as never);
        } as never,
    );
  }

  return {
    left: () => Object.fromEntries([...open].flatMap(([kind, all]) => (all.size > 0 ? [[kind, all.size]] : []))),
    begun: () => ({ ...begun }),
    restore() {
      vi.unstubAllGlobals();
      for (const back of undo.toReversed()) back();
    },
  };
}
