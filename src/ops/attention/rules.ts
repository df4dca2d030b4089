// How the cells of attention come about: by standard attention, by the online softmax tile by tile, and where the keys
// of a row were taken in parts.
import {
  added,
  all,
  cell,
  cells,
  inputOf,
  onOneLine,
  seenIn,
  term,
  termOf,
  type Cells,
  type OpRules,
  type Reader,
  type Rule,
  type Sum,
  type Term,
} from '../rule';
import { score } from '../score-rule';
import { partsOf } from './shape';

/** Whether S and P of all rows lie in HBM, so that a row's softmax is one. */
const direct = (read: Reader): boolean => read.holds('S') === 'hbm';

/** Whether the cell is made of the parts that a row was cut into. */
const merged = (read: Reader): boolean => read.holds('S') === undefined && read.holds('ML') === 'hbm';

/** Whether O, l and m are kept in HBM from tile to tile, O divided by l each time. */
const normalised = (read: Reader): boolean => read.holds('L') === 'hbm';

/** The keys of a row's tile of S or P, or all that it sees where that lies in HBM: those that are read of it. */
function keysOf(read: Reader, role: 'S' | 'P', row: number): readonly [number, number] | undefined {
  const span = read.span(role);
  if (!span) return undefined;
  return direct(read) ? seenIn(read, row, span) : [span.c0, span.c1];
}

/** Scores that a row sees, as terms. */
function scoresOf(
  read: Reader,
  row: number,
  [from, to]: readonly [number, number],
  label = 's',
  made = (s: number): number => s,
): Term[] | undefined {
  const found = all(from, to, (j): Term[] | undefined => {
    if (!read.sees(row, j)) return [];
    const s = read.value('S', row, j);
    return s === undefined ? undefined : [term(`${label}${j}`, made(s))];
  });
  return found?.flat();
}

const weight: Rule = (read, row, col) => {
  const [s, m] = [read.value('S', row, col), statistic(read, 'm', row)];
  const inputs = [inputOf(read, 'S', cell(row, col))];
  const masked = !read.sees(row, col);
  if (normalised(read)) {
    // Against the largest score of its tile alone.
    const keys = keysOf(read, 'S', row);
    const seen = keys && scoresOf(read, row, keys);
    const most = seen && Math.max(-Infinity, ...seen.map(({ product }) => product));
    const tile = keys ? [inputOf(read, 'S', cells(row, row, ...keys))] : inputs;
    const given = [['s', s] as const, ['max s', most] as const];
    return onOneLine('exp(s − max s)', 'exp(# − #)', tile, given, (a, b) => (masked ? 0 : Math.exp(a - b)));
  }
  inputs.push(inputOf(read, 'm', cell(row)));
  const given = [['s', s] as const, ['m', m] as const];
  if (!direct(read))
    return onOneLine('exp(s − m)', 'exp(# − #)', inputs, given, (a, b) => (masked ? 0 : Math.exp(a - b)));
  inputs.push(inputOf(read, 'l', cell(row)));
  const sum = ['l', statistic(read, 'l', row)] as const;
  return onOneLine('exp(s − m) / l', 'exp(# − #) / #', inputs, [...given, sum], (a, b, c) =>
    masked ? 0 : Math.exp(a - b) / c,
  );
};

/** m or l of a row, wherever this kernel keeps it. */
const statistic = (read: Reader, role: 'm' | 'l', row: number): number | undefined =>
  normalised(read) ? read.value(role === 'm' ? 'M' : 'L', row, 0) : read.chip(role, row, 0);

/** Rows of a number of each part of a row. */
function partsAt(read: Reader, row: number, col: number): Cells {
  const parts = partsOf(read.shape);
  return cells(row * parts, row * parts + parts - 1, col, col);
}

/** Terms of a sum over the parts of a row. */
function overParts(read: Reader, row: number, made: (at: number, i: number) => Term | undefined) {
  const { r0, r1 } = partsAt(read, row, 0);
  return all(r0, r1, (at) => made(at, at - r0));
}

/** exp(m of the part - m): what a part counts beside the others. */
function shareOf(read: Reader, row: number, at: number): number | undefined {
  const [part, m] = [read.value('ML', at, 0), read.chip('m', row, 0)];
  return part === undefined || m === undefined ? undefined : Math.exp(part - m);
}

const maximum: Rule = (read, row) => {
  if (merged(read)) {
    const terms = overParts(read, row, (at, i) => termOf(`m${i}`, read.value('ML', at, 0)));
    return { symbols: 'max(m)', inputs: [inputOf(read, 'ML', partsAt(read, row, 0))], ...largest(terms) };
  }
  const symbols = direct(read) ? 'max(s)' : 'max(m, s)';
  const keys = keysOf(read, 'S', row);
  if (!keys) return { symbols, terms: [], inputs: [] };
  const before = read.before('m', row, 0);
  const scores = scoresOf(read, row, keys);
  const terms = before === undefined || direct(read) ? scores : scores && [term('m', before), ...scores];
  return { symbols, inputs: [inputOf(read, 'S', cells(row, row, ...keys))], ...largest(terms) };
};

function largest(terms: readonly Term[] = []): Pick<Sum, 'terms' | 'computed'> {
  if (terms.length === 0) return { terms };
  return { terms, computed: terms.reduce((most, { product }) => Math.max(most, product), -Infinity) };
}

const denominator: Rule = (read, row) => {
  if (merged(read)) {
    const terms = overParts(read, row, (at, i) => termOf(`l${i}`, shareOf(read, row, at), read.value('ML', at, 1)));
    const inputs = [inputOf(read, 'ML', { ...partsAt(read, row, 0), c1: 1 }), inputOf(read, 'm', cell(row))];
    return { symbols: 'Σ exp(m′ − m)·l', inputs, ...added(terms) };
  }
  if (direct(read)) {
    const keys = keysOf(read, 'S', row);
    const m = read.chip('m', row, 0);
    const terms = keys && m !== undefined ? scoresOf(read, row, keys, 'e', (s) => Math.exp(s - m)) : undefined;
    const inputs = keys ? [inputOf(read, 'S', cells(row, row, ...keys)), inputOf(read, 'm', cell(row))] : [];
    return { symbols: 'Σ exp(s − m)', inputs, ...added(terms) };
  }
  const symbols = 'α·l + Σ p';
  const keys = keysOf(read, 'P', row);
  if (!keys) return { symbols, terms: [], inputs: [] };
  const ps = all(...keys, (j) => termOf(`p${j}`, read.value('P', row, j)));
  const older = termOf('α·l', read.chip('alpha', row, 0) ?? first(read), read.before('l', row, 0) ?? first(read));
  const inputs = [inputOf(read, 'P', cells(row, row, ...keys)), inputOf(read, 'alpha', cell(row))];
  return { symbols, inputs, ...added(ps && older && [older, ...ps]) };
};

/** Before the first tile there is nothing to rescale. */
const first = (read: Reader): 0 | undefined => (read.round === 0 ? 0 : undefined);

const rescale: Rule = (read, row) => {
  if (normalised(read)) {
    const { older, m, l } = keptOf(read, row);
    const given = [['m old', older.m] as const, ['m', m] as const, ['l old', older.l] as const, ['l', l] as const];
    return onOneLine(
      'exp(m′ − m)·l′ / l',
      'exp(# − #) · # / #',
      inputsKept(read, row),
      given,
      (a, b, c, d) => (Math.exp(a - b) * c) / (d === 0 ? 1 : d),
    );
  }
  const given = [['m old', read.before('m', row, 0)] as const, ['m', read.chip('m', row, 0)] as const];
  const inputs = [inputOf(read, 'm', cell(row))];
  return onOneLine('exp(m′ − m)', 'exp(# − #)', inputs, given, (old, m) => Math.exp(old - m));
};

/** m and l of a row in HBM, before its tile and after. */
const keptOf = (read: Reader, row: number) => ({
  older: { m: read.stored('M', row, 0), l: read.stored('L', row, 0) },
  m: read.value('M', row, 0),
  l: read.value('L', row, 0),
});

const inputsKept = (read: Reader, row: number): Sum['inputs'] => [
  inputOf(read, 'M', cell(row)),
  inputOf(read, 'L', cell(row)),
];

/** The scores of a row in its tile. */
function ofTile(read: Reader, row: number): Sum['inputs'] {
  const keys = keysOf(read, 'S', row);
  return keys ? [inputOf(read, 'S', cells(row, row, ...keys))] : [];
}

/** The largest score of a row in its tile; that which stands for none where it sees no key of it. */
function largestOfTile(read: Reader, row: number): number | undefined {
  const keys = keysOf(read, 'S', row);
  const scores = keys && all(...keys, (j) => read.value('S', row, j));
  return scores && Math.max(...scores);
}

/** Nothing but where it begins was written before the first tile. */
const begun = (read: Reader): boolean => read.where === 'hbm' && read.span('S') === undefined;

const maximumKept: Rule = (read, row) => {
  const keys = keysOf(read, 'S', row);
  if (begun(read)) return { symbols: '', terms: [], inputs: [] };
  const symbols = 'max(m, s)';
  if (!keys) return { symbols, terms: [], inputs: [] };
  const before = termOf('m', read.stored('M', row, 0));
  const scores = scoresOf(read, row, keys);
  return {
    symbols,
    inputs: [inputOf(read, 'S', cells(row, row, ...keys))],
    ...largest(before && scores && [before, ...scores]),
  };
};

const denominatorKept: Rule = (read, row) => {
  if (begun(read)) return { symbols: '', terms: [], inputs: [] };
  const symbols = 'exp(m′ − m)·l′ + exp(max s − m)·Σ p';
  const keys = keysOf(read, 'P', row);
  if (!keys) return { symbols, terms: [], inputs: [] };
  const { older, m } = keptOf(read, row);
  const less = (x: number | undefined): number | undefined =>
    x === undefined || m === undefined ? undefined : Math.exp(x - m);
  const own = less(largestOfTile(read, row));
  const ps = all(...keys, (j) => termOf(`p${j}`, own, read.value('P', row, j)));
  const kept = termOf('l', less(older.m), older.l);
  const inputs = [...ofTile(read, row), inputOf(read, 'P', cells(row, row, ...keys)), inputOf(read, 'M', cell(row))];
  return { symbols, inputs, ...added(ps && kept && [kept, ...ps]) };
};

const weightOfTile: Rule = (read, row) => {
  const { m, l } = keptOf(read, row);
  const given = [['max s', largestOfTile(read, row)] as const, ['m', m] as const, ['l', l] as const];
  return onOneLine(
    'exp(max s − m) / l',
    'exp(# − #) / #',
    [...ofTile(read, row), ...inputsKept(read, row)],
    given,
    (a, b, c) => Math.exp(a - b) / (c === 0 ? 1 : c),
  );
};

function outputKept(read: Reader, row: number, col: number): Sum {
  if (begun(read)) return { symbols: '', terms: [], inputs: [] };
  const symbols = 'α·o + β·Σ p·v';
  const inputs = [...ofWeights(read, row, col), inputOf(read, 'alpha', cell(row)), inputOf(read, 'beta', cell(row))];
  const keys = keysOf(read, 'P', row);
  const beta = read.chip('beta', row, 0);
  const products = keys && all(...keys, (j) => termOf(`${j}`, beta, read.value('P', row, j), read.value('V', j, col)));
  const older = termOf('α·O', read.chip('alpha', row, 0), read.stored('O', row, col));
  return { symbols, inputs, ...added(products && older && [older, ...products]) };
}

const output: Rule = (read, row, col) => {
  if (normalised(read)) return outputKept(read, row, col);
  if (read.where === 'hbm' && read.holds('OPart') === 'hbm') return ofParts(read, row, col);
  if (read.where === 'hbm' && read.holds('l') === 'chip') {
    const given = [['O', read.chip('O', row, col)] as const, ['l', read.chip('l', row, 0)] as const];
    // What was added up in registers is of every tile: all keys that the row sees went in.
    const seen = seenIn(read, row, cells(row, row, 0, read.shape.keys - 1));
    const inputs = [...(seen ? weighed(read, row, col, seen) : []), inputOf(read, 'l', cell(row))];
    return onOneLine('o / l', '# / #', inputs, given, (o, l) => o / (l === 0 ? 1 : l));
  }
  const keys = keysOf(read, 'P', row);
  const products = keys && all(...keys, (j) => termOf(`${j}`, read.value('P', row, j), read.value('V', j, col)));
  const inputs = ofWeights(read, row, col);
  if (direct(read) || read.round === 0) return { symbols: 'Σ p·v', inputs, ...added(products) };
  const older = termOf('α·O', read.chip('alpha', row, 0), read.before('O', row, col));
  return {
    symbols: 'α·o + Σ p·v',
    inputs: [...inputs, inputOf(read, 'alpha', cell(row))],
    ...added(products && older && [older, ...products]),
  };
};

/** The weights of a row, and the column of V that they weigh. */
function ofWeights(read: Reader, row: number, col: number): Sum['inputs'] {
  const keys = keysOf(read, 'P', row);
  return keys ? weighed(read, row, col, keys) : [];
}

const weighed = (read: Reader, row: number, col: number, keys: readonly [number, number]): Sum['inputs'] => [
  inputOf(read, 'P', cells(row, row, ...keys)),
  inputOf(read, 'V', cells(...keys, col, col)),
];

function ofParts(read: Reader, row: number, col: number): Sum {
  const l = read.chip('l', row, 0);
  const terms = overParts(read, row, (at, i) => {
    const share = shareOf(read, row, at);
    return termOf(`${i}`, share, read.value('OPart', at, col));
  });
  const inputs = [
    inputOf(read, 'OPart', partsAt(read, row, col)),
    inputOf(read, 'ML', partsAt(read, row, 0)),
    inputOf(read, 'm', cell(row)),
    inputOf(read, 'l', cell(row)),
  ];
  const symbols = 'Σ exp(m′ − m)·o / l';
  if (l === undefined) return { symbols, terms: [], inputs };
  return { symbols, inputs, times: ['/ ', l], ...added(terms, 1 / (l === 0 ? 1 : l)) };
}

const logSum: Rule = (read, row) => {
  const [m, l] = [statistic(read, 'm', row), statistic(read, 'l', row)];
  const log = l === undefined ? undefined : Math.log(l === 0 ? 1 : l);
  const terms = all(0, 1, (i) => (i === 0 ? termOf('m', m) : termOf('ln l', log)));
  const inputs = normalised(read) ? (['M', 'L'] as const) : (['m', 'l'] as const);
  return { symbols: 'm + ln l', inputs: inputs.map((role) => inputOf(read, role, cell(row))), ...added(terms) };
};

const ofRow = ['query', 'one'] as const;

export const attentionRules: OpRules = {
  rules: {
    S: score,
    P: weight,
    m: maximum,
    l: denominator,
    M: maximumKept,
    L: denominatorKept,
    alpha: rescale,
    beta: weightOfTile,
    O: output,
    LSE: logSum,
  },
  roles: {
    P: { range: 'unit' },
    m: { axes: ofRow },
    l: { axes: ofRow, range: 'up' },
    alpha: { axes: ofRow, sign: 'α', range: 'unit' },
    beta: { axes: ofRow, sign: 'β', range: 'unit' },
    L: { range: 'up' },
  },
  softmax: {
    scores: 'S',
    weights: 'P',
    max: 'm',
    sum: 'l',
    maxInHbm: 'M',
    sumInHbm: 'L',
    rescale: 'alpha',
    out: 'O',
    queries: 'Q',
    keys: 'K',
    values: 'V',
  },
};
