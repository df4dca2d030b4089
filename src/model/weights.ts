// The weights file of the small model: a binary of named matrices behind a JSON header, 8 bits a weight with one scale
// a row, widened to f32 here. Written by `train/export.py`.
//
// Layout (little-endian): "ATTNSCW1", u32 length of the header, the header as UTF-8 JSON, zeros up to a multiple of 4,
// then the tensors at the offsets the header names. An `int8` tensor is f32 scale[rows], then i8[rows * cols]; an `f32`
// tensor is f32[rows * cols].
import { AttnError } from '../errors';

const MAGIC = 'ATTNSCW1';
const FILE = 'weights.bin';

/** The model's sizes. Width = heads * dim. */
export interface ModelConfig {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly dim: number;
  readonly hidden: number;
  readonly context: number;
  readonly vocabulary: number;
  readonly ropeBase: number;
  readonly eps: number;
}

/** One block's parameters; matrices are [out, in] row-major, so that a row meets an activation row head-on. */
export interface LayerWeights {
  readonly norm1: Float32Array;
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  /** Added to Q and K before the rotary turn; [width]. */
  readonly queryBias: Float32Array;
  readonly keyBias: Float32Array;
  readonly out: Float32Array;
  readonly norm2: Float32Array;
  readonly up: Float32Array;
  readonly down: Float32Array;
}

export interface Weights {
  readonly config: ModelConfig;
  /** [vocabulary, width]; input and, tied, output. */
  readonly embed: Float32Array;
  readonly layers: readonly LayerWeights[];
  readonly norm: Float32Array;
}

interface TensorEntry {
  readonly name: string;
  readonly type: 'int8' | 'f32';
  readonly rows: number;
  readonly cols: number;
  /** Bytes from the start of the tensor section. */
  readonly at: number;
}

interface Header {
  readonly config: ModelConfig;
  readonly tensors: readonly TensorEntry[];
}

/**
 * Reads a weights file into f32.
 * @throws AttnError `model-unavailable`, with `reason` `foreign` for a file that is not ours or whose parts do not fit
 * its sizes (details: file, why), `truncated` for one cut short (details: file, bytes, expected)
 */
export function parseWeights(file: ArrayBuffer): Weights {
  const { header, start } = readHeader(file);
  const { config } = header;
  const entries = new Map(header.tensors.map((entry) => [entry.name, entry]));
  const tensor = (name: string, rows: number, cols: number): Float32Array => {
    const entry = entries.get(name);
    if (!entry) throw foreign(`tensor ${name} is missing`);
    if (entry.rows !== rows || entry.cols !== cols) {
      throw foreign(`tensor ${name} is ${entry.rows} x ${entry.cols}, not ${rows} x ${cols}`);
    }
    return readTensor(file, start, entry);
  };
  const { width, hidden } = config;
  const layers = Array.from({ length: config.layers }, (_, layer) => ({
    norm1: tensor(`${layer}.norm1`, 1, width),
    query: tensor(`${layer}.query`, width, width),
    key: tensor(`${layer}.key`, width, width),
    value: tensor(`${layer}.value`, width, width),
    queryBias: tensor(`${layer}.queryBias`, 1, width),
    keyBias: tensor(`${layer}.keyBias`, 1, width),
    out: tensor(`${layer}.out`, width, width),
    norm2: tensor(`${layer}.norm2`, 1, width),
    up: tensor(`${layer}.up`, hidden, width),
    down: tensor(`${layer}.down`, width, hidden),
  }));
  return { config, embed: tensor('embed', config.vocabulary, width), layers, norm: tensor('norm', 1, width) };
}

function readHeader(file: ArrayBuffer): { header: Header; start: number } {
  if (file.byteLength < 12) throw truncated(file, 12);
  const text = new TextDecoder();
  if (text.decode(file.slice(0, 8)) !== MAGIC) throw foreign(`it does not begin with ${MAGIC}`);
  const length = new DataView(file).getUint32(8, true);
  if (file.byteLength < 12 + length) throw truncated(file, 12 + length);
  let header: Header;
  try {
    header = JSON.parse(text.decode(file.slice(12, 12 + length))) as Header;
  } catch {
    throw foreign('its header is not JSON');
  }
  const sizes = ['layers', 'width', 'heads', 'dim', 'hidden', 'context', 'vocabulary'] as const;
  if (!sizes.every((size) => Number.isInteger(header.config?.[size]) && header.config[size] > 0)) {
    throw foreign('its header lacks the sizes');
  }
  if (header.config.width !== header.config.heads * header.config.dim) throw foreign('width is not heads x dim');
  if (!(header.config.eps > 0) || !(header.config.ropeBase > 1)) throw foreign('its header lacks eps or ropeBase');
  if (!Array.isArray(header.tensors)) throw foreign('its header lists no tensors');
  return { header, start: Math.ceil((12 + length) / 4) * 4 };
}

function readTensor(file: ArrayBuffer, start: number, entry: TensorEntry): Float32Array {
  const { rows, cols, type } = entry;
  const at = start + entry.at;
  const count = rows * cols;
  const bytes = type === 'int8' ? rows * 4 + count : count * 4;
  if (at % 4 !== 0) throw foreign(`tensor ${entry.name} is not aligned`);
  if (file.byteLength < at + bytes) throw truncated(file, at + bytes);
  if (type !== 'int8') return new Float32Array(file.slice(at, at + bytes));
  const scales = new Float32Array(file, at, rows);
  const packed = new Int8Array(file, at + rows * 4, count);
  const values = new Float32Array(count);
  for (let row = 0; row < rows; row++) {
    const scale = scales[row]!;
    for (let i = row * cols; i < (row + 1) * cols; i++) values[i] = packed[i]! * scale;
  }
  return values;
}

function foreign(why: string): AttnError {
  return new AttnError('model-unavailable', { reason: 'foreign', file: FILE, why });
}

function truncated(file: ArrayBuffer, expected: number): AttnError {
  return new AttnError('model-unavailable', { reason: 'truncated', file: FILE, bytes: file.byteLength, expected });
}
