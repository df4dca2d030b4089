// The end of a trace file that was written since files have one: a word, and the CRC-32 of all before it. Loaded where
// a file is written or imported.
import { CHECK_BYTES } from './file-format';

/** "CRC\x1a", read as a little-endian u32. */
const WORD = 0x1a435243;

/** CRC-32 (ISO-HDLC, as in gzip and PNG), one byte at a time. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

const endOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset + bytes.length - CHECK_BYTES, CHECK_BYTES);

/** Writes the check of all other bytes into the last eight. */
export function seal(bytes: Uint8Array): void {
  const end = endOf(bytes);
  end.setUint32(0, WORD, true);
  end.setUint32(4, crc32(bytes.subarray(0, -CHECK_BYTES)), true);
}

/** Whether a file ends with a check, and agrees with it; files of before have none. */
export function checked(bytes: Uint8Array): 'none' | 'whole' | 'damaged' {
  if (bytes.length < CHECK_BYTES || endOf(bytes).getUint32(0, true) !== WORD) return 'none';
  return endOf(bytes).getUint32(4, true) === crc32(bytes.subarray(0, -CHECK_BYTES)) ? 'whole' : 'damaged';
}
