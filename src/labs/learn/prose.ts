// What the cards of a lesson share: what they are given, and how a sentence with its numbers is written.
import { html, type TemplateResult } from 'lit';
import type { Facts } from '../../figure/facts';
import { said, type Piece, type Sayable } from '../../lessons/said';
import type { Lesson, LessonCard, Numbers, Place } from '../../lessons/lesson';
import type { Language } from '../../words';
import type { LearnSpeech } from './course';
import type { ExerciseNow } from './exercise';
import type { Mark } from './progress';

export interface ProseEnv {
  card: LessonCard;
  lesson: Lesson;
  language: Language;
  words: LearnSpeech;
  exercise: ExerciseNow;
  /** The place that is open, from 1. Reads a signal, as all of these do. */
  at(): number;
  mark(): Mark | undefined;
  /** What the state of a place tells; undefined while it is not there, or was not come to yet. */
  facts(place: number): Facts | undefined;
  /** What the state of the question tells. */
  asked(): Facts | undefined;
  /** Why the run of a place cannot be had. */
  error(place: number): string | undefined;
  /** The step whose link was copied just now. */
  copied(): number | undefined;
  next: LessonCard | undefined;
  goTo(place: number): void;
  open(lesson: string): void;
  map(): void;
  guess(id: string): void;
  reveal(): void;
  inLab(place: Place, n: number): void;
  hrefOf(place: Place, n: number): string;
  copy(n: number): void;
}

/** A link that is followed here, and opens elsewhere where that is asked for. */
export const onto =
  (act: () => void) =>
  (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act();
  };

/** A number is as wide before a guess as after it. */
function pieces(all: readonly Piece[], veil: ReadonlySet<string>, words: LearnSpeech): TemplateResult[] {
  return all.map(({ text, name }) => {
    if (name === undefined) return html`${text}`;
    if (!veil.has(name)) return html`<b class="num">${text}</b>`;
    return html`<span class="veil num" role="img" aria-label=${words.guessFirst}><span aria-hidden="true">${'？'.padEnd(Math.max(2, Math.ceil(text.length / 2)), '？')}</span></span>`;
  });
}

/** A sentence whose numbers are still to come. */
function open(of: Sayable, language: Language): Piece[] {
  const none = new Proxy({}, { get: () => '…' }) as Numbers;
  return [{ text: of.say?.(none)[language] ?? '' }];
}

export function sentence(
  env: ProseEnv,
  of: Sayable,
  facts: Facts | undefined,
  veil: ReadonlySet<string> = new Set(),
): TemplateResult[] {
  return pieces(said(of, facts, env.language) ?? open(of, env.language), veil, env.words);
}
