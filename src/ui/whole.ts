// Formats whole numbers with thousands separators. One formatter for all: `toLocaleString` makes a new one at each
// call, dozens of times a step.

const format = new Intl.NumberFormat('en');

export const whole = (n: number): string => (n >= 0 && n < 1000 && Number.isInteger(n) ? String(n) : format.format(n));

const numbers = new Intl.PluralRules('en');

/** An English count with its noun: "1 row block", "4 row blocks". A count that is a text already is used as it is. */
export function plural(n: number | string, one: string, many = `${one}s`): string {
  const text = typeof n === 'string' ? n : whole(n);
  return `${text} ${numbers.select(Number(text.replaceAll(',', ''))) === 'one' ? one : many}`;
}
