// One lesson: its steps as ordinary text beside a stage that shows one of them at a time. Places are counted from 1; behind
// the last step stand the exercise and the answers.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { render } from 'lit';
import type { Facts } from '../../figure/facts';
import { createReader, modelProblem, seededProblem, sentenceOf, textOf } from '../../figure/problem';
import { createPageTokens } from '../../figure/paging/tokens';
import { LESSONS } from '../../lessons';
import type { Lesson, LessonCard, Place } from '../../lessons/lesson';
import { inLanguage } from '../../lessons/place';
import { isOwn } from '../../trace/trace';
import { element } from '../../ui/dom/element';
import { speak } from '../../words';
import type { LabEnv } from '../lab';
import { lessonProse } from './cards';
import { createExercise } from './exercise';
import { learnWords } from './learn.words';
import type { LessonProgress } from './progress';
import type { ProseEnv } from './prose';
import { mountStage } from './stage';
import type { State, States } from './states';
import { stageBar } from './stage-bar';

export interface LessonEnv {
  env: LabEnv;
  card: LessonCard;
  lesson: Lesson;
  states: States;
  progress: LessonProgress;
  open(id: string, step?: number): void;
}

/** Ms that the next steps wait for after the one on screen has its run. */
const AHEAD_MS = 500;
/** Ms after which scrolling has come to rest. */
const REST_MS = 150;

export function mountLesson(root: HTMLElement, { env, card, lesson, states, progress, open }: LessonEnv): () => void {
  const { state, language } = env;
  const words = speak(learnWords, language);
  const { steps, predict } = lesson;
  const last = steps.length + 2;
  const page = root.appendChild(element('article', 'lesson'));
  const [stageBox, bar, figures] = [
    element('section', 'lesson-stage'),
    element('div', 'stage-bar'),
    element('div', 'stage-figures'),
  ];
  stageBox.ariaLabel = words.figure;
  const veil = element('p', 'veil-word');
  veil.append(element('b', '', words.guess));
  stageBox.append(bar, figures, veil);
  const prose = element('div', 'lesson-prose');
  page.append(stageBox, prose);
  const over = page.appendChild(element('div', 'ring-host'));
  const exercise = createExercise(lesson.exercise, language);
  const wanted = state.lessonStep.peek() ?? 1;
  if (wanted > last) {
    env.unread('step', String(wanted));
    state.lessonStep.value = 1;
  }
  const at = computed(() => Math.max(1, Math.min(last, state.lessonStep.value ?? 1)));
  const mark = computed(() => progress.all.value[card.id]);
  const stage = mountStage({ host: figures, over, figures: figureEnv(env), names: [words.first, words.second] });
  const copied = signal<number | undefined>(undefined);

  const stateOf = (place: Place): State => states.of(inLanguage(place.state, language));
  /** What stands at a place of the lesson; the answers keep the last step's. */
  const placeAt = (n: number): Place => steps[n - 1] ?? (n === steps.length + 1 ? exercise.place.value : steps.at(-1)!);
  const factsOf = (place: Place): Facts | undefined => stateOf(place).facts.value;
  const asked = predict.state ? { state: predict.state, show: [] } : steps[predict.before - 1]!;
  /** Whether the figure shows what is still to be guessed. */
  const veiled = computed(() => {
    const n = at.value;
    const step = steps[n - 1];
    if (!step || n < predict.before || mark.value?.guess !== undefined) return false;
    const facts = factsOf(step);
    const told = (facts && step.read?.(facts)) ?? {};
    return n === predict.before || predict.veil.some((name) => name in told);
  });

  const go = (to: number): void => {
    state.lessonStep.value = Math.max(1, Math.min(last, to));
  };
  /** Goes there because of a key or a click: its text comes into sight. */
  const goTo = (to: number): void => {
    byHand = false;
    go(to);
    const asks = at.peek() === predict.before && mark.peek()?.guess === undefined;
    const into = asks ? prose.querySelector('.predict') : cardAt(at.peek());
    into?.scrollIntoView({ block: 'start', behavior: still() ? 'auto' : 'smooth' });
    cardAt(at.peek())?.focus({ preventScroll: true });
  };
  const cardAt = (n: number): HTMLElement | null => prose.querySelector<HTMLElement>(`[data-place="${n}"]`);
  const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

  const proseEnv: ProseEnv = {
    card,
    lesson,
    language,
    words,
    exercise,
    at: () => at.value,
    mark: () => mark.value,
    facts: (n) => (seen.value.has(n) ? factsOf(placeAt(n)) : undefined),
    asked: () => (at.value >= predict.before ? factsOf(asked) : undefined),
    error: (n) => stateOf(placeAt(n)).runs.find(({ run }) => run.error.value)?.run.error.value?.code,
    copied: () => copied.value,
    next: LESSONS[LESSONS.indexOf(card) + 1],
    goTo,
    open,
    map: () => (state.lesson.value = undefined),
    guess(id) {
      progress.mark(card.id, { guess: id });
    },
    reveal: () => progress.mark(card.id, { said: true }),
    inLab: (place, n) => env.open(inLanguage(place.state, language), `${card.id}.${n}`),
    hrefOf: (place, n) => `#${inLanguage(place.state, language)}&from=${card.id}.${n}`,
    copy(n) {
      const link = `${location.href.replace(/#.*$/, '')}#lesson=${card.id}&step=${n}&lang=${language}`;
      void navigator.clipboard?.writeText(link).then(() => {
        copied.value = n;
        setTimeout(() => (copied.value = undefined), 2500);
      });
    },
  };
  /** Places whose runs were asked for: what was not come to yet is not run. */
  const seen = signal<ReadonlySet<number>>(new Set());
  const ask = (n: number): void => {
    if (n > last || seen.peek().has(n)) return;
    seen.value = new Set([...seen.peek(), n]);
  };

  let ahead: ReturnType<typeof setTimeout> | undefined;
  const ends = [
    effect(() => {
      const n = at.value;
      const place = placeAt(n);
      untracked(() => {
        progress.mark(card.id, { step: n, ...(n >= steps.length && { done: true }) });
        ask(n);
        stage.show(place, stateOf(place));
      });
    }),
    effect(() => {
      const n = at.value;
      if (n >= steps.length || factsOf(placeAt(n)) === undefined) return;
      clearTimeout(ahead);
      ahead = setTimeout(
        () =>
          [n + 1, n + 2, ...steps.keys()].filter((one) => one > 0 && one <= Math.min(n + 2, steps.length)).forEach(ask),
        AHEAD_MS,
      );
    }),
    // A run that was asked for ahead is begun.
    effect(() => seen.value.forEach((n) => void stateOf(placeAt(n)))),
    effect(() => {
      render(lessonProse(proseEnv), prose);
    }),
    effect(() => {
      const place = placeAt(at.value);
      const { runs, facts } = stateOf(place);
      const [first] = runs;
      const header = first?.run.trace.value?.header;
      const { lab } = stateOf(place).at;
      const from = header
        ? isOwn(header.provenance)
          ? header.provenance === 'interpreter'
            ? words.fromInterpreter
            : words.fromHere
          : words.fromRecording
        : lab === 'page'
          ? words.fromSimulation
          : lab === 'time'
            ? words.fromFormula
            : lab === 'model'
              ? words.fromModel
              : words.running;
      const error = runs.find(({ run }) => run.error.value)?.run;
      const progressed = runs.map(({ run }) => run.progress.value).find((part) => part !== undefined);
      render(
        stageBar({
          words,
          from,
          own: header ? isOwn(header.provenance) : true,
          busy: facts.value === undefined || progressed !== undefined,
          error: error?.error.value?.code,
          again: () => error?.again(),
          touched: stage.touched.value,
          reset: stage.reset,
          step: stage.step,
          steps: lab !== 'time',
        }),
        bar,
      );
    }),
    effect(() => {
      stageBox.classList.toggle('veiled', veiled.value);
      figures.inert = veiled.value;
    }),
    effect(() => {
      if (at.value === steps.length + 1 && exercise.passed(factsOf(exercise.place.value)))
        untracked(() => progress.mark(card.id, { exercise: true }));
    }),
    effect(() => {
      const { guess, right } = mark.value ?? {};
      const facts = proseEnv.asked();
      const truth = facts && predict.truth(facts);
      if (truth === undefined) return;
      const judged = guess && right === undefined ? { right: predict.right(truth) === guess } : {};
      untracked(() => progress.mark(card.id, { truth, ...judged }));
    }),
    listen(page, goTo, () => at.peek()),
    followScroll(),
  ];
  if (at.peek() > 1) requestAnimationFrame(() => cardAt(at.peek())?.scrollIntoView({ block: 'start' }));

  /** Only a reader who scrolls moves on by it; what the page scrolls itself does not count. */
  function followScroll(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hand = (): void => {
      byHand = true;
    };
    const rest = (): void => {
      if (!byHand) return;
      const third =
        stageBox.getBoundingClientRect().width < page.clientWidth * 0.9
          ? innerHeight / 3
          : stageBox.getBoundingClientRect().bottom + 80;
      const cards = [...prose.querySelectorAll<HTMLElement>('[data-place]')];
      const here = cards.findLast((one) => one.getBoundingClientRect().top <= third) ?? cards[0];
      if (here) go(Number(here.dataset['place']));
    };
    const scrolled = (): void => {
      clearTimeout(timer);
      timer = setTimeout(rest, REST_MS);
    };
    addEventListener('wheel', hand, { passive: true });
    addEventListener('touchmove', hand, { passive: true });
    addEventListener('scroll', scrolled, { passive: true });
    return () => {
      clearTimeout(timer);
      removeEventListener('wheel', hand);
      removeEventListener('touchmove', hand);
      removeEventListener('scroll', scrolled);
    };
  }
  return () => {
    clearTimeout(ahead);
    for (const end of ends) end();
    stage.dispose();
    page.remove();
  };
}

/** Whether the page was last scrolled by the reader. */
let byHand = false;

/** What a figure of a lesson is given: the page's one device and model, and keys only while it has the focus. */
function figureEnv({ language, theme, adopt, machine, model, keep }: LabEnv) {
  const reader = keep('learn.reader', () => createReader(model));
  return {
    machine,
    problem: async (choice: Parameters<typeof seededProblem>[0]) =>
      choice.input === 'seed'
        ? seededProblem(choice)
        : modelProblem(
            sentenceOf(choice, await reader.read(textOf(choice)), () => undefined),
            choice,
          ),
    tokens: keep('page-tokens', () => createPageTokens(model)),
    model,
    keyboard: {
      listen(at: Element, take: (event: KeyboardEvent) => void) {
        const own = (event: Event): void => take(event as KeyboardEvent);
        at.addEventListener('keydown', own);
        return () => at.removeEventListener('keydown', own);
      },
    },
    language,
    theme,
    motion: () => !matchMedia('(prefers-reduced-motion: reduce)').matches,
    adopt,
  };
}

/** Keys that walk through the lesson, where nothing else took them. */
function listen(page: HTMLElement, goTo: (to: number) => void, at: () => number): () => void {
  const by: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, k: -1, j: 1, PageUp: -1, PageDown: 1 };
  const onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    const typing = target instanceof Element && target.closest('input, textarea, select, dialog, header');
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || typing) return;
    const step = by[event.key];
    if (step === undefined || !page.isConnected) return;
    event.preventDefault();
    goTo(at() + step);
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
