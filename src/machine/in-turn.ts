/**
 * A machine whose runs go one after the other: of the interpreter's, side by side, each would be estimated as if the
 * others' time were its own.
 */
import type { Machine } from './machine';

/** @param first what all of them wait for, such as the page's own first run */
export function inTurn(machine: Machine, first: Promise<unknown>): Machine {
  let last = first;
  const after = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    ...machine,
    run: (...asked) => after(() => machine.run(...asked)),
    capture: (...asked) => after(() => machine.capture(...asked)),
  };
}
