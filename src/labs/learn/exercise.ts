// An exercise as the reader has set it: its state, what was typed, and whether that passes.
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Facts } from '../../figure/facts';
import type { Exercise, Place } from '../../lessons/lesson';
import { inLanguage } from '../../lessons/place';
import type { Language } from '../../words';

export interface ExerciseNow {
  readonly of: Exercise;
  /** The state that is set. */
  readonly place: ReadonlySignal<Place>;
  /** What the control holds. */
  readonly value: ReadonlySignal<string>;
  /** How many of the hints are shown. */
  readonly hints: ReadonlySignal<number>;
  set(value: string): void;
  hint(): void;
  /** Undefined while that cannot be said. */
  passed(facts: Facts | undefined): boolean | undefined;
}

/** The fragment with one key set. */
export function withKey(fragment: string, key: string, value: string): string {
  const params = new URLSearchParams(fragment);
  params.set(key, value);
  return params.toString();
}

export function createExercise(of: Exercise, language: Language): ExerciseNow {
  const { control } = of;
  const start = inLanguage(of.state, language);
  const key = control.kind === 'typed' ? undefined : control.key;
  const value = signal(key === undefined ? '' : (new URLSearchParams(start).get(key) ?? ''));
  const hints = signal(0);
  const typed = (): number | undefined => {
    const text = value.value.trim().replace(',', '.').replace('−', '-');
    return control.kind === 'typed' && text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
  };
  return {
    of,
    place: computed(() => ({ ...of, state: key === undefined ? start : withKey(start, key, value.value) })),
    value,
    hints,
    set: (to) => (value.value = to),
    hint: () => (hints.value = Math.min(of.hints.length, hints.peek() + 1)),
    passed: (facts) => facts && of.pass(facts, typed()),
  };
}
