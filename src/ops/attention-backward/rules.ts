// How the cells of the backward pass come about: from S, P, dP and dS in HBM, or tile by tile with P computed anew.
import {
  added,
  all,
  cell,
  cells,
  dotOfRows,
  inputOf,
  onOneLine,
  term,
  termOf,
  type Input,
  type OpRules,
  type Reader,
  type Rule,
  type Sum,
  type Term,
} from '../rule';
import { score } from '../score-rule';
import { slopeOf } from '../scores';
import { ownKey } from '../sizes';

/** Whether S, P, dP and dS of all rows lie in HBM. */
const standard = (read: Reader): boolean => read.holds('dS') === 'hbm';

/** LSE and D of a row: side by side in one tensor where a pass before kept them so. */
const ofRow = (read: Reader, role: 'LSE' | 'D', row: number): { from: Input; value: number | undefined } => {
  const paired = read.holds('LD') === 'hbm';
  const [tensor, col] = paired ? (['LD', role === 'D' ? 1 : 0] as const) : ([role, 0] as const);
  return { from: inputOf(read, tensor, cell(row, col)), value: read.value(tensor, row, col) };
};

const weight: Rule = (read, row, col) => {
  const lse = ofRow(read, 'LSE', row);
  const given = [['s', read.value('S', row, col)] as const, ['LSE', lse.value] as const];
  const inputs = [inputOf(read, 'S', cell(row, col)), lse.from];
  return onOneLine('exp(s − LSE)', 'exp(# − #)', inputs, given, (s, l) => (read.sees(row, col) ? Math.exp(s - l) : 0));
};

const gradientOfWeight: Rule = (read, row, col) => {
  const symbols = 'Σ do·v';
  if (!read.sees(row, col)) return { symbols, terms: [], inputs: [] };
  const { terms, inputs } = dotOfRows(read, ['dO', row], ['V', col]);
  return { symbols, inputs, ...added(terms) };
};

const gradientOfScore: Rule = (read, row, col) => {
  const d = ofRow(read, 'D', row);
  const given = [
    ['p', read.value('P', row, col)] as const,
    ['dp', read.value('dP', row, col)] as const,
    ['D', d.value] as const,
  ];
  const inputs = [inputOf(read, 'P', cell(row, col)), inputOf(read, 'dP', cell(row, col)), d.from];
  const { softcap } = read.shape;
  if (softcap !== undefined) {
    // By the scaled score: the capped one, which is S without its bias, grows by 1 − tanh² of it.
    const bias = slopeOf(read.shape, read.plane) * Math.abs(ownKey(read.shape, row) - col);
    const s = read.value('S', row, col);
    const steep = read.sees(row, col) ? (s === undefined ? s : 1 - ((s + bias) / softcap) ** 2) : 1;
    return onOneLine(
      'p·(dp − D)·(1 − tanh²)',
      '# × (# − #) × #',
      [...inputs, inputOf(read, 'S', cell(row, col))],
      [...given, ['1 − tanh²', steep] as const],
      (p, dp, sum, by) => p * (dp - sum) * by,
    );
  }
  return onOneLine('p·(dp − D)', '# × (# − #)', inputs, given, (p, dp, sum) => p * (dp - sum));
};

const rowSum: Rule = (read, row) => {
  const { terms, inputs } = dotOfRows(read, ['dO', row], ['O', row]);
  return { symbols: 'Σ do·o', inputs, ...added(terms) };
};

/** LSE as it was given, and D beside it. */
const pair: Rule = (read, row, col) =>
  col === 1
    ? rowSum(read, row, col)
    : onOneLine('LSE', '#', [inputOf(read, 'LSE', cell(row))], [['LSE', read.value('LSE', row, 0)]], (lse) => lse);

/** A gradient: the sum over queries or keys of a matrix of pairs times rows of another. */
interface Gradient {
  role: 'dQ' | 'dK' | 'dV';
  /** The cell's own sign, and the sum in symbols. */
  sign: string;
  symbols: (read: Reader) => readonly (string | number)[];
  pairs: 'P' | 'dS';
  times: 'dO' | 'Q' | 'K';
  scaled: boolean;
  /** The cell's row counts queries, and the sum goes over keys; else the other way round. */
  ofQueries: boolean;
}

/** The factors of the sum's i-th term; `plane`: that of the query head, where the sum goes over several. */
function factorsOf(read: Reader, g: Gradient, row: number, col: number, i: number, plane?: number) {
  const pairs = g.ofQueries ? read.value(g.pairs, row, i, plane) : read.value(g.pairs, i, row, plane);
  const factors = [pairs, read.value(g.times, i, col, plane)];
  return g.scaled ? [...factors, read.scale] : factors;
}

const inputsOf = (read: Reader, g: Gradient, row: number, col: number, from: number, to: number): Input[] => [
  inputOf(read, g.pairs, g.ofQueries ? cells(row, row, from, to) : cells(from, to, row, row)),
  inputOf(read, g.times, cells(from, to, col, col)),
];

/** The queries or keys that a row of the gradient is summed over, where all of them lie in HBM. */
function wholeOf({ shape, sees }: Reader, g: Gradient, row: number): readonly [number, number] | undefined {
  const sums = (i: number): boolean => (g.ofQueries ? sees(row, i) : sees(i, row));
  let [from, to] = [0, (g.ofQueries ? shape.keys : shape.queries) - 1];
  while (from <= to && !sums(from)) from++;
  while (to >= from && !sums(to)) to--;
  return from <= to ? [from, to] : undefined;
}

/** What goes in over all rounds: of every query head that shares the keys, where the cell's row is one. */
function everything(read: Reader, g: Gradient, row: number, col: number): Input[] {
  const range = wholeOf(read, g, row);
  if (!range) return [];
  if (g.ofQueries) return inputsOf(read, g, row, col, ...range);
  return read.sharers.flatMap((plane) =>
    inputsOf(read, g, row, col, ...range).map((one): Input => ({ ...one, plane })),
  );
}

function ofStandard(read: Reader, g: Gradient, row: number, col: number): Sum {
  const symbols = g.symbols(read);
  const range = wholeOf(read, g, row);
  const planes = g.ofQueries ? [undefined] : read.sharers;
  const terms: Term[] = [];
  for (const plane of planes)
    for (const one of (range && all(...range, (i) => termOf(`${i}`, ...factorsOf(read, g, row, col, i, plane)))) ?? [])
      terms.push(one);
  return { symbols, inputs: everything(read, g, row, col), ...added(terms) };
}

/** A round of the tiled kernels: what stood there, and the tile's part. */
function ofRound(read: Reader, g: Gradient, row: number, col: number): Sum {
  const span = read.span(g.pairs);
  const [from, to] = span ? (g.ofQueries ? [span.c0, span.c1] : [span.r0, span.r1]) : [0, -1];
  const products = span && all(from, to, (i) => termOf(`${i}`, ...factorsOf(read, g, row, col, i)));
  const before = read.before(g.role, row, col);
  const inputs = span ? inputsOf(read, g, row, col, from, to) : [];
  if (before === undefined && read.round === 0) return { symbols: g.symbols(read), inputs, ...added(products) };
  const terms = before === undefined || !products ? [] : [term(g.sign, before), ...products];
  return { symbols: [`${g.sign} + `, ...g.symbols(read)], inputs, ...added(terms) };
}

/** What was added up in registers, as it is stored. */
const ofStore = (read: Reader, g: Gradient, row: number, col: number): Sum =>
  onOneLine(g.symbols(read), '#', everything(read, g, row, col), [[g.sign, read.chip(g.role, row, col)]], (sum) => sum);

const gradient =
  (g: Gradient): Rule =>
  (read, row, col) => {
    if (standard(read)) return ofStandard(read, g, row, col);
    return read.where === 'hbm' ? ofStore(read, g, row, col) : ofRound(read, g, row, col);
  };

const gradients: readonly Gradient[] = [
  {
    role: 'dQ',
    sign: 'dq',
    symbols: ({ scaled }) => ['Σ ds·k ', ...scaled],
    pairs: 'dS',
    times: 'K',
    scaled: true,
    ofQueries: true,
  },
  {
    role: 'dK',
    sign: 'dk',
    symbols: ({ scaled }) => ['Σ ds·q ', ...scaled],
    pairs: 'dS',
    times: 'Q',
    scaled: true,
    ofQueries: false,
  },
  {
    role: 'dV',
    sign: 'dv',
    symbols: () => ['Σ p·do'],
    pairs: 'P',
    times: 'dO',
    scaled: false,
    ofQueries: false,
  },
];

export const attentionBackwardRules: OpRules = {
  rules: {
    S: score,
    P: weight,
    dP: gradientOfWeight,
    dS: gradientOfScore,
    D: rowSum,
    LD: pair,
    ...Object.fromEntries(gradients.map((g) => [g.role, gradient(g)])),
  },
};
