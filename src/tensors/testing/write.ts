// Writes tensor files byte by byte for tests, right or wrong in any way asked for. Shares no code with what it tests.

type Bytes = Uint8Array<ArrayBuffer>;

export const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Bytes =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0)! & 0xff);

/** A number in base 256, lowest digit first. */
export function little(n: number | bigint, width: number): number[] {
  return Array.from({ length: width }, (_, i) => Number((BigInt(n) >> BigInt(8 * i)) & 255n));
}

/** Numbers as f32, little-endian. */
export function floats(numbers: readonly number[]): Bytes {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [i, x] of numbers.entries()) view.setFloat32(4 * i, x, true);
  return new Uint8Array(view.buffer);
}

/** Numbers as f64, little-endian. */
export function doubles(numbers: readonly number[]): Bytes {
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  for (const [i, x] of numbers.entries()) view.setFloat64(8 * i, x, true);
  return new Uint8Array(view.buffer);
}

export interface NpyParts {
  version?: number;
  /** The whole header, instead of one made from the next three fields. */
  header?: string;
  descr?: string;
  fortran?: boolean;
  shape: readonly number[];
  data: Uint8Array;
}

export function npyBytes({ version = 1, header, descr = "'<f4'", fortran = false, shape, data }: NpyParts): Bytes {
  const sizes = `(${shape.map((n) => `${n},`).join(' ')})`;
  const words = ascii(
    header ?? `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${sizes}, }\n`,
  );
  return joined([0x93], ascii('NUMPY'), [version, 0], little(words.length, version === 1 ? 2 : 4), words, data);
}

/** One tensor of a .safetensors file, with its bytes. */
export interface Stored {
  name: string;
  dtype?: string;
  shape: readonly number[];
  data: Uint8Array;
  /** Offsets to write instead of the real ones. */
  offsets?: readonly [number, number];
}

export function safetensorsBytes(tensors: readonly Stored[], header?: string): Bytes {
  let at = 0;
  const parts = tensors.map(({ name, dtype = 'F32', shape, data, offsets }) => {
    const from = at;
    at += data.length;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: offsets ?? [from, at] })}`;
  });
  const words = new TextEncoder().encode(header ?? `{${parts.join(',')}}`);
  return joined(little(words.length, 8), words, ...tensors.map(({ data }) => data));
}
