/**
 * The WGSL appended to an instrumented kernel: two bindings, private counters, and the helpers that the inserts call.
 */
import type { Variant } from './edits';
import { logStore } from './stores';

export interface PreludeParts {
  variant: Variant;
  sites: number;
  phases: number;
  /** The range of sites that may run in more than one phase; empty when there are none. */
  shared: readonly [number, number];
  /** The first scalar of each mirrored array in the blocks of its phases. */
  offsets: readonly number[];
  /** Whether stores to HBM are logged. */
  logsStores: boolean;
  /** Identity helpers: WGSL type -> name. */
  passers: ReadonlyMap<string, string>;
  /** The instrumented text so far; only the helpers that it calls are appended. */
  code: string;
}

export const TAP_GROUP = 3;
/** Marks a site that may run in several phases, in the uniform's table. */
export const SHARED = 0xff_ff;

/** What both texts need: the current workgroup and phase, and whether they are recorded. */
const core = ({ variant, sites, phases, logsStores }: PreludeParts) => `
// ---- appended by the tap ----
struct _TapSetup {
  origin: vec3u, first: u32, grid: vec3u, captured: u32,
  totals: u32, heads: u32, order: u32, counts: u32, starts: u32, log: u32, state: u32, want: u32,
  maxPhases: u32, maxState: u32, maxLines: u32, thread: u32,
  phases: array<vec4u, ${phases}>, sites: array<vec4u, ${Math.max(1, Math.ceil(sites / 4))}>,${logsStores ? ' kept: vec4u,' : ''}
}
@group(${TAP_GROUP}) @binding(0) var<storage, read_write> _tap: array<${variant === 'state' ? 'atomic<u32>' : 'u32'}>;
@group(${TAP_GROUP}) @binding(1) var<uniform> _tap_setup: _TapSetup;
var<private> _tap_w: u32;
var<private> _tap_l: u32;
var<private> _tap_c: u32;
var<private> _tap_k: u32;
var<private> _tap_p: u32;
var<private> _tap_used: u32;
var<private> _tap_mine: bool;
var<private> _tap_on: bool;
fn _tap_enter(p: u32) {
  _tap_p = p;
  _tap_on = _tap_mine && _tap_k < _tap_setup.maxPhases && _tap_used + _tap_setup.phases[p].z <= _tap_setup.maxState;
  _tap_entered();
}
fn _tap_begin(group: vec3u, thread: u32) {
  let g = group + _tap_setup.origin;
  _tap_w = g.x + _tap_setup.grid.x * (g.y + _tap_setup.grid.y * g.z);
  _tap_l = thread;
  _tap_c = _tap_w - _tap_setup.first;
  _tap_mine = _tap_w >= _tap_setup.first && _tap_c < _tap_setup.captured;
  _tap_enter(0u);
}
fn _tap_next(q: u32) {
  let p = _tap_setup.phases[_tap_p];
  _tap_leave(p);
  _tap_used += p.z;
  _tap_k += 1u;
  _tap_enter(q);
}
`;

/** Counting and mirroring. `_tap_n[s]` holds executions, the largest ~index and the largest index + 1. */
const state = ({ sites, phases, shared }: PreludeParts) => `
var<private> _tap_n: array<vec3u, ${Math.max(1, sites)}>;
var<private> _tap_base: u32;
fn _tap_flush(begin: u32, end: u32) {
  for (var s = begin; s < end; s++) {
    let c = _tap_n[s];
    if (c.x != 0u && (_tap_on || _tap_setup.want != 0u)) {
      let only = _tap_setup.sites[s / 4u][s % 4u];
      let p = select(only, _tap_p, only == ${SHARED}u);
      let row = select(_tap_w * ${phases}u + p, _tap_c * _tap_setup.maxPhases + _tap_k, _tap_on);
      let at = select(_tap_setup.totals, _tap_setup.counts, _tap_on) + (row * ${sites}u + s) * 3u;
      atomicAdd(&_tap[at], c.x);
      atomicMax(&_tap[at + 1u], c.y);
      atomicMax(&_tap[at + 2u], c.z);
      _tap_n[s] = vec3u();
    }
  }
}
fn _tap_entered() {
  _tap_base = _tap_setup.state + 2u * (_tap_c * _tap_setup.maxState + _tap_used);
  if (_tap_on) { atomicStore(&_tap[_tap_setup.order + _tap_c * _tap_setup.maxPhases + _tap_k], _tap_p + 1u); }
}
fn _tap_leave(p: vec4u) {
  ${shared[0] < shared[1] ? `_tap_flush(select(${shared[0]}u, p.x, _tap_on), select(${shared[1]}u, p.y, _tap_on));` : 'if (_tap_on) { _tap_flush(p.x, p.y); }'}
}
fn _tap_end() {
  _tap_flush(0u, ${sites}u);
  if (_tap_mine) {
    let head = _tap_setup.heads + 4u * _tap_c;
    atomicMax(&_tap[head], _tap_k + 1u);
    atomicMax(&_tap[head + 1u], _tap_used + _tap_setup.phases[_tap_p].z);
  }
}
`;

/**
 * Logging. Only the selected invocation writes, so nothing needs to be atomic; `_tap_room` is 0 while nothing may be
 * logged.
 */
const lines = `
var<private> _tap_lines: u32;
var<private> _tap_room: u32;
var<private> _tap_sel: u32;
var<private> _tap_log_at: u32;
fn _tap_entered() {
  let sel = _tap_on && _tap_l == _tap_setup.thread;
  _tap_sel = select(0u, 1u, sel);
  _tap_room = select(0u, _tap_setup.maxLines, sel);
  _tap_log_at = _tap_setup.log + 2u * _tap_c * _tap_setup.maxLines;
  if (sel) { _tap[_tap_setup.starts + _tap_c * _tap_setup.maxPhases + _tap_k] = _tap_lines; }
}
fn _tap_leave(p: vec4u) {}
fn _tap_end() {
  if (_tap_mine && _tap_l == _tap_setup.thread) { _tap[_tap_setup.heads + 4u * _tap_c + 2u] = _tap_lines; }
}
`;

const count = (at: string) => `let c = _tap_n[s]; _tap_n[s] = vec3u(c.x + 1u, max(c.y, ~${at}), max(c.z, ${at} + 1u));`;
/** Writes the components of a vector one after the other, from a single address. */
const put = (size: number) => {
  const stores = Array.from(
    { length: size },
    (_, k) => `atomicStore(&_tap[a + ${2 * k}u], v[${k}]); atomicStore(&_tap[a + ${2 * k + 1}u], w);`,
  );
  return `fn _tap_put${size}(i: u32, w: u32, v: vec${size}u) { let a = _tap_base + 2u * i; ${stores.join(' ')} }`;
};
/**
 * Log entries hold the variable + 1, so that unused room can be recognised. Each call has a single branch: branches are
 * what makes compiling slow.
 */
const log = (size: number) => {
  const value = (k: number) => (size === 1 ? 'b' : `b[${k}]`);
  const stores = Array.from(
    { length: size },
    (_, k) => `_tap[a + ${2 * k}u] = v + ${k + 1}u; _tap[a + ${2 * k + 1}u] = ${value(k)};`,
  );
  const type = size === 1 ? 'u32' : `vec${size}u`;
  return (
    `fn _tap_log${size === 1 ? '' : size}(v: u32, b: ${type}) { let a = _tap_log_at + 2u * _tap_lines; _tap_lines += ${size}u * _tap_sel; ` +
    `if (_tap_lines - 1u < _tap_room) { ${stores.join(' ')} } }`
  );
};

/** Helpers by name. */
const helpers: readonly (readonly [name: string, text: string])[] = [
  ['_tap_i', `fn _tap_i(s: u32, i: i32) -> i32 { ${count('u32(i)')} return i; }`],
  ['_tap_nu', `fn _tap_nu(s: u32, i: u32, flat: u32) -> u32 { ${count('flat')} return i; }`],
  ['_tap_ni', `fn _tap_ni(s: u32, i: i32, flat: u32) -> i32 { ${count('flat')} return i; }`],
  ['_tap_put2', put(2)],
  ['_tap_put3', put(3)],
  ['_tap_put4', put(4)],
  ['_tap_keep1', logStore(1)],
  ['_tap_keep2', logStore(2)],
  ['_tap_keep3', logStore(3)],
  ['_tap_keep4', logStore(4)],
  ['_tap_log', log(1)],
  ['_tap_log2', log(2)],
  ['_tap_log3', log(3)],
  ['_tap_log4', log(4)],
];

/** The text to append to an instrumented kernel. */
export function prelude(parts: PreludeParts): string {
  const used = helpers.filter(([name]) => parts.code.includes(`${name}(`)).map(([, text]) => text);
  if (parts.variant === 'lines') return core(parts) + lines + used.join('\n') + '\n';
  const passers = [...parts.passers].map(
    ([type, name]) => `fn ${name}(s: u32, v: ${type}) -> ${type} { _tap_u(s, 0u); return v; }`,
  );
  const always = [
    `fn _tap_u(s: u32, i: u32) -> u32 { ${count('i')} return i; }`,
    'fn _tap_put(i: u32, w: u32, bits: u32) { let a = _tap_base + 2u * i; atomicStore(&_tap[a], bits); atomicStore(&_tap[a + 1u], w); }',
  ];
  const offsets = parts.offsets.map((offset, id) => `const _TAP_A${id} = ${offset}u;`);
  return core(parts) + state(parts) + [...offsets, ...always, ...used, ...passers].join('\n') + '\n';
}
