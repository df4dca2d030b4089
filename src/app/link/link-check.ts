// What tells a link that came through whole from one that was cut or changed on its way: a mark at its beginning, and
// at its end a short hash of the rest.
import { hashOf } from '../../trace/hash';

/** Links that begin so end with a check; older ones have neither. */
const MARK = 'link=2';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
/** 30 bits: one mangled link in a thousand million passes for whole. */
const LENGTH = 6;

/** What a link says, whatever its characters were encoded as on its way. */
const said = (text: string): string => JSON.stringify([...new URLSearchParams(text)]);

function checkOf(text: string): string {
  let bits = Number.parseInt(hashOf(said(text)).slice(-8), 16);
  return Array.from({ length: LENGTH }, () => {
    const letter = LETTERS[bits % 32];
    bits = Math.floor(bits / 32);
    return letter;
  }).join('');
}

/** The same link with mark and check. It ends in a letter or digit: messengers leave punctuation behind, or add it. */
export function sealed(text: string): string {
  const marked = text === '' ? MARK : `${MARK}&${text}`;
  return `${marked}&ok=${checkOf(marked)}`;
}

/**
 * What a link says, and whether it came through whole. What stuck to its end is cut off; keys that were added behind
 * the check count, and come before those of the link. An old link has no check and is taken as it is.
 */
export function unsealed(link: string): { given: URLSearchParams; whole: boolean } {
  const text = link.replaceAll('&amp;', '&');
  const at = text.lastIndexOf('&ok=');
  const before = at < 0 ? text : text.slice(0, at);
  const after = at < 0 ? '' : text.slice(at + 4);
  const given = new URLSearchParams(before);
  const whole = at < 0 ? !given.has('link') : checkOf(before) === after.slice(0, LENGTH);
  const added = after.slice(LENGTH);
  if (added.startsWith('&')) for (const [key, value] of new URLSearchParams(added)) given.set(key, value);
  for (const own of ['link', 'ok']) given.delete(own);
  return { given, whole };
}
