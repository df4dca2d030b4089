/**
 * The hash chain of full blocks: a block's hash names its tokens and, through its parent's hash, everything before
 * them.
 */

const mix = (h: number, value: number): number => {
  let x = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (Math.imul(h ^ x ^ (x >>> 16), 0x01000193) + 0x9e3779b9) | 0;
};

const finish = (h: number): number => {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
};

const hex = (h: number): string => h.toString(16).padStart(8, '0');

/**
 * H(parent, tokens, salt): 64 bits as 16 hexadecimal digits. Not cryptographic, unlike vLLM's: here nobody attacks.
 * @param parent the hash of the block before, empty for the first block
 * @param salt counts in the first block only; later ones inherit it through their parents
 */
export function blockHash(parent: string, tokens: readonly number[], salt: string): string {
  let a = parent === '' ? 0x2545f491 : Number.parseInt(parent.slice(0, 8), 16);
  let b = parent === '' ? 0x6c078965 : Number.parseInt(parent.slice(8), 16);
  const feed = (value: number) => {
    a = mix(a, value);
    b = mix(b ^ 0x5bd1e995, value + Math.imul(a, 5));
  };
  if (parent === '') for (let i = 0; i < salt.length; i++) feed(-1 - salt.charCodeAt(i));
  for (const token of tokens) feed(token);
  return hex(finish(a)) + hex(finish(b ^ a));
}

/**
 * The index of published blocks is kept in parts, so that a change copies little: about 32 blocks for each part, at
 * most 256 parts.
 */
export const indexParts = (blocks: number): number => Math.min(256, Math.ceil(blocks / 32));

/** The part in which a hash is kept. */
export const partOf = (hash: string, parts: number): number => Number.parseInt(hash.slice(0, 2), 16) % parts;
