/**
 * The tap: turns a plain WGSL kernel into one that also counts its memory accesses, mirrors its state and logs one
 * invocation's assignments. It only inserts text, never a line break, so every line keeps its number and its text in
 * order; helpers are appended after the last line.
 */
import type { AttributeElem, BlockElem, ExpressionElem, FnElem, Statement, VarElem } from 'wesl/core';
import { visitAst } from 'wesl/core';
import type { ArrayInfo, Site, VariableInfo, Writer } from '../trace/trace';
import type { PhaseInfo } from '../wgsl/phases';
import { Edits } from './edits';
import type { Variant } from './edits';
import { Flow } from '../wgsl/flow';
import { Log } from './log';
import { Mirror } from './mirror';
import { blocksOf, findPhases, isBarrier } from '../wgsl/phases';
import { Places } from '../wgsl/places';
import { findLoops, type Loops } from '../wgsl/loops';
import { prelude, TAP_GROUP } from './prelude';
import { Purity } from './purity';
import { Sites } from './sites';
import type { CountedSite } from './sites';
import { assignSlots } from './slots';
import { namesOf, rewrittenIn } from './stores';
import { bindingNumber, cannotTap, parse, reachable, spaceOf, textOf } from '../wgsl/source';
import type { Source } from '../wgsl/source';

export interface TapOptions {
  /** Invocations of a workgroup. */
  workgroupSize: number;
  /** The entry point's variables to mirror, by name; all float variables when absent. */
  locals?: ReadonlySet<string>;
  /** The device's maxStorageBuffersPerShaderStage. */
  maxStorageBuffers?: number;
}

/** An instrumented kernel, with what is needed to run it (see layout.ts) and to read its buffer (see decode.ts). */
export interface Tapped {
  /** The text that counts and mirrors state; about as fast as the plain text. */
  code: string;
  /**
   * The text that only logs the selected invocation's assignments: one text for everything takes compilers on CPUs
   * twice as long.
   */
  lined: string;
  sites: readonly Site[];
  writers: readonly Writer[];
  arrays: readonly ArrayInfo[];
  variables: readonly VariableInfo[];
  phases: readonly PhaseInfo[];
  loops: Loops;
  /** Buffers in HBM whose stores are logged. */
  rewritten: readonly string[];
  workgroupSize: number;
  /** How the counted index of each site becomes flat scalars. */
  counted: readonly Pick<CountedSite, 'phases' | 'scale' | 'first' | 'span'>[];
  /** The scalars of state of each static phase. */
  blocks: readonly number[];
  /** For each writer id in the buffer, minus 1: its array, and its writer index by static phase. */
  stores: readonly { array: number; writers: ReadonlyMap<number, number> }[];
}

/** What is inserted after a statement, for each text. */
type Added = Record<Variant, string>;

const nothing: Added = { state: '', lines: '' };

/** Walks the statements of a kernel and collects the inserts of the parts. */
class Walk {
  readonly source: Source;
  readonly edits = new Edits();
  readonly log = new Log();
  readonly sites: Sites;
  readonly mirror: Mirror;
  readonly flow: Flow;
  /** Names of the buffers whose stores are logged. */
  readonly rewritten: readonly string[];

  constructor(source: Source, fns: readonly FnElem[], flow: Flow, locals: readonly VarElem[], loops: Loops) {
    const places = new Places(source);
    const rewritten = rewrittenIn(source, fns, places, flow, loops.repeated);
    const purity = new Purity(source, places);
    this.source = source;
    this.flow = flow;
    this.sites = new Sites(source, places, purity, this.edits);
    this.mirror = new Mirror(source, places, purity, locals, rewritten);
    this.rewritten = namesOf(source, rewritten);
  }

  block(block: BlockElem): void {
    for (const statement of block.body) this.#statement(statement);
  }

  #read(expression: ExpressionElem | undefined, part: Statement | ExpressionElem): void {
    if (!expression) return;
    this.sites.phases = this.flow.phasesOf(part);
    this.sites.read(expression);
  }

  #statement(s: Statement): void {
    switch (s.kind) {
      case 'if':
        this.#read(s.condition, s.condition);
        break;
      case 'while':
        this.#read(s.condition, s.condition);
        break;
      case 'switch':
        this.#read(s.selector, s.selector);
        break;
      case 'loop':
        this.#read(s.continuing?.breakIf, s.continuing?.breakIf ?? s);
        break;
      case 'break':
        this.#read(s.condition, s.condition ?? s);
        break;
      case 'return':
        this.#read(s.value, s);
        break;
      case 'for': {
        this.#for(s);
        break;
      }
      case 'block':
        break;
      default:
        this.#insert(s.end, this.#simple(s));
    }
    // An `else if` is a statement of its own, with its own condition.
    if (s.kind === 'if') {
      this.block(s.body);
      if (s.else) this.#statement(s.else);
    } else for (const block of blocksOf(s)) this.block(block);
  }

  /**
   * What a loop's head assigns is mirrored and logged at the top of its body, and once more after the loop when the
   * variable outlives it.
   */
  #for(s: Extract<Statement, { kind: 'for' }>): void {
    const before = s.init ? this.#simple(s.init) : nothing;
    this.#read(s.condition, s.condition ?? s);
    const declares =
      s.init !== undefined && s.init.kind !== 'assign' && s.init.kind !== 'increment' && s.init.kind !== 'decrement';
    // The loop's own variable is logged again at the top of the next iteration.
    const after = s.update ? this.#simple(s.update, declares) : nothing;
    if (/_tap_(u|keep\d)\(/.test(before.state + after.state))
      throw cannotTap(`line ${this.source.lineAt(s.start)}: the head of a loop stores to shared memory`);
    for (const added of [before, after]) {
      this.#insert(s.body.start + 1, added);
      if (!declares) this.#insert(s.end, added);
    }
  }

  #insert(at: number, { state, lines }: Added): void {
    this.edits.insert(at, state, 'state');
    this.edits.insert(at, lines, 'lines');
  }

  /** Walks a statement without blocks; returns the text to insert after it. `quiet`: its stores are only counted. */
  #simple(s: Statement, quiet = false): Added {
    const phases = this.flow.phasesOf(s);
    this.sites.phases = phases;
    const { source, log, mirror, sites } = this;
    switch (s.kind) {
      case 'let':
      case 'var': {
        if (s.init) sites.read(s.init);
        const name = s.name.decl.ident.originalName;
        const line = source.lineAt(s.start);
        const lines = log.assigned(name, source.typeOfDecl(s.name.decl.ident), name, line);
        return { state: guarded(s.kind === 'var' ? mirror.declared(s, phases) : ''), lines };
      }
      case 'assign': {
        sites.read(s.rhs);
        return s.lhs.kind === 'phony'
          ? nothing
          : this.#stored(s.lhs, s.op.value === '=' ? 'store' : 'both', phases, quiet);
      }
      case 'increment':
      case 'decrement':
        return this.#stored(s.target, 'both', phases, quiet);
      case 'call':
        if (!isBarrier(s)) sites.read(s.call);
        return nothing;
      default:
        return nothing;
    }
  }

  #stored(target: ExpressionElem, mode: 'store' | 'both', phases: readonly number[], quiet: boolean): Added {
    const site = this.sites.list.length;
    const counted = this.sites.write(target, mode);
    const logged = this.mirror.logged(target, site);
    const kept = logged && ` if (_tap_mine) {${logged} }`;
    if (quiet) return { state: counted + kept, lines: '' };
    const text = textOf(this.source, target);
    const lines = this.log.assigned(text, this.source.typeOf(target), text, this.source.lineAt(target.start));
    return { state: counted + guarded(this.mirror.stored(target, phases)) + kept, lines };
  }
}

/** Mirroring runs for captured workgroups only. */
const guarded = (mirrored: string): string => mirrored && ` if (_tap_on) {${mirrored} }`;

/** The entry point's variables that are mirrored. */
function mirroredLocals(source: Source, names: ReadonlySet<string> | undefined): VarElem[] {
  const found: VarElem[] = [];
  visitAst(source.entry.body, (element) => {
    if (element.kind === 'var' && (names?.has(element.name.decl.ident.originalName) ?? true)) found.push(element);
  });
  return found;
}

function checkBindings(source: Source, maxStorageBuffers: number): void {
  if (source.text.includes('_tap_')) throw cannotTap('names that begin with _tap_ belong to the tap');
  const variables = [...source.globals.values()];
  if (variables.some((v) => bindingNumber(v, 'group') === TAP_GROUP))
    throw cannotTap(`the kernel uses bind group ${TAP_GROUP}`);
  const buffers = variables.filter((v) => spaceOf(v) === 'storage').length;
  if (buffers >= maxStorageBuffers) throw cannotTap(`the kernel uses all ${maxStorageBuffers} storage buffers`);
}

const builtinOf = (attributes: readonly AttributeElem[] | undefined): string | undefined =>
  attributes
    ?.map(({ attribute }) => (attribute.kind === '@builtin' ? attribute.param.name : undefined))
    .find((name) => name !== undefined);

/** The expression for a built-in value, when the entry point has it as a parameter already. */
function builtinText(source: Source, entry: FnElem, wanted: string): string | undefined {
  for (const { name, attributes } of entry.params) {
    const parameter = name.decl.ident.originalName;
    if (builtinOf(attributes) === wanted) return parameter;
    const type = source.typeOfDecl(name.decl.ident);
    const member =
      type.kind === 'struct' ? type.structElem?.members.find((m) => builtinOf(m.attributes) === wanted) : undefined;
    if (member) return `${parameter}.${member.name.name}`;
  }
  return undefined;
}

/** Inserts parameters, and the first and last calls of the entry point. */
function enterAndLeave({ source, edits }: Walk): void {
  const { entry, text } = source;
  const added: string[] = [];
  const builtin = (wanted: string, name: string, type: string) => {
    const known = builtinText(source, entry, wanted);
    if (known === undefined) added.push(`@builtin(${wanted}) ${name}: ${type}`);
    return known ?? name;
  };
  const group = builtin('workgroup_id', '_tap_group', 'vec3u');
  const thread = builtin('local_invocation_index', '_tap_thread', 'u32');
  const open = text.indexOf('(', entry.name.end) + 1;
  if (added.length > 0) edits.insert(open, added.join(', ') + (entry.params.length > 0 ? ', ' : ''));
  edits.insert(entry.body.start + 1, ` _tap_begin(${group}, ${thread});`);
  visitAst(entry.body, (element) => {
    if (element.kind === 'return') edits.insert(element.start, '_tap_end(); ');
  });
  if (entry.body.body.at(-1)?.kind !== 'return') edits.insert(entry.body.end - 1, '_tap_end(); ');
}

/** A range that contains every site that `wanted` picks; [0, 0] for none. */
function rangeOf(sites: readonly CountedSite[], wanted: (site: CountedSite) => boolean): [number, number] {
  const ids = sites.filter(wanted).map(({ id }) => id);
  return ids.length === 0 ? [0, 0] : [Math.min(...ids), Math.max(...ids) + 1];
}

/**
 * Instruments a kernel.
 * @param code one self-contained WGSL module with one compute entry point
 * @throws AttnError cannot-tap with the reason, when this kernel cannot be instrumented faithfully
 */
export function instrument(code: string, options: TapOptions): Tapped {
  const source = parse(code);
  checkBindings(source, options.maxStorageBuffers ?? 8);
  const fns = reachable(source, source.entry);
  const { infos, boundaries } = findPhases(source, fns);
  const loops = findLoops(source, fns, boundaries);
  const flow = new Flow(source, fns, boundaries);
  const walk = new Walk(source, fns, flow, mirroredLocals(source, options.locals), loops);
  enterAndLeave(walk);
  for (const fn of fns) walk.block(fn.body);
  for (const { at, id } of boundaries) walk.edits.insert(at, ` _tap_next(${id}u); `);

  const { sites, mirror, log, edits } = walk;
  const { offsets, blocks } = assignSlots(mirror.arrays, infos.length, options.workgroupSize);
  const writers: Writer[] = [];
  const stores = mirror.stores.map(({ array, line, phases }) => ({
    array,
    writers: new Map(phases.map((phase) => [phase, writers.push({ line, array, phase }) - 1])),
  }));
  const finish = (variant: Variant): string => {
    const tapped = edits.apply(code, variant);
    const shared = rangeOf(sites.list, ({ phases }) => phases.length > 1);
    const { passers } = sites;
    const logsStores = walk.rewritten.length > 0;
    const parts = { variant, sites: sites.list.length, phases: infos.length, shared, offsets, passers, logsStores };
    return `${tapped}\n${prelude({ ...parts, code: tapped })}`;
  };
  return {
    code: finish('state'),
    lined: finish('lines'),
    sites: sites.list.map(({ phases, scale: _scale, first: _first, span: _span, ...site }) => ({
      ...site,
      phase: phases[0] ?? 0,
    })),
    counted: sites.list.map(({ phases, scale, first, span }) => ({ phases, scale, first, span })),
    writers,
    arrays: mirror.arrays.map(({ id, name, scope, length, type, scalar }) => ({
      id,
      name,
      scope,
      offset: offsets[id] ?? 0,
      length,
      type,
      scalar,
    })),
    variables: log.variables,
    phases: infos.map((info) => ({ ...info, ...(loops.around[info.id]?.length && { loops: loops.around[info.id] }) })),
    loops,
    rewritten: walk.rewritten,
    workgroupSize: options.workgroupSize,
    blocks,
    stores,
  };
}
