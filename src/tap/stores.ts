/**
 * Stores to HBM whose cells a workgroup may write more than once: of those every store is logged, where it happens, with
 * the executed phase. What a cell held in between is nowhere else to be found.
 */
import { visitAst } from 'wesl/core';
import type { DeclIdent, FnElem, Type } from 'wesl/core';
import type { Flow } from '../wgsl/flow';
import { spaceOf } from '../wgsl/source';
import type { Source } from '../wgsl/source';
import type { Places } from '../wgsl/places';
import { scalarOf } from '../wgsl/types';
import type { StoreLog } from '../trace/trace';

/** Words before the value of an entry: the flat index, and the executed phase with the site and the value's length. */
export const ENTRY_WORDS = 2;

/** Whether a buffer is an array of numbers, however nested: only its cells have a flat index. */
const isCells = (type: Type): boolean => type.kind === 'array' && scalarOf(type) !== undefined;

/**
 * Buffers that may be stored to in more than one executed phase: in two phases of the text, or in one that may be
 * executed again. All others are written once, so that what they hold at the end is what was written.
 */
export function rewrittenIn(
  source: Source,
  fns: readonly FnElem[],
  places: Places,
  flow: Flow,
  repeated: ReadonlySet<number>,
): ReadonlySet<DeclIdent> {
  const stored = new Map<DeclIdent, Set<number>>();
  for (const fn of fns) {
    visitAst(fn.body, (element) => {
      const target =
        element.kind === 'assign'
          ? element.lhs
          : element.kind === 'increment' || element.kind === 'decrement'
            ? element.target
            : undefined;
      if (!target || target.kind === 'phony' || !('start' in element)) return;
      const place = places.of(target);
      if (place?.space !== 'storage') return;
      const phases = stored.get(place.root) ?? new Set();
      stored.set(place.root, phases);
      for (const phase of flow.phasesOf(element as Parameters<Flow['phasesOf']>[0])) phases.add(phase);
    });
  }
  const again = ([decl, phases]: [DeclIdent, Set<number>]): boolean =>
    isCells(source.typeOfDecl(decl)) && (phases.size > 1 || [...phases].some((phase) => repeated.has(phase)));
  return new Set([...stored].filter(again).map(([decl]) => decl));
}

/** The helper that logs `size` scalars from flat index `i` on; `s` is the site. */
export function logStore(size: number): string {
  const words = size + ENTRY_WORDS;
  const values = Array.from(
    { length: size },
    (_, k) => `atomicStore(&_tap[a + ${k + ENTRY_WORDS}u], ${size === 1 ? 'v' : `v[${k}]`});`,
  );
  return (
    `fn _tap_keep${size}(i: u32, s: u32, v: ${size === 1 ? 'u32' : `vec${size}u`}) { let h = _tap_setup.kept.x + 2u * _tap_c; ` +
    `let n = atomicAdd(&_tap[h], ${words}u); if (n + ${words}u > _tap_setup.kept.z) { atomicMax(&_tap[h + 1u], ~_tap_k); return; } ` +
    `let a = _tap_setup.kept.y + _tap_c * _tap_setup.kept.z + n; atomicStore(&_tap[a], i); ` +
    `atomicStore(&_tap[a + 1u], (_tap_k << 16u) | ((s + 1u) << 2u) | ${size - 1}u); ${values.join(' ')} }`
  );
}

/** One scalar that was stored: where, in which executed phase, by which site. */
interface Entries {
  phase: number[];
  cell: number[];
  site: number[];
  bits: number[];
}

/** Reads the entries of one workgroup, in the order in which they were logged, by buffer. */
function entriesOf(words: Uint32Array, sites: readonly string[], phases: number): Map<string, Entries> {
  const found = new Map<string, Entries>();
  for (let at = 0; at + ENTRY_WORDS < words.length;) {
    const [cell = 0, head = 0] = words.subarray(at, at + ENTRY_WORDS);
    // What did not fit leaves nothing behind.
    if (head === 0) break;
    const [phase, site, size] = [head >>> 16, ((head & 0xff_ff) >> 2) - 1, (head & 3) + 1];
    const buffer = sites[site];
    if (buffer !== undefined && phase < phases) {
      const entries = found.get(buffer) ?? { phase: [], cell: [], site: [], bits: [] };
      found.set(buffer, entries);
      for (let i = 0; i < size; i++) {
        entries.phase.push(phase);
        entries.cell.push(cell + i);
        entries.site.push(site);
        entries.bits.push(words[at + ENTRY_WORDS + i] ?? 0);
      }
    }
    at += ENTRY_WORDS + size;
  }
  return found;
}

/** By phase, cells ascending, the last store of each: machines log in different orders, and this is the same on all. */
function inOrder(buffer: string, { phase, cell, site, bits }: Entries, phases: number): StoreLog {
  const starts = new Uint32Array(phases + 1);
  for (const k of phase) starts[k + 1] = (starts[k + 1] ?? 0) + 1;
  for (let k = 0; k < phases; k++) starts[k + 1] = (starts[k + 1] ?? 0) + (starts[k] ?? 0);
  const next = starts.slice();
  const byPhase = new Uint32Array(phase.length);
  phase.forEach((k, i) => (byPhase[next[k]!++] = i));
  const kept: number[] = [];
  const ends = new Uint32Array(phases + 1);
  for (let k = 0; k < phases; k++) {
    // Two numbers in one, so that they sort without a function: the cell, then when it was stored.
    const size = phase.length;
    const keys = Float64Array.from(byPhase.subarray(starts[k], starts[k + 1]), (i) => cell[i]! * size + i).toSorted();
    keys.forEach((key, j) => {
      const own = Math.floor(key / size);
      const later = keys[j + 1];
      if (later === undefined || Math.floor(later / size) !== own) kept.push(key - own * size);
    });
    ends[k + 1] = kept.length;
  }
  return {
    buffer,
    starts: ends,
    cells: Uint32Array.from(kept, (i) => cell[i]!),
    bits: Uint32Array.from(kept, (i) => bits[i]!),
    sites: Uint16Array.from(kept, (i) => site[i]!),
  };
}

/** Whether any cell was written in two phases. Of a buffer where none was, the end tells all. */
const writesAgain = ({ cells }: StoreLog): boolean => new Set(cells).size < cells.length;

/**
 * The stores of one workgroup, for each buffer some cell of which it wrote more than once.
 * @param words its entries as they were logged
 * @param sites the buffer of each site
 * @param phases how many executed phases are known
 */
export const storesOf = (words: Uint32Array, sites: readonly string[], phases: number): StoreLog[] =>
  [...entriesOf(words, sites, phases)].map(([name, entries]) => inOrder(name, entries, phases)).filter(writesAgain);

/** The names of the buffers, in the order of the text. */
export const namesOf = (source: Source, rewritten: ReadonlySet<DeclIdent>): string[] =>
  [...source.globals]
    .filter(([decl, variable]) => rewritten.has(decl) && spaceOf(variable) === 'storage')
    .map(([decl]) => decl.originalName);
