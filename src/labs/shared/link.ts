// How a lab says its own part of a link: what it carries, the keys that say it, and what of it passes with a step.
import type { Signal } from '@preact/signals-core';
import type { Choice } from '../../figure/choice';

/**
 * Reads one key of a link. Undefined where the link does not have it, or where `read` takes no such value: the visitor
 * is told of that.
 */
export type ParamReader = <T>(key: string, read: (text: string) => T | undefined) => T | undefined;

/** Keys and their values as they are written; undefined = left out. */
export type Written = Readonly<Record<string, string | undefined>>;

/**
 * One part of a link. Each field of `S` is a signal of the page's state, under the same name; no two parts have a field
 * or a key in common.
 */
export interface LabLink<S extends object> {
  /** What stands where a link says nothing; it names every field. */
  readonly default: S;
  /**
   * Asks for every key that the part has: one that nobody asks for is told as unknown. `choice` is what the same link
   * says of the run.
   */
  read(param: ParamReader, choice: Choice): S;
  write(state: S): Written;
  /** Fields that a step or a glance changes: they make no entry in the history. */
  readonly passing: readonly (keyof S & string)[];
  /** Fields that are only how the page looks: who changes them still sees what the link was about. */
  readonly looks?: readonly (keyof S & string)[];
  /** Keys that name its lab where the link does not. */
  readonly opens?: readonly string[];
}

/** A part, whatever it carries. */
export interface AnyLink {
  readonly default: object;
  read(param: ParamReader, choice: Choice): object;
  write(state: never): Written;
  readonly passing: readonly string[];
  readonly looks?: readonly string[];
  readonly opens?: readonly string[];
}

/** Fields as the page's state has them. */
export type Signals<S> = { [Field in keyof S]: Signal<S[Field]> };

/** A key that is one of a few words or numbers. */
export const oneOf =
  <T extends string | number>(all: readonly T[]) =>
  (text: string): T | undefined =>
    all.find((one) => String(one) === text);

/** A value that is written only where it is not the standard one. */
export const unless = <T>(standard: T, value: T): string | undefined =>
  value === standard ? undefined : String(value);
