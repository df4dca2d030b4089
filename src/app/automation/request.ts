// What a program asks window.attnscope for, held to what may be asked: every field known, every array turned into f32
// exactly or refused. No device yet.
import { TENSOR_OF } from '../../ops/attention/shape';
import { AttnError, told } from '../../errors';
import type { Inputs, Shape } from '../../ops/attention/shape';
import { slopesOf } from '../../ops/sizes';
import { checkInputs, LARGEST } from '../../ops/attention/validate';
import type { Tile } from '../../ops/run';
import { checkRun } from '../../kernels/check';
import { PAGED } from '../../kernels';
import { kernelById } from '../../kernels/kernels';
import type { Asked } from '../../machine/run-of';
import type { RunRequest } from './automation';

/** A request without its data, and the data as f32. */
export interface ReadRequest {
  asked: Asked;
  inputs: Inputs;
}

const FIELDS = {
  request: ['kernel', 'shape', 'mask', 'softcap', 'alibi', 'q', 'k', 'v', 'scale', 'tile'],
  shape: ['batch', 'heads', 'kvHeads', 'queries', 'keys', 'dim', 'mask', 'softcap', 'alibi', 'pages'],
  pages: ['size', 'blocks', 'table', 'width', 'lengths', 'starts', 'window'],
  tile: ['br', 'bc'],
} as const;

/** What to write instead of a field that other libraries have. Without an entry no kernel offers it. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:is_?)?causal$|^(?:attn|attention)_?mask$/i,
    "mask: 'causal' | 'full' | 'causal-top-left' | 'window-L-R' | 'prefix-P'",
  ],
  [/soft_?cap/i, 'softcap: a number above 0'],
  [/alibi/i, "alibi: true (the paper's slopes), or a slope for each query head"],
  [/^(?:softmax|sm|qk)_?scale$|^scaling$/i, 'scale'],
  [/^(?:query|queries)$|^Q$/, 'q, and shape.queries for their number'],
  [/^(?:key|keys)$|^K$/, 'k, and shape.keys for their number'],
  [/^values?$|^V$/, 'v'],
  [/^window|sliding/i, `mask: 'window-L-R' ('all' for -1), or shape.pages.window (kernel '${PAGED}')`],
  [/^(?:block_?tables?|lengths|cu_?seq_?lens.*|seq_?lens.*|starts)$/i, `shape.pages (kernel '${PAGED}')`],
  [/^(?:B|batch_?size|batches)$/i, 'shape.batch'],
  [/^(?:H|(?:num_?)?heads?|n_?heads?)$/i, 'shape.heads'],
  [/^(?:num_?kv_?heads|n_?kv_?heads|kv_?heads|Hkv)$/i, 'shape.kvHeads'],
  [/^(?:Nq|seq_?len_?q|q_?len)$/i, 'shape.queries'],
  [/^(?:N|Nk|seq_?len.*|kv_?len)$/i, 'shape.keys'],
  [/^(?:d|D|dim|head_?dim|head_?size)$/i, 'shape.dim'],
  [/^(?:br|bc|block_?[mn]|tiles?|block)$/i, 'tile: { br, bc }'],
];

/**
 * An object of known fields only. Throws `shape-invalid`, or `field-unknown` (field, use: what to write instead, ''
 * where there is nothing).
 */
function objectOf(value: unknown, kind: keyof typeof FIELDS, name: string = kind): Record<string, unknown> {
  const known: readonly string[] = FIELDS[kind];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AttnError('shape-invalid', { field: name, value: told(value), expected: `{ ${known.join(', ')} }` });
  }
  const stray = Object.keys(value).find((key) => !known.includes(key));
  if (stray !== undefined) {
    const use = INSTEAD.find(([pattern]) => pattern.test(stray))?.[1] ?? '';
    throw new AttnError('field-unknown', {
      field: kind === 'request' ? stray : `${name}.${stray}`,
      use,
      known: known.join(', '),
    });
  }
  return value as Record<string, unknown>;
}

/** A list as a plain array; anything else is left for the check to name. */
const plain = (value: unknown): unknown =>
  ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as unknown as ArrayLike<number>) : value;

/** Lists of a pool as plain arrays. */
const listsOf = (pages: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(pages).map(([name, value]) => [name, plain(value)]));

/** What may stand in the shape or beside it. Throws `shape-invalid` where both say something, and not the same. */
function either(field: 'mask' | 'softcap' | 'alibi', within: unknown, beside: unknown): unknown {
  if (within !== undefined && beside !== undefined && within !== beside)
    throw new AttnError('shape-invalid', { field, value: told(beside), expected: told(within) });
  return beside === undefined ? within : beside;
}

/** `true` as the paper's slopes, `false` as none; a list stays one, and what is neither is left for the check to name. */
function slopesFor(alibi: unknown, heads: unknown): unknown {
  if (alibi === false) return undefined;
  const known = Number.isInteger(heads) && (heads as number) >= 1 && (heads as number) <= LARGEST.heads;
  return alibi === true && known ? slopesOf(heads as number) : plain(alibi);
}

function shapeOf(given: unknown, request: Record<string, unknown>): Shape {
  const { mask, softcap, alibi, pages, ...sizes } = objectOf(given, 'shape');
  const chosen = either('mask', mask, request['mask']);
  const cap = either('softcap', softcap, request['softcap']);
  const slopes = slopesFor(either('alibi', alibi, request['alibi']), sizes['heads']);
  return {
    ...sizes,
    mask: chosen === undefined ? 'full' : chosen,
    ...(cap !== undefined && { softcap: cap }),
    ...(slopes !== undefined && { alibi: slopes }),
    ...(pages !== undefined && { pages: listsOf(objectOf(pages, 'pages', 'shape.pages')) }),
  } as unknown as Shape;
}

/** Arrays whose every number is an f32. */
const EXACT = new Set(['Float32Array', 'Float16Array', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array']);
/**
 * Arrays that hold an f32 where no digit is lost. 16-bit words without a sign may be f16 or bf16 bits: nobody can tell.
 */
const PERHAPS = new Set(['Float64Array', 'Int32Array', 'Uint32Array']);

/**
 * Numbers as f32, or `inputs-type` (tensor, type, index: the first number that is no f32, -1 for an array of another
 * kind).
 */
export function exactF32(tensor: string, given: unknown): Float32Array {
  const type = told(given);
  const refuse = (index: number): AttnError => new AttnError('inputs-type', { tensor, type, index });
  if (!ArrayBuffer.isView(given) || !(EXACT.has(type) || PERHAPS.has(type))) throw refuse(-1);
  const numbers = given as unknown as ArrayLike<number>;
  if (type === 'Float32Array') return given as Float32Array;
  const exact = Float32Array.from(numbers);
  if (PERHAPS.has(type)) {
    for (let i = 0; i < exact.length; i++)
      if (!Object.is(exact[i], numbers[i]) && !Number.isNaN(numbers[i])) throw refuse(i);
  }
  return exact;
}

function tileOf(given: unknown): Tile {
  const { br, bc } = objectOf(given, 'tile');
  if (typeof br === 'number' && typeof bc === 'number') return { br, bc };
  throw new AttnError('shape-invalid', { field: 'tile', value: `${told(br)}x${told(bc)}`, expected: '{ br, bc }' });
}

/**
 * A request as a run and its inputs, the same with and without a device.
 * @throws AttnError `field-unknown`, `kernel-unknown`, `shape-invalid`, `inputs-type`, `inputs-mismatch`,
 * `inputs-not-finite`
 */
export function readRequest(request: RunRequest): ReadRequest {
  const given = objectOf(request, 'request');
  const card = kernelById(typeof given['kernel'] === 'string' ? given['kernel'] : told(given['kernel']));
  const shape = shapeOf(given['shape'], given);
  const scale = given['scale'] as number | undefined;
  const asked = {
    kernel: card.id,
    shape,
    ...(scale !== undefined && { scale }),
    ...(given['tile'] !== undefined && { tile: tileOf(given['tile']) }),
  };
  // Which tile fits is known once the limits are: any of the kernel's will do here.
  checkRun({ ...asked, tile: asked.tile ?? card.tiles[0] ?? { br: 0, bc: 0 } });
  const inputs = {
    q: exactF32(TENSOR_OF.q, given['q']),
    k: exactF32(TENSOR_OF.k, given['k']),
    v: exactF32(TENSOR_OF.v, given['v']),
  };
  checkInputs(shape, inputs);
  return { asked, inputs };
}
