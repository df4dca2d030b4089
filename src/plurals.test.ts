// Every dictionary of the page: English nouns stand in the right number wherever a count is one.
import { expect, test } from 'vitest';
import type { Dictionary } from './words';

const modules = import.meta.glob<Record<string, unknown>>('./**/*.words.ts', { eager: true });

/** Things that are counted on the page, in the plural. */
const THINGS =
  'blocks|bytes|cells|channels|characters|columns|copies|cores|elements|entries|events|files|groups|heads|hits|holders|kernels|keys|lanes|layers|lengths|lines|moments|numbers|operations|pages|pairs|parts|phases|points|positions|queries|requests|rounds|rows|samples|seconds|slots|steps|tables|terms|threads|tiles|tokens|units|values|words|workgroups';
const WRONG = new RegExp(`(?:^|[^\\d.,–×/=−])\\b1 (?:(?!of )[a-zA-Z-]+ )?(?:${THINGS})\\b`);

/** A sentence with every count at one; undefined where an entry wants something other than numbers or texts. */
const said = (entry: unknown, one: unknown): string | undefined => {
  if (typeof entry !== 'function') return undefined;
  try {
    const text: unknown = (entry as (...args: unknown[]) => unknown)(
      ...Array.from({ length: Math.max(entry.length, 8) }, () => one),
    );
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
};

test('no "1 rows" in any English sentence', () => {
  let asked = 0;
  const wrong: string[] = [];
  for (const [file, module] of Object.entries(modules)) {
    for (const dictionary of Object.values(module) as Dictionary[]) {
      for (const [key, entry] of Object.entries(dictionary ?? {})) {
        for (const one of [1, '1']) {
          const text = said((entry as Dictionary[string] | undefined)?.en, one);
          if (text === undefined) continue;
          asked++;
          if (WRONG.test(text)) wrong.push(`${file} ${key}: ${text}`);
        }
      }
    }
  }
  expect([...new Set(wrong)]).toEqual([]);
  expect(asked).toBeGreaterThan(400);
});
