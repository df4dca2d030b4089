/**
 * Counts accesses: every access to storage and workgroup memory passes its index, or its value, through a helper that
 * counts it.
 */
import { typeToString } from 'wesl/core';
import type { ExpressionElem, FunctionCallExpression } from 'wesl/core';
import type { Site } from '../trace/trace';
import type { Edits } from './edits';
import { asIndex, flatten, flatText } from '../wgsl/places';
import type { Place, Places } from '../wgsl/places';
import type { Purity } from './purity';
import { calleeName, cannotTap } from '../wgsl/source';
import type { MemorySpace, Source } from '../wgsl/source';
import { byteCount, scalarCount } from '../wgsl/types';

/**
 * A site, the phases it may run in, and how its counted index becomes scalars: index * scale + first, `span` of them.
 */
export interface CountedSite extends Omit<Site, 'phase'> {
  phases: readonly number[];
  scale: number;
  first: number;
  span: number;
}

type Mode = Site['mode'];

const isMemory = (space: string): space is MemorySpace => space === 'storage' || space === 'workgroup';

export class Sites {
  readonly list: CountedSite[] = [];
  /** The identity helpers in use, by the type that they pass through. */
  readonly passers = new Map<string, string>();
  /** The phases of the current statement. */
  phases: readonly number[] = [];
  readonly #source: Source;
  readonly #places: Places;
  readonly #purity: Purity;
  readonly #edits: Edits;

  constructor(source: Source, places: Places, purity: Purity, edits: Edits) {
    this.#source = source;
    this.#places = places;
    this.#purity = purity;
    this.#edits = edits;
  }

  /** Counts all loads of an expression. */
  read(e: ExpressionElem): void {
    switch (e.kind) {
      case 'ref':
      case 'component-expression':
      case 'component-member-expression':
        this.#load(e);
        break;
      case 'unary-expression':
        if (e.operator.value === '*') this.#load(e);
        else if (e.operator.value === '&') this.#walkIndices(e.expression);
        else this.read(e.expression);
        break;
      case 'call-expression':
        this.#call(e);
        break;
      case 'parenthesized-expression':
        this.read(e.expression);
        break;
      case 'binary-expression':
        this.read(e.left);
        this.read(e.right);
        break;
      default:
    }
  }

  /**
   * Counts a store to `target`. Returns what must follow the statement: the call that counts, when there is no index to
   * pass through the helper.
   */
  write(target: ExpressionElem, mode: 'store' | 'both'): string {
    const site = this.#access(target, mode);
    return site === undefined ? '' : ` _tap_u(${site}u, 0u);`;
  }

  #load(e: ExpressionElem): void {
    // Passing a pointer on is no load.
    if (this.#source.typeOf(e).kind === 'ptr') return;
    const site = this.#access(e, 'load');
    if (site !== undefined)
      this.#edits.wrap(e, `${this.#passer(typeToString(this.#source.typeOf(e)))}(${site}u, `, ')');
  }

  #call(call: FunctionCallExpression): void {
    const name = calleeName(call);
    if (name === 'arrayLength') return;
    const [target, value] = call.arguments;
    const takesPlace = name.startsWith('atomic') || name === 'workgroupUniformLoad';
    if (!takesPlace || !target || this.#source.callee(call)) {
      for (const argument of call.arguments) this.read(argument);
      return;
    }
    const reads = name === 'atomicLoad' || name === 'workgroupUniformLoad';
    const site = this.#access(target, reads ? 'load' : name === 'atomicStore' ? 'store' : 'both');
    const counted = reads ? call : value;
    if (site !== undefined && counted) {
      const type = this.#places.of(target)?.type;
      const passed = typeToString(type?.kind === 'atomic' ? type.elem : this.#source.typeOf(call));
      this.#edits.wrap(counted, `${this.#passer(passed)}(${site}u, `, ')', () => value && this.read(value));
    } else if (value) this.read(value);
    for (const argument of call.arguments.slice(2)) this.read(argument);
  }

  /** Counts an access at its index. Returns the site when there is no index, so that the caller counts it. */
  #access(e: ExpressionElem, mode: Mode): number | undefined {
    const place = this.#places.of(e);
    if (!place || !isMemory(place.space)) {
      this.#walkIndices(e);
      return undefined;
    }
    const last = place.steps.findLastIndex((step) => step.kind === 'index' && step.base.kind === 'array');
    const step = place.steps[last];
    const id = this.#add(e, place, place.space, mode, last);
    if (step?.kind !== 'index') {
      this.#walkIndices(e);
      return id;
    }
    const nested = flatten(this.#source, place.steps.slice(0, last + 1)).terms.length > 1;
    this.#walkIndices(e, step.element.access, (index) => {
      const signed = this.#isSigned(index);
      if (!nested) return { open: `${signed ? '_tap_i' : '_tap_u'}(${id}u, `, close: ')' };
      return { open: `${signed ? '_tap_ni' : '_tap_nu'}(${id}u, `, close: `, ${this.#flat(place)})` };
    });
    return undefined;
  }

  #isSigned(index: ExpressionElem): boolean {
    const type = this.#source.typeOf(index);
    return type.kind === 'scalar' && type.scalar === 'i32';
  }

  #flat(place: Place): string {
    for (const step of place.steps) {
      if (step.kind === 'index' && !this.#purity.isPure(step.element.access)) {
        const { access } = step.element;
        throw cannotTap(
          `line ${this.#source.lineAt(access.start)}: the index ${asIndex(this.#source, access)} changes something`,
        );
      }
    }
    return flatText(flatten(this.#source, place.steps));
  }

  /**
   * Counts the loads in the index expressions along a chain, and in the value that the chain starts from; wraps one of
   * the indices.
   */
  #walkIndices(
    e: ExpressionElem,
    wrapped?: ExpressionElem,
    text?: (index: ExpressionElem) => { open: string; close: string },
  ): void {
    switch (e.kind) {
      case 'ref':
        break;
      case 'parenthesized-expression':
        this.#walkIndices(e.expression, wrapped, text);
        break;
      case 'component-member-expression':
        this.#walkIndices(e.base, wrapped, text);
        break;
      case 'component-expression':
        this.#walkIndices(e.base, wrapped, text);
        if (e.access === wrapped && text) {
          const { open, close } = text(e.access);
          this.#edits.wrap(e.access, open, close, () => this.read(e.access));
        } else this.read(e.access);
        break;
      case 'unary-expression':
        if (e.operator.value === '*' || e.operator.value === '&') this.#walkIndices(e.expression, wrapped, text);
        else this.read(e);
        break;
      default:
        this.read(e);
    }
  }

  /** Registers a site; `last` is the step of the counted index, or -1. */
  #add(e: ExpressionElem, place: Place, space: MemorySpace, mode: Mode, last: number): number {
    const { terms, offset } = flatten(this.#source, place.steps);
    const step = place.steps[last];
    const lanes = step?.base.kind === 'array' ? scalarCount(step.base.elem) : scalarCount(place.type);
    const scalars = scalarCount(place.type);
    const arrayIndices = place.steps.slice(0, last + 1).filter(({ kind }) => kind === 'index').length;
    const flatGiven = arrayIndices > 1;
    // A component chosen by a run-time index may be any of the vector's, so all of them count.
    const vague = !flatGiven && terms.length > arrayIndices;
    const id = this.list.length;
    this.list.push({
      id,
      line: this.#source.lineAt(e.start),
      column: this.#source.columnAt(e.start),
      buffer: place.name,
      space,
      mode,
      type: typeToString(place.type),
      bytes: byteCount(place.type),
      lanes,
      phases: this.phases,
      scale: flatGiven ? 1 : lanes,
      first: flatGiven ? 0 : vague ? 0 : offset,
      span: vague ? lanes : scalars,
    });
    return id;
  }

  #passer(type: string): string {
    const known = this.passers.get(type);
    if (known) return known;
    const name = `_tap_v${this.passers.size}`;
    this.passers.set(type, name);
    return name;
  }
}
