// What a link says about tensors from files: for each of Q, K and V the file's SHA-256 and name, and which tensor of
// it. Never the data.
export type InputRole = 'q' | 'k' | 'v';

export const INPUT_ROLES: readonly InputRole[] = ['q', 'k', 'v'];

export const LAYOUTS = ['bhnd', 'bnhd'] as const;
/**
 * `bhnd`: heads before tokens; `bnhd`: tokens before heads. With three sizes there is no batch, with two no heads
 * either.
 */
export type Layout = (typeof LAYOUTS)[number];

/** A tensor in a file. */
export interface Source {
  /** SHA-256 of the whole file, 64 hexadecimal digits. */
  hash: string;
  /** The file's name, shown when the file is missing. */
  file: string;
  /** Empty for .npy. */
  tensor: string;
}

/** The tensors chosen so far; a problem needs all three. */
export type Sources = Readonly<Partial<Record<InputRole, Source>>>;

/** Whether all three are chosen. */
export const complete = (sources: Sources): sources is Readonly<Record<InputRole, Source>> =>
  INPUT_ROLES.every((role) => sources[role] !== undefined);

/** The longest name of a file or tensor that a link carries. */
export const LONGEST_NAME = 200;

/** `hash/file/tensor`: a file's name has no slash, a tensor's name may. */
export const formatSource = ({ hash, file, tensor }: Source): string =>
  [hash, file, ...(tensor ? [tensor] : [])].join('/');

/** Parses a source; undefined when the text is none. */
export function parseSource(text: string): Source | undefined {
  const [hash = '', file = '', ...tensor] = text.split('/');
  const name = tensor.join('/');
  if (!/^[0-9a-f]{64}$/.test(hash) || file === '' || file.length > LONGEST_NAME || name.length > LONGEST_NAME)
    return undefined;
  return { hash, file, tensor: name };
}

/** Whether two choices of tensors are the same. */
export function sameSources(a: Sources, b: Sources): boolean {
  const text = (source: Source | undefined): string => (source ? formatSource(source) : '');
  return a === b || INPUT_ROLES.every((role) => text(a[role]) === text(b[role]));
}

/** A hash, shortened for display. */
export const shortHash = (hash: string): string => hash.slice(0, 8);
