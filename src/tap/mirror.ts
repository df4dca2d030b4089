/**
 * Mirrors state: every store to a workgroup variable, or to a variable of the entry point, is also written to the tap's
 * buffer, at the place where it happens.
 */
import { typeToString } from 'wesl/core';
import type { DeclIdent, ExpressionElem, Type, VarElem } from 'wesl/core';
import type { ArrayInfo } from '../trace/trace';
import { asIndex, countAlong, flatten, flatText, membersOf } from '../wgsl/places';
import type { Flat, Place, Places } from '../wgsl/places';
import type { Purity } from './purity';
import { cannotTap, spaceOf, textOf } from '../wgsl/source';
import type { Source } from '../wgsl/source';
import { bitsOf, scalarCount, scalarOf, vectorBitsOf } from '../wgsl/types';
import type { ScalarName } from '../wgsl/types';

/** One mirrored array: a variable, or one member of a variable of a struct type. */
export interface MirroredArray extends Omit<ArrayInfo, 'offset'> {
  /** Phases that may write it. */
  phases: Set<number>;
}

/** A statement that stores to an array, and the phases it may run in. */
export interface StoreSite {
  line: number;
  array: number;
  phases: readonly number[];
}

/** The scalars in one invocation's copy of a value, by the path of struct members that leads to them. */
function leavesOf(type: Type, path: readonly string[] = []): { path: readonly string[]; scalar: ScalarName }[] {
  if (type.kind === 'struct') return type.members.flatMap((member) => leavesOf(member.type, [...path, member.name]));
  if (type.kind === 'array') return leavesOf(type.elem, path);
  const scalar = scalarOf(type);
  return scalar ? [{ path, scalar }] : [];
}

const float = (scalar: ScalarName) => scalar === 'f32' || scalar === 'f16';

export class Mirror {
  readonly arrays: MirroredArray[] = [];
  readonly stores: StoreSite[] = [];
  readonly #source: Source;
  readonly #places: Places;
  readonly #purity: Purity;
  readonly #rewritten: ReadonlySet<DeclIdent>;
  readonly #ids = new Map<DeclIdent, Map<string, number>>();

  /**
   * `locals` names the entry point's variables to mirror; without it all float variables are mirrored. Stores to
   * `rewritten` buffers are logged.
   */
  constructor(
    source: Source,
    places: Places,
    purity: Purity,
    locals: readonly VarElem[],
    rewritten: ReadonlySet<DeclIdent>,
  ) {
    this.#source = source;
    this.#places = places;
    this.#purity = purity;
    this.#rewritten = rewritten;
    for (const [decl, element] of source.globals)
      if (spaceOf(element) === 'workgroup') this.#declare(decl, 'workgroup', () => true);
    for (const { name } of locals) this.#declare(name.decl.ident, 'invocation', float);
  }

  #declare(decl: DeclIdent, scope: ArrayInfo['scope'], wanted: (scalar: ScalarName) => boolean): void {
    const type = this.#source.typeOfDecl(decl);
    const ids = new Map<string, number>();
    for (const { path, scalar } of leavesOf(type)) {
      const length = countAlong(type, path);
      if (!wanted(scalar) || length === 0) continue;
      const id = this.arrays.length;
      ids.set(path.join('.'), id);
      this.arrays.push({
        id,
        name: [decl.originalName, ...path].join('.'),
        scope,
        length,
        type: typeToString(type),
        scalar,
        phases: new Set(),
      });
    }
    this.#ids.set(decl, ids);
  }

  /** The text that mirrors the value of `target` after a store to it; empty when it is not mirrored. */
  stored(target: ExpressionElem, phases: readonly number[]): string {
    const place = this.#places.of(target);
    if (!place || !this.#ids.has(place.root)) return '';
    const { whole, text } = this.#whole(target, place);
    return this.#spread(whole, text, this.#source.lineAt(target.start), phases);
  }

  /** The text that logs a store of a site to a buffer whose cells are rewritten; empty for all others. */
  logged(target: ExpressionElem, site: number): string {
    const place = this.#places.of(target);
    if (!place || !this.#rewritten.has(place.root)) return '';
    const { whole, text } = this.#whole(target, place);
    const { terms, offset } = flatten(this.#source, whole.steps);
    return puts('_tap_keep', whole.type, text, { terms, offset }, [], scalarOf(whole.type) ?? 'u32', site, 0);
  }

  /** What is mirrored of a place that was stored to, and the expression that holds it. */
  #whole(target: ExpressionElem, place: Place): { whole: Place; text: string } {
    for (const step of place.steps) {
      if (step.kind === 'index' && !this.#purity.isPure(step.element.access)) {
        throw cannotTap(
          `line ${this.#source.lineAt(target.start)}: the index ${asIndex(this.#source, step.element.access)} changes something`,
        );
      }
    }
    // A store to .xy of a vector is mirrored as the whole vector.
    const last = place.steps.at(-1);
    const swizzle = last?.kind === 'member' && last.base.kind === 'vector' && last.name.length > 1;
    const whole = swizzle && target.kind === 'component-member-expression' ? target.base : target;
    const steps = swizzle ? place.steps.slice(0, -1) : place.steps;
    const type = swizzle ? last.base : place.type;
    return { whole: { ...place, steps, type }, text: textOf(this.#source, whole) };
  }

  /** The text that mirrors a declaration. A variable without an initial value is zero. */
  declared(element: VarElem, phases: readonly number[]): string {
    const decl = element.name.decl.ident;
    if (!this.#ids.has(decl)) return '';
    const type = this.#source.typeOfDecl(decl);
    const { init } = element;
    const zero =
      !init || (init.kind === 'call-expression' && init.arguments.length === 0 && !this.#source.callee(init));
    const place: Place = { root: decl, name: decl.originalName, space: 'function', rootType: type, steps: [], type };
    return this.#spread(place, zero ? undefined : decl.originalName, this.#source.lineAt(element.start), phases);
  }

  /** Calls that write every scalar of a place. `text` is the expression that holds them; undefined for zeros. */
  #spread(place: Place, text: string | undefined, line: number, phases: readonly number[]): string {
    const around = membersOf(place.steps);
    return leavesOf(place.type)
      .map(({ path, scalar }) => {
        const id = this.#ids.get(place.root)?.get([...around, ...path].join('.'));
        const array = id === undefined ? undefined : this.arrays[id];
        if (!array) return '';
        for (const phase of phases) array.phases.add(phase);
        this.stores.push({ line, array: array.id, phases });
        const { terms, offset } = flatten(this.#source, place.steps, path);
        const own = array.scope === 'invocation' ? [{ text: '_tap_l', factor: array.length }] : [];
        const flat: Flat = { terms: [{ text: `_TAP_A${array.id}`, factor: 1 }, ...own, ...terms], offset };
        return puts('_tap_put', place.type, text, flat, path, scalar, this.stores.length, 0);
      })
      .join('');
  }
}

/** Calls of a helper that write the scalars of `text` along `path`; arrays become loops. */
function puts(
  helper: '_tap_put' | '_tap_keep',
  type: Type,
  text: string | undefined,
  flat: Flat,
  path: readonly string[],
  scalar: ScalarName,
  writer: number,
  depth: number,
): string {
  const { terms, offset } = flat;
  if (type.kind === 'struct') {
    const [name, ...rest] = path;
    const member = type.members.find((m) => m.name === name);
    return member ? puts(helper, member.type, text && `${text}.${name}`, flat, rest, scalar, writer, depth) : '';
  }
  if (type.kind === 'array') {
    const i = `_tap_z${depth}`;
    const inner = { terms: [...terms, { text: i, factor: countAlong(type.elem, path) }], offset };
    const body = puts(helper, type.elem, text && `${text}[${i}]`, inner, path, scalar, writer, depth + 1);
    return ` for (var ${i} = 0u; ${i} < ${type.count ?? 0}u; ${i}++) {${body} }`;
  }
  if (type.kind === 'matrix') {
    return Array.from({ length: type.cols }, (_, c) => {
      const column: Type = { kind: 'vector', size: type.rows, elem: type.elem };
      return puts(
        helper,
        column,
        text && `${text}[${c}]`,
        { terms, offset: offset + c * type.rows },
        path,
        scalar,
        writer,
        depth,
      );
    }).join('');
  }
  const size = scalarCount(type);
  const one = helper === '_tap_put' ? helper : `${helper}1`;
  if (size === 1) return ` ${one}(${flatText(flat)}, ${writer}u, ${text ? bitsOf(text, scalar) : '0u'});`;
  const vector = text ? vectorBitsOf(text, size, scalar) : `vec${size}u()`;
  return ` ${helper}${size}(${flatText(flat)}, ${writer}u, ${vector});`;
}
