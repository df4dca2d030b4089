/**
 * A short name for a text: FNV-1a, 64 bits, over its UTF-8 bytes. Tells texts apart; it is no protection against
 * forgery.
 */

export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
