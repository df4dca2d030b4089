// How a number of a thread's log is written.
import type { LogEntry } from '../../frame/frame-types';
import { value } from '../../ui/format';

/** A number of the thread's log: integers as such, the rest like any value. */
export function logged(x: LogEntry['value']): string {
  if (typeof x === 'boolean') return String(x);
  return Number.isInteger(x) && Math.abs(x) < 1e10 ? String(x).replace('-', '−') : value(x);
}
