// A step's sentence in pieces: its words, and its numbers by name, so that a number can be veiled.
import type { Facts } from '../figure/facts';
import type { Language } from '../words';
import type { Bilingual, Numbers } from './lesson';

export type Piece = { readonly text: string; readonly name?: string };

/** Private signs: no text and no number has them. */
const [FROM, AND, TO] = ['\uE000', '\uE001', '\uE002'] as const;
const NUMBER = new RegExp(`${FROM}([^${AND}]*)${AND}([^${TO}]*)${TO}`, 'g');

/** What can be said: a step, or the state of an exercise. */
export interface Sayable {
  read?(facts: Facts): Numbers | undefined;
  say?(numbers: Numbers): Bilingual;
}

/** The sentence in pieces; undefined while its numbers are not there. */
export function said({ read, say }: Sayable, facts: Facts | undefined, language: Language): Piece[] | undefined {
  if (!say) return [];
  const numbers = read ? facts && read(facts) : {};
  if (!numbers) return undefined;
  const marked = Object.entries(numbers).map(([name, text]) => [name, `${FROM}${name}${AND}${text}${TO}`]);
  const sentence = say(Object.fromEntries(marked) as Numbers)[language];
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of sentence.matchAll(NUMBER)) {
    const [whole, name = '', text = ''] = found;
    if (found.index > at) pieces.push({ text: sentence.slice(at, found.index) });
    pieces.push({ text, name });
    at = found.index + whole.length;
  }
  if (at < sentence.length) pieces.push({ text: sentence.slice(at) });
  return pieces;
}

/** The same as plain text. */
export const plain = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
