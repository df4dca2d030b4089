// The .npy format of NumPy (NEP 1; versions 1, 2 and 3): reading one array, and writing one as version 1, little-endian
// f32 in C order.
import { AttnError } from '../errors';
import type { Entry } from './file';
import { widthOf, type Dtype } from './floats';
import { countOf, LARGEST_HEADER } from './header';

/** \x93NUMPY */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Readers map arrays onto the file, so data begins at a multiple of this. */
const ALIGN = 64;

const dtypes: Readonly<Record<string, Dtype>> = { '<f2': 'f16', '<f4': 'f32', '<f8': 'f64' };

/** Two untyped bytes: how NumPy, which has no bf16, saves bf16 numbers. */
const BARE = /^[<|>]V2$/;

/** The tensor name of an untyped array that the visitor declared as bf16; a link carries it. */
export const READ_AS_BF16 = 'bf16';

/** Whether an entry is an array of untyped two-byte numbers: probably bf16, which the visitor has to confirm. */
export const isBare = ({ name, dtype }: Entry): boolean => name === '' && BARE.test(dtype);

/** The same numbers read as bf16. */
export const readAsBf16 = (entry: Entry): Entry => ({ ...entry, name: READ_AS_BF16, dtype: 'bf16' });

/** Whether bytes begin like a .npy file, even when they end within its first bytes. */
export const isNpy = (bytes: Uint8Array): boolean =>
  bytes.length > 0 && MAGIC.every((byte, i) => i >= bytes.length || bytes[i] === byte);

interface Header {
  descr: unknown;
  fortran_order: boolean;
  shape: number[];
}

/** The header is a Python literal: its quotes, booleans and tuples are replaced by those of JSON. */
function readLiteral(text: string): Partial<Header> {
  const json = text
    .replaceAll("'", '"')
    .replaceAll(/\bTrue\b/g, 'true')
    .replaceAll(/\bFalse\b/g, 'false')
    // NumPy 2 may write its integers as np.int64(3).
    .replaceAll(/\b(?:np|numpy)\.u?int\d*\((\d+)\)/g, '$1')
    .replaceAll('(', '[')
    .replaceAll(')', ']')
    .replaceAll(/(\d)L\b/g, '$1')
    .replaceAll(/,\s*([\]}])/g, '$1');
  try {
    return (JSON.parse(json) ?? {}) as Partial<Header>;
  } catch {
    return {};
  }
}

function readHeader(file: string, text: string): Header {
  const { descr, fortran_order, shape, ...more } = readLiteral(text);
  const whole = Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (descr === undefined || typeof fortran_order !== 'boolean' || !whole || Object.keys(more).length > 0)
    throw new AttnError('tensor-header', { file });
  return { descr, fortran_order, shape };
}

/** Where the header is. */
function findHeader(file: string, bytes: Uint8Array<ArrayBuffer>): { start: number; end: number; utf8: boolean } {
  const need = (length: number): void => {
    if (bytes.length < length) throw new AttnError('tensor-truncated', { file, have: bytes.length, need: length });
  };
  need(10);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const version = view.getUint8(6);
  if (version < 1 || version > 3)
    throw new AttnError('tensor-version', { file, version: `${version}.${view.getUint8(7)}` });
  const start = version === 1 ? 10 : 12;
  need(start);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LARGEST_HEADER)
    throw new AttnError('tensor-header-oversized', { file, bytes: length, limit: LARGEST_HEADER });
  need(start + length);
  return { start, end: start + length, utf8: version === 3 };
}

/**
 * The array of a .npy file in C order. Its bytes are a view of the file's, unless they were in Fortran order.
 * @throws AttnError `tensor-truncated` and `tensor-excess` (file, have, need), `tensor-version`, `tensor-header`,
 * `tensor-header-oversized`, `tensor-big-endian` (file, dtype)
 */
export function parseNpy(file: string, bytes: Uint8Array<ArrayBuffer>): Entry {
  const { start, end, utf8 } = findHeader(file, bytes);
  const { descr, fortran_order, shape } = readHeader(
    file,
    new TextDecoder(utf8 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, end)),
  );
  const word = typeof descr === 'string' ? descr : JSON.stringify(descr);
  if (/^>f[248]$/.test(word)) throw new AttnError('tensor-big-endian', { file, dtype: word });
  const dtype = dtypes[word];
  // The length of an unknown format cannot be checked; that it is unknown is reported when the tensor is used.
  if (dtype === undefined && !BARE.test(word)) return { name: '', shape, dtype: word, bytes: bytes.subarray(end) };
  const width = dtype === undefined ? 2 : widthOf[dtype];
  const need = end + countOf(shape) * width;
  const sizes = { file, have: bytes.length, need };
  if (bytes.length < need) throw new AttnError('tensor-truncated', sizes);
  if (bytes.length > need) throw new AttnError('tensor-excess', sizes);
  const data = bytes.subarray(end);
  return {
    name: '',
    shape,
    dtype: dtype ?? word,
    bytes: fortran_order && shape.length > 1 ? rowsOfColumns(data, shape, width) : data,
  };
}

const wordOf = { 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const;

/**
 * Converts Fortran order (the first index runs fastest) to C order (the last one does); `np.save` writes Fortran order
 * for a transposed array.
 */
function rowsOfColumns(
  bytes: Uint8Array<ArrayBuffer>,
  shape: readonly number[],
  width: 2 | 4 | 8,
): Uint8Array<ArrayBuffer> {
  const from = new wordOf[width](bytes.slice().buffer);
  const to = new wordOf[width](from.length);
  const stride: number[] = [];
  for (const [i] of shape.entries()) stride.push(i === 0 ? 1 : (stride[i - 1] as number) * (shape[i - 1] as number));
  const index = shape.map(() => 0);
  let at = 0;
  for (let i = 0; i < from.length; i++) {
    to[i] = from[at] as never;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += stride[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== shape[axis]) break;
      at -= (stride[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return new Uint8Array(to.buffer);
}

/**
 * A .npy file, version 1, that numpy.load reads as float32 of this shape.
 * @param data row-major; as many numbers as the shape says
 */
export function writeNpy(data: Float32Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = Math.ceil((10 + words.length + 1) / ALIGN) * ALIGN;
  const header = `${words.padEnd(start - 11)}\n`;
  const out = new Uint8Array(start + data.byteLength);
  out.set(MAGIC);
  out[6] = 1;
  new DataView(out.buffer).setUint16(8, header.length, true);
  out.set(new TextEncoder().encode(header), 10);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return out;
}
