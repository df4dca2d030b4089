// The .safetensors format: eight bytes of length, a JSON header that names tensors and where they lie, then their bytes
// without a gap.
import { AttnError } from '../errors';
import type { Entry } from './file';
import { widthOf, type Dtype } from './floats';
import { countOf, LARGEST_HEADER } from './header';

/** The bytes before the header. */
const PREFIX = 8;
const OPEN = '{'.codePointAt(0);

const dtypes: Readonly<Record<string, Dtype>> = { F16: 'f16', BF16: 'bf16', F32: 'f32', F64: 'f64' };

/**
 * Whether bytes may be a .safetensors file: its header begins after eight bytes. A shorter file can only be recognised
 * by its name.
 */
export const looksLikeSafetensors = (file: string, bytes: Uint8Array): boolean =>
  bytes.length > PREFIX ? bytes[PREFIX] === OPEN : /\.safetensors$/i.test(file);

/**
 * The header's keys as written. JSON.parse keeps only the last of two equal keys, and the format forbids equal ones.
 */
function topKeys(json: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[[\]{}]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && token.endsWith(':')) keys.push(JSON.parse(token.slice(0, -1)) as string);
  }
  return keys;
}

interface Info {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const areSizes = (list: unknown): list is number[] =>
  Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);

function isInfo(info: unknown): info is Info {
  const { dtype, shape, data_offsets: offsets } = (info ?? {}) as Partial<Info>;
  return typeof dtype === 'string' && areSizes(shape) && areSizes(offsets) && offsets.length === 2;
}

function readHeader(file: string, bytes: Uint8Array): [string, Info][] {
  let json = '';
  let parsed: Record<string, unknown>;
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    parsed = JSON.parse(json) as Record<string, unknown>;
  } catch {
    throw new AttnError('tensor-header', { file });
  }
  const keys = topKeys(json);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) throw new AttnError('tensor-twice', { file, tensor: twice });
  const tensors = Object.entries(parsed).filter(([name]) => name !== '__metadata__');
  if (!tensors.every((pair): pair is [string, Info] => isInfo(pair[1]))) throw new AttnError('tensor-header', { file });
  return tensors;
}

/**
 * Checks that every tensor is inside the data, none overlaps another, no byte is without a tensor, and each is as long
 * as its shape says.
 */
function checkOffsets(file: string, tensors: readonly [string, Info][], bytes: number): void {
  for (const [tensor, { dtype, shape, data_offsets: offsets }] of tensors) {
    const [from, to] = offsets;
    if (from > to || to > bytes) throw new AttnError('tensor-offsets-range', { tensor, from, to, bytes });
    const known = dtypes[dtype];
    const need = known && countOf(shape) * widthOf[known];
    if (need !== undefined && need !== to - from)
      throw new AttnError('tensor-offsets-size', { tensor, have: to - from, need });
  }
  const ordered = tensors.toSorted(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let end = 0;
  let other = '';
  for (const [tensor, { data_offsets: offsets }] of ordered) {
    const [from, to] = offsets;
    if (from < end) throw new AttnError('tensor-offsets-overlap', { tensor, other });
    if (from > end) throw new AttnError('tensor-offsets-gap', { file, from: end, to: from });
    end = to;
    other = tensor;
  }
  if (end < bytes) throw new AttnError('tensor-offsets-gap', { file, from: end, to: bytes });
}

/**
 * The tensors of a .safetensors file in the order of the header; their bytes are views of the file's.
 * @throws AttnError `tensor-truncated` (file, have, need), `tensor-header-oversized`, `tensor-header`, `tensor-twice`
 * (file, tensor), `tensor-offsets-range`, `-size`, `-overlap`, `-gap`
 */
export function parseSafetensors(file: string, bytes: Uint8Array<ArrayBuffer>): Entry[] {
  const need = (length: number): void => {
    if (bytes.length < length) throw new AttnError('tensor-truncated', { file, have: bytes.length, need: length });
  };
  need(PREFIX + 1);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > LARGEST_HEADER)
    throw new AttnError('tensor-header-oversized', { file, bytes: length, limit: LARGEST_HEADER });
  const start = PREFIX + length;
  need(start);
  const tensors = readHeader(file, bytes.subarray(PREFIX, start));
  // Offsets beyond the end, in the order of the tensors, mean a file that was cut short, not a wrong header.
  const last = Math.max(0, ...tensors.map(([, info]) => info.data_offsets[1]));
  const claimed = tensors.reduce((sum, [, { data_offsets: offsets }]) => sum + Math.max(0, offsets[1] - offsets[0]), 0);
  if (last === claimed) need(start + last);
  checkOffsets(file, tensors, bytes.length - start);
  return tensors.map(([name, { dtype, shape, data_offsets: offsets }]) => ({
    name,
    shape,
    dtype: dtypes[dtype] ?? dtype,
    bytes: bytes.subarray(start + offsets[0], start + offsets[1]),
  }));
}
