// Reads a tensor file: which tensors it holds, where their bytes are, and one of them as f32 numbers.
import { AttnError } from '../errors';
import { toF32, widthOf, type Dtype } from './floats';
import { isBare, isNpy, parseNpy, readAsBf16 } from './npy';
import { looksLikeSafetensors, parseSafetensors } from './safetensors';

/** One tensor of a file, not yet converted. */
export interface Entry {
  /** The name in the file; empty for .npy, which holds one tensor without a name. */
  name: string;
  shape: readonly number[];
  /** A format that can be read, or the file's own word for another one. */
  dtype: Dtype | (string & {});
  /** C order, little-endian. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface TensorFile {
  /** The file's name, for messages and links. */
  file: string;
  entries: readonly Entry[];
}

/** A tensor as f32. */
export interface LoadedTensor {
  /** The name to show: the tensor's, or the file's. */
  name: string;
  /** Two to four sizes, outermost first: [N, d], [H, N, d] or [B, H, N, d]. */
  shape: readonly number[];
  data: Float32Array;
  /** Its format in the file. */
  dtype: Dtype;
  /** The largest change by rounding to f32; 0 unless it was f64. */
  rounding: number;
}

/** The largest file that the page accepts: Q, K and V of 4096 rows, 16 heads and d = 128 in f64 fit twice. */
export const LARGEST_FILE = 512 * 2 ** 20;

/** Sizes as text, the same in every message. */
export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** Checks a size before the file is read. Throws `tensor-too-large` (file, bytes, limit) or `tensor-empty` (file). */
export function checkSize(file: string, bytes: number): void {
  if (bytes > LARGEST_FILE) throw new AttnError('tensor-too-large', { file, bytes, limit: LARGEST_FILE });
  if (bytes === 0) throw new AttnError('tensor-empty', { file });
}

/**
 * The tensors of a .npy or .safetensors file; the first bytes decide which it is, not the name.
 * @throws AttnError `tensor-empty`, `tensor-too-large`, `tensor-foreign`, and what parseNpy and parseSafetensors throw
 */
export function parseTensorFile(file: string, bytes: Uint8Array<ArrayBuffer>): TensorFile {
  checkSize(file, bytes.length);
  if (isNpy(bytes)) return { file, entries: [parseNpy(file, bytes)] };
  if (looksLikeSafetensors(file, bytes)) return { file, entries: parseSafetensors(file, bytes) };
  throw new AttnError('tensor-foreign', { file });
}

/**
 * The same file with its untyped two-byte numbers read as bf16, because the visitor said that they are. Any other file
 * is returned unchanged.
 */
export const withBf16 = (file: TensorFile): TensorFile => ({
  ...file,
  entries: file.entries.map((entry) => (isBare(entry) ? readAsBf16(entry) : entry)),
});

/** Whether an entry could be Q, K or V: two to four sizes in a format that can be read. */
export const usable = ({ shape, dtype }: Entry): boolean =>
  shape.length >= 2 && shape.length <= 4 && Object.hasOwn(widthOf, dtype);

/** The indices of a flat index, one for each size. */
function indicesOf(flat: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (const size of shape.toReversed()) {
    place.unshift(flat % size);
    flat = Math.floor(flat / size);
  }
  return place;
}

/** The first number that is not finite, and how many there are; undefined when all are finite. */
function notFinite(data: ArrayLike<number>, shape: readonly number[]): { index: string; count: number } | undefined {
  let first = -1;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    if (first < 0) first = i;
    count++;
  }
  return count === 0 ? undefined : { index: shapeText(indicesOf(first, shape)), count };
}

/**
 * One tensor of a file as f32.
 * @throws AttnError `tensor-dtype` and `tensor-bare` (tensor, dtype), `tensor-rank` and `tensor-no-elements` (tensor,
 * shape), `tensor-not-finite` and, where only f64 has the values, `tensor-beyond-f32` (tensor, index, count)
 */
export function loadTensor(file: string, entry: Entry): LoadedTensor {
  const { name, shape, dtype, bytes } = entry;
  const tensor = name || file;
  if (isBare(entry)) throw new AttnError('tensor-bare', { tensor, dtype });
  if (!Object.hasOwn(widthOf, dtype)) throw new AttnError('tensor-dtype', { tensor, dtype });
  if (shape.length < 2 || shape.length > 4) throw new AttnError('tensor-rank', { tensor, shape: shapeText(shape) });
  if (shape.includes(0)) throw new AttnError('tensor-no-elements', { tensor, shape: shapeText(shape) });
  const known = dtype as Dtype;
  const { data, rounding } = toF32(bytes, known);
  const bad = notFinite(data, shape);
  if (bad) {
    const before = known === 'f64' ? notFinite(new Float64Array(bytes.slice().buffer), shape) : bad;
    throw new AttnError(before ? 'tensor-not-finite' : 'tensor-beyond-f32', { tensor, ...(before ?? bad) });
  }
  return { name: tensor, shape, data, dtype: known, rounding };
}
