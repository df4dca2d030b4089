// Numbers as text: bytes in KiB (1024), values with 3-4 significant digits, always with a unit where there is one.

/** Bytes as B, KiB, MiB or GiB with three significant digits; exact below 1 KiB. */
export function bytes(n: number): string {
  return bytesWith(n, 0);
}

/** Bytes with as many digits as it takes to differ from other numbers that are not the same. */
export function bytesApart(n: number, others: readonly number[]): string {
  for (let more = 0; more < 4; more++) {
    const text = bytesWith(n, more);
    if (others.every((other) => other === n || bytesWith(other, more) !== text)) return text;
  }
  return `${n.toLocaleString('en')} B`;
}

function bytesWith(n: number, more: number): string {
  if (n < 1024) return `${Math.round(n)} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let x = n / 1024;
  let u = 0;
  while (x >= 1024 && u < units.length - 1) {
    x /= 1024;
    u++;
  }
  const digits = x >= 100 ? 0 : x >= 10 ? 1 : 2;
  return `${x.toFixed(digits + more)} ${units[u]}`;
}

/**
 * A value of a matrix: four significant digits, with a true minus sign. WGSL has no infinity: the finite number that a
 * kernel wrote instead is shown as it is.
 */
export function value(x: number): string {
  if (x <= -1e30) return `−${Number((-x).toPrecision(2)).toExponential().replace('+', '')}`;
  if (!Number.isFinite(x)) return String(x);
  const a = Math.abs(x);
  const text = a === 0 ? '0' : a >= 1e5 || a < 1e-4 ? x.toExponential(2) : x.toPrecision(4);
  return text.replace('-', '−');
}

/** A number's text with as many digits as fit: it is rounded, never cut. Words are returned unchanged. */
export function shortened(text: string, fits: (text: string) => boolean): string {
  const x = Number(text.replace('−', '-'));
  if (fits(text) || !Number.isFinite(x)) return text;
  const said = [3, 2, 1].flatMap((digits) => [Number(x.toPrecision(digits)).toString(), x.toExponential(digits - 1)]);
  const all = said.map((one) => one.replace('-', '−'));
  return all.find(fits) ?? all.at(-1) ?? text;
}

/** Milliseconds with three significant digits in the unit that fits: ns, µs, ms or s. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms >= 1000) return `${count(ms / 1000)} s`;
  if (ms >= 0.1) return `${count(ms)} ms`;
  return ms >= 1e-4 ? `${count(ms * 1000)} µs` : `${count(ms * 1e6)} ns`;
}

/** A range of indices, both ends included: "3" or "3–5". */
export const range = (from: number, to: number): string => (from === to ? String(from) : `${from}–${to}`);

/** Whether a range is a single index. */
export const one = (indices: string): boolean => !indices.includes('–');

/** An English noun with its range: "row 3", "rows 3–5". */
export const some = (noun: string, indices: string): string => `${noun}${one(indices) ? '' : 's'} ${indices}`;

/** A ratio near 1 with three decimals: the error of a control must not be rounded to the bound that it exceeded. */
export const thousandths = (x: number): string => (Number.isFinite(x) ? x.toFixed(3) : '–');

/**
 * A number with three significant digits; without exponent up to a thousand million, beyond that as a power of ten,
 * because 1e36 has no room for its zeros.
 */
export function count(x: number): string {
  const a = Math.abs(x);
  if (a >= 1e9 && Number.isFinite(x)) return Number(x.toPrecision(3)).toExponential().replace('e+', 'e');
  return a >= 1000 ? Math.round(x).toLocaleString('en') : String(Number(x.toPrecision(3)));
}

/** A ratio with its sign: "0.27×", "43×". */
export const times = (ratio: number): string => `${count(ratio)}×`;

/** A share in per cent; 0 and 100 only for nothing and everything: "7.7 %". */
export function percent(part: number): string {
  if (part <= 0 || part >= 1) return `${part <= 0 ? 0 : 100} %`;
  const x = 100 * part;
  return x < 0.1 ? '< 0.1 %' : x > 99.9 ? '> 99.9 %' : `${x < 10 || x > 99 ? x.toFixed(1) : Math.round(x)} %`;
}

/** The index of the number with the largest magnitude: the most interesting one to show. */
export function largest(values: ArrayLike<number> | undefined): number {
  let best = 0;
  for (let c = 1; c < (values?.length ?? 0); c++)
    if (Math.abs(values?.[c] ?? 0) > Math.abs(values?.[best] ?? 0)) best = c;
  return best;
}
