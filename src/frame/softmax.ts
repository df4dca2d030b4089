// The softmax of one query row as the kernel went through it: tile by tile for the online kind, whole rows for the
// direct kind. What its roles are called is the op's.
import { sees } from '../ops/attention/shape';
import type { Role } from '../ops/layout';
import type { SoftmaxRoles } from '../ops/rule';
import { arrayAt } from './arrays';
import { couldHold, within, type Place } from './chip';
import type { ArrayFrame, SoftmaxFrame, SoftmaxTile } from './frame-types';
import { hbmWritten, type Point } from './hbm';
import { homeOf } from './home';
import { rewritten, valuesAt } from './rewritten';
import { liveAt, planeValues, type Scene, type WorkgroupScene } from './scene';

/** The array that holds `role` at phase k, as matrices. */
function holder(at: Place, role: Role, k: number): ArrayFrame | undefined {
  for (const info of at.pass.pass.arrays) {
    const named = at.pass.layouts[info.name];
    if (!named || !couldHold(named, role)) continue;
    const frame = arrayAt(at.pass, at.captured, at.index, info, named, k, at.block);
    if (frame.role === role) return frame;
  }
  return undefined;
}

/** A captured scalar, or undefined where the kernel has not written it yet. */
function cellOf(frame: ArrayFrame | undefined, row: number, col: number): number | undefined {
  if (!frame) return undefined;
  const r = row - frame.row0;
  const c = col - frame.col0;
  if (r < 0 || c < 0 || r >= frame.rows || c >= frame.cols) return undefined;
  const i = r * frame.cols + c;
  return frame.writer[i] ? frame.values[i] : undefined;
}

/** One row of a matrix in registers, or undefined before its first write. */
function rowOf(frame: ArrayFrame | undefined, row: number): Float32Array | undefined {
  const r = frame ? row - frame.row0 : -1;
  if (!frame || r < 0 || r >= frame.rows || !frame.writer[r * frame.cols]) return undefined;
  return frame.values.subarray(r * frame.cols, (r + 1) * frame.cols);
}

/** The last executed phase of a tile, at or before k: phases are in the order of tiles. */
function lastOf({ index }: Place, tile: number, k: number): number {
  let low = -1;
  let high = k;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((index.tile[middle] ?? 0) <= tile) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The executed phase in `tile` that wrote `role`, at or before k; -1 when there is none. */
function phaseOf(at: Place, role: Role, tile: number, k: number): number {
  for (let j = lastOf(at, tile, k); j >= 0 && (at.index.tile[j] ?? -1) >= tile; j--) {
    if (at.index.tile[j] !== tile) continue;
    for (const info of at.pass.pass.arrays) {
      const named = at.pass.layouts[info.name];
      if (!named || !at.captured.arrays[info.id]?.some((f) => f.from === j)) continue;
      const frame = arrayAt(at.pass, at.captured, at.index, info, named, j, at.block);
      if (frame.role === role && frame.fresh) return j;
    }
  }
  return -1;
}

function maskOf(at: Place, row: number, from: number, to: number): boolean[] {
  const { shape } = at.scene.trace.header.run;
  return Array.from({ length: to - from + 1 }, (_, i) => !sees(shape, row, from + i));
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** A number of a row that is kept in HBM, as it stood after phase k. */
function inHbmAt({ scene, pass, captured }: Place, role: Role, row: number, k: number): number | undefined {
  const tensor = scene.tensors.get(role);
  return tensor && rewritten(scene, pass, captured, tensor)?.storeAt(k, row, 0)?.value;
}

/** Whether the rows' m and l go through HBM from tile to tile. */
const isInHbm = ({ scene, pass, captured }: Place, { maxInHbm }: SoftmaxRoles): boolean => {
  const tensor = scene.tensors.get(maxInHbm);
  return tensor !== undefined && rewritten(scene, pass, captured, tensor) !== undefined;
};

/** A round in which a row was at hand, and the executed phase that brought it. */
interface Round {
  tile: number;
  phase: number;
}

const roundCache = new WeakMap<WorkgroupScene, Map<number, readonly Round[]>>();

/**
 * Where queries go round within the keys, or keys within queries: the rounds in which the row was at hand, each of them a
 * tile of keys. Where one loop goes over the keys alone, every round is the row's.
 */
function roundsOf({ pass, captured, index }: Place, { queries }: SoftmaxRoles, row: number): readonly Round[] {
  const { phases } = pass.pass;
  if (!phases.some(({ loops = [] }) => loops.length > 1))
    return Array.from({ length: index.tiles }, (_, tile) => ({ tile, phase: -1 }));
  const rows = roundCache.get(index) ?? new Map<number, readonly Round[]>();
  roundCache.set(index, rows);
  let made = rows.get(row);
  if (!made) {
    made = index.touches.flatMap(({ reads }, phase) => {
      const nested = (phases[captured.order[phase] ?? 0]?.loops?.length ?? 0) > 1;
      return nested && within(reads[queries], row, 0) ? [{ tile: index.tile[phase] ?? 0, phase }] : [];
    });
    rows.set(row, made);
  }
  return made;
}

/** What adds up to l where O is divided by it in every tile. */
function dividedAt(
  tile: Pick<SoftmaxTile, 's' | 'masked' | 'mOld' | 'lOld' | 'm' | 'sumP'>,
): Pick<SoftmaxTile, 'divided'> {
  const { s, masked, mOld, lOld, m, sumP } = tile;
  if (mOld === undefined || lOld === undefined || m === undefined || sumP === undefined) return {};
  const mTile = s.reduce<number>((most, x, i) => (masked[i] ? most : Math.max(most, x ?? most)), -Infinity);
  return { divided: { mTile, kept: Math.exp(mOld - m) * lOld, added: Math.exp(mTile - m) * sumP } };
}

const tileCache = new WeakMap<WorkgroupScene, Map<string, SoftmaxTile>>();

/** One key tile of a row as far as phase k, the row's `number`-th; finished tiles are kept. */
function onlineTile(
  at: Place,
  roles: SoftmaxRoles,
  row: number,
  tile: number,
  k: number,
  number: number,
): SoftmaxTile | undefined {
  const finished = (at.index.tile[k] ?? 0) > tile;
  const cache = tileCache.get(at.index) ?? new Map<string, SoftmaxTile>();
  tileCache.set(at.index, cache);
  const key = `${tile}:${row}`;
  const known = finished ? cache.get(key) : undefined;
  if (known) return known;
  const sPhase = phaseOf(at, roles.scores, tile, k);
  const pPhase = phaseOf(at, roles.weights, tile, k);
  // A kernel may add its p up later than it makes them.
  const sumPhase = pPhase < 0 ? -1 : phaseOf(at, roles.sum, tile, k);
  const hbm = isInHbm(at, roles);
  const lPhase = hbm ? pPhase : sumPhase >= pPhase ? sumPhase : -1;
  const keys = liveAt(at.index, roles.keys, sPhase >= 0 ? sPhase : k);
  if (!keys) return undefined;
  const [from, to] = [keys.r0, keys.r1];
  const along = <T>(f: (j: number) => T): T[] => Array.from({ length: to - from + 1 }, (_, i) => f(from + i));
  const s = sPhase < 0 ? undefined : holder(at, roles.scores, sPhase);
  const p = pPhase < 0 ? undefined : holder(at, roles.weights, pPhase);
  const read = (role: Role, phase: number): number | undefined =>
    phase < 0 ? undefined : cellOf(holder(at, role, phase), row, 0);
  const statistic = (of: 'max' | 'sum', phase: number): number | undefined => {
    if (!hbm) return read(roles[of], phase);
    return phase < 0 ? undefined : inHbmAt(at, roles[`${of}InHbm`], row, phase);
  };
  const ps = along((j) => cellOf(p, row, j));
  const made: SoftmaxTile = {
    index: number,
    from,
    to,
    s: along((j) => cellOf(s, row, j)),
    p: ps,
    masked: maskOf(at, row, from, to),
    ...defined({
      mOld: statistic('max', pPhase > 0 ? pPhase - 1 : sPhase),
      m: statistic('max', pPhase),
      alpha: read(roles.rescale, pPhase),
      lOld: statistic('sum', pPhase > 0 ? pPhase - 1 : sPhase),
      l: statistic('sum', lPhase),
      sumP: pPhase < 0 ? undefined : ps.reduce<number>((sum, x) => sum + (x ?? 0), 0),
    }),
  };
  if (hbm) Object.assign(made, dividedAt(made));
  if (finished) cache.set(key, made);
  return made;
}

/** Online softmax of a row at phase k of its workgroup. */
export function onlineSoftmax(at: Place, roles: SoftmaxRoles, row: number, k: number): SoftmaxFrame {
  const inWorkgroup = row >= at.block.r0 && row <= at.block.r1;
  const tiles: SoftmaxTile[] = [];
  const now = k < 0 ? -1 : (at.index.tile[k] ?? 0);
  const rounds = roundsOf(at, roles, row);
  const begun = rounds.filter(({ tile, phase }) => tile <= now && phase <= k);
  for (const [number, round] of begun.entries()) {
    if (!inWorkgroup) break;
    const tile = onlineTile(at, roles, row, round.tile, k, number);
    if (tile) tiles.push(tile);
  }
  const base = { kind: 'online', row, inWorkgroup, tiles, tileCount: rounds.length } as const;
  if (isInHbm(at, roles)) return { ...base, inHbm: true, ...hbmRow(at, roles, row, k, begun.at(-1), tiles.at(-1)) };
  const acc = inWorkgroup && k >= 0 ? rowOf(holder(at, roles.out, k), row) : undefined;
  const before = inWorkgroup ? accBefore(at, roles, row, k, now) : undefined;
  return { ...base, inHbm: false, ...defined({ accBefore: before, acc, o: writtenRow(at, roles, row, k) }) };
}

/** O of a row that is rewritten in HBM: as the row's last tile began, and after its update. */
function hbmRow(
  at: Place,
  { out }: SoftmaxRoles,
  row: number,
  k: number,
  round: Round | undefined,
  tile: SoftmaxTile | undefined,
): Pick<SoftmaxFrame, 'accBefore' | 'acc'> {
  const tensor = at.scene.tensors.get(out);
  const rewrites = tensor && rewritten(at.scene, at.pass, at.captured, tensor);
  if (!rewrites || round === undefined) return {};
  const rowAt = (phase: number): Float32Array =>
    rewrites.at(phase).subarray(row * tensor.cols, (row + 1) * tensor.cols);
  const updated = tile?.alpha !== undefined && (rewrites.storeAt(k, row, 0)?.phase ?? -1) > round.phase;
  return { accBefore: rowAt(round.phase), ...(updated && { acc: rowAt(k) }) };
}

/** O in registers when the tile under the cursor began. */
function accBefore(at: Place, { out }: SoftmaxRoles, row: number, k: number, tile: number): Float32Array | undefined {
  let j = k;
  while (j >= 0 && (at.index.tile[j] ?? 0) >= tile) j--;
  return j < 0 ? undefined : rowOf(holder(at, out, j), row);
}

function writtenRow(at: Place, { out }: SoftmaxRoles, row: number, k: number): Float32Array | undefined {
  const o = at.scene.tensors.get(out);
  if (!o || !at.index.touches.slice(0, k + 1).some((t) => t.writes[out])) return undefined;
  return valuesAt(at.scene, at.pass, at.captured, o, k).subarray(row * o.cols, (row + 1) * o.cols);
}

/** The direct softmax of a row of the naive kernel: whatever of it is written at the cursor. */
export function directSoftmax(
  scene: Scene,
  roles: SoftmaxRoles,
  point: Point,
  row: number,
  place: Place | undefined,
): SoftmaxFrame {
  const { shape } = scene.trace.header.run;
  const written = (id: Role, j: number): number | undefined => {
    const tensor = scene.tensors.get(id);
    return tensor && hbmWritten(scene, id, point, row, j)
      ? planeValues(scene, tensor)[row * tensor.cols + j]
      : undefined;
  };
  const statistic = (role: Role): number | undefined => homeOf(scene, point, place, { role, row, col: 0 })?.value;
  const keys = Array.from({ length: shape.keys }, (_, j) => j);
  const tile: SoftmaxTile = {
    index: 0,
    from: 0,
    to: shape.keys - 1,
    s: keys.map((j) => written(roles.scores, j)),
    p: keys.map((j) => written(roles.weights, j)),
    masked: keys.map((j) => !sees(shape, row, j)),
    ...defined({ m: statistic(roles.max), l: statistic(roles.sum) }),
  };
  const o = written(roles.out, 0) === undefined ? undefined : scene.tensors.get(roles.out);
  const inWorkgroup = tile.m !== undefined || tile.s.some((x) => x !== undefined);
  return {
    kind: 'direct',
    row,
    inWorkgroup,
    tiles: [tile],
    tileCount: 1,
    inHbm: false,
    ...(o ? { o: planeValues(scene, o).subarray(row * o.cols, (row + 1) * o.cols) } : {}),
  };
}
