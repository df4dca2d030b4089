// Rates as machines are described by: operations and bytes a second.
import { count } from './format';

/** Operations a second, in the unit that fits. */
export const flopRate = (x: number): string =>
  x >= 1e12 ? `${count(x / 1e12)} TFLOP/s` : x >= 1e9 ? `${count(x / 1e9)} GFLOP/s` : `${count(x / 1e6)} MFLOP/s`;

/** Bytes a second in powers of 1000, as memory speeds are usually given. */
export const byteRate = (x: number): string => (x >= 1e12 ? `${count(x / 1e12)} TB/s` : `${count(x / 1e9)} GB/s`);
