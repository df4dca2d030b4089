// What a lesson is: states of the labs in an order, a sentence for each, a question before its answer, and a check after
// it. Words stand in the lesson's own file, in both languages; every number comes from the run, by `read`.
import type { FigureSpec } from '../figure/figure';
import type { Facts } from '../figure/facts';
import type { RingRef } from '../views/shared/ring';
import type { Language } from '../words';

export type Bilingual = Readonly<Record<Language, string>>;

/** Numbers of a sentence, written out, by their names. */
export type Numbers<N extends string = string> = Readonly<Record<N, string>>;

/** What one ring goes around: what a view knows (see its `ring`), the whole picture of a view, or an element so marked. */
export type Ring = RingRef | { of: 'view'; id: string } | { of: 'mark'; id: string };

/** What stands on the stage: a view by its id, of what the step's link says, or a figure of its own. */
export type Shown = string | FigureSpec;

/** A state of a lab. */
export interface Place {
  /** The fragment of the lab's link. "Open in the lab" opens exactly this. */
  readonly state: string;
  /** What may be set by hand in a figure of the small model: ids of its controls; none by default. */
  readonly controls?: readonly string[];
  /** Two at most. */
  readonly show: readonly Shown[];
  readonly ring?: Ring;
  /** Where one may go on from here, beside the lab. */
  readonly also?: { readonly state: string; readonly label: Bilingual };
}

export interface Step extends Place {
  /** Numbers of its sentence; undefined while they are not there. Absent: it has none. */
  read?(facts: Facts): Numbers | undefined;
  /** One sentence: 25 words, 40 characters. The only digits in it are sizes that the state itself sets. */
  say(numbers: Numbers): Bilingual;
}

/** One step, its numbers typed by their names. */
export const step = <N extends string = never>(
  of: Place & { read?(facts: Facts): Numbers<N> | undefined; say(numbers: Numbers<N>): Bilingual },
): Step => of;

/** A question that the reader's own run answers. */
export interface Predict {
  /** Asked before this step, which is counted from 1; its answer stands there. */
  readonly before: number;
  readonly ask: Bilingual;
  readonly choices: readonly { readonly id: string; readonly label: Bilingual }[];
  /** Where the answer is read, if not at that step. */
  readonly state?: string;
  /** Names of numbers that are veiled until a guess was made, in that step's sentence and those after it. */
  readonly veil: readonly string[];
  truth(facts: Facts): number | undefined;
  /** Id of the choice that this truth makes the right one. */
  right(truth: number): string;
  /** The truth, written out. */
  tell(truth: number): string;
  /** What is to be seen in it. */
  readonly after: Bilingual;
}

/** What the reader can set in an exercise. */
export type Control =
  /** A key of the state's link. */
  | { readonly kind: 'pick'; readonly key: string; readonly label: Bilingual; readonly values: readonly string[] }
  | {
      readonly kind: 'whole';
      readonly key: string;
      readonly label: Bilingual;
      readonly from: number;
      readonly to: number;
    }
  /** A text, by which a key of the state's link is written. */
  | {
      readonly kind: 'text';
      readonly key: string;
      readonly label: Bilingual;
      /** Characters. */
      readonly limit: number;
      write(text: string): string;
      /** The text in what was written. */
      read(value: string): string;
    }
  /** A number that is no part of the state. */
  | { readonly kind: 'typed'; readonly label: Bilingual };

export interface Exercise extends Place {
  readonly ask: Bilingual;
  readonly control: Control;
  /** How a value of a `pick` is shown, where not as it is written. */
  name?(value: string): string;
  /** Where it stands now, in numbers. */
  read?(facts: Facts): Numbers | undefined;
  say?(numbers: Numbers): Bilingual;
  /** Asked of every state that has come to rest; undefined = its numbers are not there yet. */
  pass(facts: Facts, typed: number | undefined): boolean | undefined;
  readonly hints: readonly Bilingual[];
  readonly passed: Bilingual;
}

/** What is said in an interview, and what the list of questions that it comes from gets wrong. */
export interface Answer {
  /** Numbers of the questions in that list. */
  readonly faq: readonly string[];
  readonly question: Bilingual;
  readonly answer: Bilingual;
  readonly wrong?: Bilingual;
}

/** A paper: its sections are named where the answer rests on them. */
export interface Source {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly section: string;
}

export interface Lesson {
  /** The belief that it does away with. */
  readonly kills: Bilingual;
  readonly steps: readonly Step[];
  readonly predict: Predict;
  readonly exercise: Exercise;
  readonly answers: readonly Answer[];
  readonly sources: readonly Source[];
  /** What is no part of it, in a line. */
  readonly notShown: Bilingual;
}

export const TRACKS = ['A', 'B', 'C', 'D'] as const;
export type Track = (typeof TRACKS)[number];

/** A lesson in the list: what the course page shows of it. */
export interface LessonCard {
  /** Its name in links. */
  readonly id: string;
  /** Its place in the whole course, of which some lessons are not written yet. */
  readonly number: number;
  readonly track: Track;
  readonly title: Bilingual;
  readonly minutes: number;
  /** How many steps it has. */
  readonly steps: number;
  readonly faq: readonly string[];
  load(): Promise<Lesson>;
}
