// How text reaches the screen: every view, lab and error has a `*.words.ts` dictionary beside it, complete in both
// languages by type.

export type Language = 'en' | 'zh';

type Entry = string | ((...args: never[]) => string);

/** A dictionary: each key in each language; a sentence with numbers in it is a function of them. */
export type Dictionary = Record<string, Record<Language, Entry>>;

/** One dictionary in one language. */
export function speak<const D extends Dictionary>(dictionary: D, language: Language): Widened<D> {
  const spoken: Record<string, Entry> = {};
  for (const [key, entry] of Object.entries(dictionary)) spoken[key] = entry[language];
  return spoken as Widened<D>;
}

/** Each entry in one language: plain text, or a function of the numbers in it. */
export type Widened<D extends Dictionary> = {
  [K in keyof D]: D[K]['en'] extends (...args: infer A) => string ? (...args: A) => string : string;
};
