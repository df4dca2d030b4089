/**
 * A trace as bytes, the same for export, for the recorded captures and for tests: 8 bytes of magic, then as
 * little-endian u32 the version, the bytes of the JSON and the bytes of the whole file, then the JSON, then typed
 * arrays, then a check of it all (older files end before it). A file may be gzipped as a whole.
 */
import type { Tensor, TraceHeader, TracePass } from './trace';

/** Longest file, also after it is unpacked. */
export const MAX_BYTES = 2 ** 29;

export const MAGIC = [0x89, 0x41, 0x54, 0x54, 0x4e, 0x0d, 0x0a, 0x1a]; // \x89ATTN\r\n\x1a: damaged by any translation of line ends
export const PREFIX = 20;
export const ALIGN = 8;

export type Numbers = Float32Array | Uint32Array | Uint16Array;
export const arrays = { f32: Float32Array, u32: Uint32Array, u16: Uint16Array } as const;
export type NumberType = keyof typeof arrays;

export interface Section {
  name: string;
  type: NumberType;
  length: number;
}

export interface StoredCapture {
  workgroup: number;
  phases: number;
  arrays: number[][];
  lines?: { invocation: number; entries: number; dropped: number };
  /** Logs of stores, absent where there is none. */
  stores?: { buffer: string; entries: number }[];
  /** Whether the rounds of the pass's loops are there. */
  rounds?: boolean;
  phasesDropped: number;
}

/** The JSON of a file of today's version. One of version 1 has no `costs` and no `layouts`; ./older adds them. */
export interface Stored {
  header: Omit<TraceHeader, 'maxPlainTapped' | 'maxOracle' | 'maxF32'> & {
    maxPlainTapped?: number | null;
    maxOracle: number | null;
    maxF32?: number | null;
  };
  tensors: Omit<Tensor, 'data'>[];
  passes: (Omit<TracePass, 'totals' | 'captured'> & { captured: StoredCapture[] })[];
  sections: Section[];
}

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

/** Bytes of the check at a file's end, see ./checksum. */
export const CHECK_BYTES = 8;
