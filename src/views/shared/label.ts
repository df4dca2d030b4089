// How tokens and places without one are named on an axis and in a sentence.

const LETTERS = 8;

/** A token as one short visible word: blanks and line breaks shown, long ones cut. */
export function tokenText(token: string): string {
  const shown = token.replaceAll('\n', '⏎').trim() || '␣';
  const letters = [...shown];
  return letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join('')}…` : shown;
}

/** The label of row or column i: its token, else its number. */
export const labelText = (tokens: readonly string[] | undefined, i: number): string => {
  const token = tokens?.[i];
  return token === undefined ? String(i) : tokenText(token);
};
