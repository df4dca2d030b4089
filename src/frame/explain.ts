// The arithmetic behind one cell, written out with captured numbers. The sum is the page's own (computed); the cell's
// value is the kernel's (captured).
import { defaultScale, sees } from '../ops/attention/shape';
import type { Role } from '../ops/layout';
import { absentAt } from './absent';
import type { CellRef } from './cell';
import type { Explanation, Frame, Rect, SoftmaxTile } from './frame-types';
import type { Scene } from './scene';
import { planeValues } from './scene';
import {
  cellOf,
  directSoftmax,
  hbmWritten,
  holder,
  onlineSoftmax,
  onlineTile,
  phaseOf,
  statisticsAt,
  type Place,
} from './softmax';
import { lineInArray, storedBy, type Written } from './writer';

/** What of a frame the arithmetic depends on, beside its scene. */
type Partial_ = Pick<Frame, 'cursor' | 'gaze' | 'phase' | 'softmax'>;
type Sum = Pick<Explanation, 'formula' | 'terms' | 'inputs'> & { computed?: number };

const rect = (r0: number, r1: number, c0: number, c1: number): Rect => ({ r0, r1, c0, c1 });
const term = (label: string, ...factors: number[]): Explanation['terms'][number] => ({
  label,
  factors,
  product: factors.reduce((a, b) => a * b, 1),
});
const sumOf = (terms: Explanation['terms']): number => terms.reduce((a, t) => a + t.product, 0);

/** A captured value, and the place in the source that wrote it. */
interface Found {
  value: number;
  written?: Written | undefined;
}

/** Explains the cell under the gaze, or undefined when nothing is looked at. */
export function explain(
  frame: Partial_,
  scene: Scene,
  position: number,
  k: number,
  place: Place | undefined,
): Explanation | undefined {
  const { cell } = frame.gaze;
  if (!cell) return undefined;
  const softmax = softmaxOf(frame, scene, position, k, place, cell.row);
  const tile = tileOf(softmax, place, cell, k);
  const found = captured(frame, scene, position, k, place, cell, tile);
  const { computed: sum, ...shown } = arithmetic({ ...frame, softmax }, scene, cell, tile, found !== undefined);
  if (!found) {
    return {
      cell,
      value: undefined,
      ...shown,
      absent: absentAt(scene, frame.cursor.pass, position, cell, place !== undefined),
      differs: false,
    };
  }
  const { value, written } = found;
  const differs = sum !== undefined && value > -1e29 && Math.abs(value - sum) > rounding(value, shown, scene);
  return {
    cell,
    value,
    ...shown,
    ...(sum === undefined ? {} : { computed: sum }),
    ...(written ? { line: written.line } : {}),
    ...(written && written.pass !== frame.cursor.pass ? { linePass: written.pass } : {}),
    differs,
  };
}

/**
 * What f32 may round away: in a sum of products that cancel, by the size of the products, not by that of what is left
 * of them.
 */
function rounding(value: number, { formula, terms }: Omit<Sum, 'computed'>, { trace }: Scene): number {
  const { shape, scale } = trace.header.run;
  const factor = formula === 'dot' ? (scale ?? defaultScale(shape)) : 1;
  const size =
    formula === 'dot' || formula === 'weighted' ? terms.reduce((all, { product }) => all + Math.abs(product), 0) : 0;
  return 1e-5 * (1 + Math.abs(value)) + 1e-6 * factor * size;
}

/** The softmax of the cell's own row, which need not be the chosen one. */
function softmaxOf(
  { softmax, cursor }: Partial_,
  scene: Scene,
  position: number,
  k: number,
  place: Place | undefined,
  row: number,
): Frame['softmax'] {
  if (softmax?.row === row) return softmax;
  if (scene.tensors.has('S')) return directSoftmax(scene, cursor.pass, position, k, row);
  return place && onlineSoftmax(place, row, k);
}

/** The key tile that the cell belongs to: by its column for S and P, else the one under the cursor. */
function tileOf(
  softmax: Frame['softmax'],
  place: Place | undefined,
  cell: CellRef,
  k: number,
): SoftmaxTile | undefined {
  if (softmax?.kind === 'direct') return softmax.tiles[0];
  if (!place || k < 0 || cell.row < place.block.r0 || cell.row > place.block.r1) return undefined;
  const last = place.index.tile[k] ?? 0;
  if (cell.role !== 'S' && cell.role !== 'P') return onlineTile(place, cell.row, last, k);
  for (let t = last; t >= 0; t--) {
    const tile = onlineTile(place, cell.row, t, k);
    if (tile && cell.col >= tile.from && cell.col <= tile.to) return tile;
  }
  return undefined;
}

function captured(
  frame: Partial_,
  scene: Scene,
  position: number,
  k: number,
  place: Place | undefined,
  cell: CellRef,
  tile: SoftmaxTile | undefined,
): Found | undefined {
  const { role, row, col } = cell;
  const { pass } = frame.cursor;
  const tensor = scene.tensors.get(role);
  const stored = tensor && planeValues(scene, tensor)[row * tensor.cols + col];
  if (role === 'Q' || role === 'K' || role === 'V') return found(stored, undefined);
  if ((role === 'S' || role === 'P') && !tensor) {
    const phase = tile && place ? phaseOf(place, role, tile.index, k) : -1;
    const line = place && phase >= 0 ? lineInArray(holder(place, role, phase), place.pass.pass, row, col) : undefined;
    return found(tile?.[role === 'S' ? 's' : 'p'][col - tile.from], line === undefined ? undefined : { pass, line });
  }
  if (tensor && hbmWritten(scene, role as InHbm, pass, position, k, row, col)) {
    return found(stored, storedBy(scene, role as InHbm, pass, position, row, col));
  }
  if (frame.softmax?.kind === 'direct' && (role === 'm' || role === 'l')) {
    const statistics = tile && statisticsAt(scene, pass, position, k, row);
    if (!statistics) return undefined;
    const line = lineInArray(holder(statistics.at, role, statistics.last), statistics.at.pass.pass, row, 0);
    return found(tile[role], line === undefined ? undefined : { pass: statistics.pass, line });
  }
  const array = place && k >= 0 ? holder(place, role, k) : undefined;
  const line = place && lineInArray(array, place.pass.pass, row, col);
  return found(cellOf(array, row, col), line === undefined ? undefined : { pass, line });
}

type InHbm = 'S' | 'P' | 'O' | 'LSE';

const found = (value: number | undefined, written: Written | undefined): Found | undefined =>
  value === undefined ? undefined : { value, written };

function arithmetic(frame: Partial_, scene: Scene, cell: CellRef, tile: SoftmaxTile | undefined, known: boolean): Sum {
  const empty: Sum = { formula: 'input', terms: [], inputs: [] };
  switch (cell.role) {
    case 'S':
      return score(scene, cell);
    case 'P':
      return weight(cell, tile, frame.softmax?.kind === 'direct');
    case 'm':
      return maximum(cell, tile, known);
    case 'l':
      return denominator(cell, tile, frame.softmax?.kind === 'direct');
    case 'alpha':
      return rescale(tile);
    case 'O':
      return output(frame, scene, cell, tile);
    case 'LSE':
      return tile?.m === undefined || tile.l === undefined
        ? { ...empty, formula: 'sum' }
        : {
            formula: 'sum',
            terms: [term('m', tile.m), term('ln l', Math.log(tile.l === 0 ? 1 : tile.l))],
            inputs: [],
            computed: tile.m + Math.log(tile.l === 0 ? 1 : tile.l),
          };
    default:
      return empty;
  }
}

function score(scene: Scene, { row, col }: CellRef): Sum {
  const { shape, scale } = scene.trace.header.run;
  const [q, key] = [scene.tensors.get('Q'), scene.tensors.get('K')];
  if (!q || !key || !sees(shape, row, col)) return { formula: 'dot', terms: [], inputs: [] };
  const [qs, ks] = [planeValues(scene, q), planeValues(scene, key)];
  const terms = Array.from({ length: shape.dim }, (_, c) =>
    term(`${c}`, qs[row * shape.dim + c] ?? 0, ks[col * shape.dim + c] ?? 0),
  );
  const inputs = [
    { tensor: 'Q' as Role, rect: rect(row, row, 0, shape.dim - 1) },
    { tensor: 'K' as Role, rect: rect(col, col, 0, shape.dim - 1) },
  ];
  return { formula: 'dot', terms, inputs, computed: sumOf(terms) * (scale ?? defaultScale(shape)) };
}

function weight({ row, col }: CellRef, tile: SoftmaxTile | undefined, direct: boolean): Sum {
  const s = tile?.s[col - (tile?.from ?? 0)];
  const inputs = [
    { tensor: 'S' as Role, rect: rect(row, row, col, col) },
    { tensor: 'm' as Role, rect: rect(row, row, 0, 0) },
  ];
  if (direct) inputs.push({ tensor: 'l', rect: rect(row, row, 0, 0) });
  if (s === undefined || tile?.m === undefined || (direct && tile.l === undefined))
    return { formula: 'exp', terms: [], inputs };
  const terms = [term('s', s), term('m', tile.m), ...(direct ? [term('l', tile.l ?? 1)] : [])];
  const computed = tile.masked[col - tile.from] ? 0 : Math.exp(s - tile.m) / (direct ? (tile.l ?? 1) : 1);
  return { formula: 'exp', terms, inputs, computed };
}

function maximum({ row }: CellRef, tile: SoftmaxTile | undefined, known: boolean): Sum {
  if (!tile) return { formula: 'max', terms: [], inputs: [] };
  const terms = tile.s.flatMap((s, i) => (s === undefined || tile.masked[i] ? [] : [term(`s${tile.from + i}`, s)]));
  if (tile.mOld !== undefined) terms.unshift(term('m', tile.mOld));
  const inputs = [{ tensor: 'S' as Role, rect: rect(row, row, tile.from, tile.to) }];
  // Before this tile's softmax, m is still the old one and there is nothing to add up.
  if (!known || tile.m === undefined || terms.length === 0) return { formula: 'max', terms: [], inputs };
  return { formula: 'max', terms, inputs, computed: terms.reduce((a, t) => Math.max(a, t.product), -Infinity) };
}

function denominator({ row }: CellRef, tile: SoftmaxTile | undefined, direct: boolean): Sum {
  if (!tile || tile.l === undefined) return { formula: 'sum', terms: [], inputs: [] };
  const inputs = [{ tensor: (direct ? 'S' : 'P') as Role, rect: rect(row, row, tile.from, tile.to) }];
  const terms = direct
    ? tile.s.flatMap((s, i) =>
        s === undefined || tile.masked[i] ? [] : [term(`e${tile.from + i}`, Math.exp(s - (tile.m ?? 0)))],
      )
    : [term('α·l', tile.alpha ?? 0, tile.lOld ?? 0), ...tile.p.map((p, i) => term(`p${tile.from + i}`, p ?? 0))];
  return { formula: 'sum', terms, inputs, computed: sumOf(terms) };
}

function rescale(tile: SoftmaxTile | undefined): Sum {
  if (tile?.alpha === undefined || tile.mOld === undefined || tile.m === undefined)
    return { formula: 'rescale', terms: [], inputs: [] };
  return {
    formula: 'rescale',
    terms: [term('m old', tile.mOld), term('m', tile.m)],
    inputs: [],
    computed: Math.exp(tile.mOld - tile.m),
  };
}

function output(frame: Partial_, scene: Scene, { row, col }: CellRef, tile: SoftmaxTile | undefined): Sum {
  const v = scene.tensors.get('V');
  if (!v || !tile) return { formula: 'weighted', terms: [], inputs: [] };
  const vs = planeValues(scene, v);
  const inputs = [
    { tensor: 'P' as Role, rect: rect(row, row, tile.from, tile.to) },
    { tensor: 'V' as Role, rect: rect(tile.from, tile.to, col, col) },
  ];
  const { softmax } = frame;
  if (softmax?.kind === 'online' && softmax.o) {
    const [acc, l] = [softmax.acc?.[col], tile.l];
    if (acc === undefined || l === undefined) return { formula: 'divide', terms: [], inputs };
    return { formula: 'divide', terms: [term('O', acc), term('l', l)], inputs, computed: acc / (l === 0 ? 1 : l) };
  }
  const terms = tile.p.map((p, i) => term(`${tile.from + i}`, p ?? 0, vs[(tile.from + i) * v.cols + col] ?? 0));
  if (softmax?.kind === 'online' && tile.index > 0) {
    const before = softmax.accBefore?.[col];
    if (before === undefined || tile.alpha === undefined) return { formula: 'weighted', terms: [], inputs };
    terms.unshift(term('α·O', tile.alpha, before));
  }
  const finished = frame.softmax?.kind === 'direct' || frame.phase.name === 'O += PV';
  return { formula: 'weighted', terms: finished ? terms : [], inputs, ...(finished ? { computed: sumOf(terms) } : {}) };
}
