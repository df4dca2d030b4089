// The map of the course: its lessons by track, how far the reader is in each, and ways through them.
import { html, nothing, type TemplateResult } from 'lit';
import { TRACKS, type LessonCard, type Track } from '../../lessons/lesson';
import type { Language, Widened } from '../../words';
import type { learnWords } from './learn.words';
import { standingOf, type LessonProgress, type Standing } from './progress';

export type LearnSpeech = Widened<typeof learnWords>;

interface CourseEnv {
  language: Language;
  words: LearnSpeech;
  lessons: readonly LessonCard[];
  progress: LessonProgress;
  open(id: string, step?: number): void;
}

/** Lessons by their numbers in the whole course; those that are not written yet are left out. */
const ROUTES = [
  { name: 'routeInterview', numbers: [2, 5, 6, 8, 11, 12, 13, 16, 18] },
  { name: 'routeKernels', numbers: [7, 8, 9, 10, 11, 12, 19, 20] },
  { name: 'routeAll', numbers: Array.from({ length: 20 }, (_, i) => i + 1) },
] as const;

const SIGNS: Record<Standing, string> = { new: '○', begun: '◐', done: '●', passed: '★' };
const trackName = { A: 'trackA', B: 'trackB', C: 'trackC', D: 'trackD' } as const satisfies Record<
  Track,
  keyof LearnSpeech
>;

export function courseMap(env: CourseEnv): TemplateResult {
  const { words, lessons, progress, language } = env;
  const last = lessons.find(({ id }) => id === progress.last.value);
  const at = last && progress.all.value[last.id]?.step;
  return html`<header class="course-head">
      <h2>${words.headline}</h2>
      <p>${words.intro}</p>
      ${last && at ? link(env, last, at, 'resume', words.resume(last.title[language], at)) : nothing}
    </header>
    <div class="course-tracks" @keydown=${walk}>${TRACKS.map((track) => trackOf(env, track))}</div>
    <section class="course-routes" aria-label=${words.routes}>
      <h3>${words.routes}</h3>
      ${ROUTES.map(({ name, numbers }) => route(env, words[name], numbers))}
    </section>
    <footer class="course-foot">
      <p class="muted">${words.written(lessons.length)}</p>
      <details><summary>${words.notHere}</summary><p>${words.notHereWhy}</p></details>
      <p class="muted">${words.kept} ${last ? html`<button @click=${progress.clear}>${words.clear}</button>` : nothing}</p>
    </footer>`;
}

/** A lesson's link: here it is a step of undo, in a new tab it opens that lesson. */
function link(
  { open }: CourseEnv,
  { id }: LessonCard,
  step: number,
  className: string,
  content: TemplateResult | string,
): TemplateResult {
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(id, step);
  };
  return html`<a class=${className} href=${`#lesson=${id}${step > 1 ? `&step=${step}` : ''}`} @click=${go}>${content}</a>`;
}

function trackOf(env: CourseEnv, track: Track): TemplateResult | typeof nothing {
  const mine = env.lessons.filter((lesson) => lesson.track === track);
  if (mine.length === 0) return nothing;
  return html`<section class="course-track" aria-labelledby="track-${track}">
    <h3 id="track-${track}"><span class="num">${track}</span> ${env.words[trackName[track]]}</h3>
    <div class="course-cards">${mine.map((lesson) => cardOf(env, lesson))}</div>
  </section>`;
}

function cardOf(env: CourseEnv, lesson: LessonCard): TemplateResult {
  const { words, language, progress } = env;
  const mark = progress.all.value[lesson.id];
  const standing = standingOf(mark);
  const said = standing === 'begun' ? words.begun(mark?.step ?? 1) : words[standing];
  const step = standing === 'begun' ? (mark?.step ?? 1) : 1;
  return link(
    env,
    lesson,
    step,
    `lesson-card ${standing}`,
    html`<span class="number num">${lesson.number}</span><b>${lesson.title[language]}</b>
      <span class="about">${words.minutes(lesson.minutes)}</span>
      <span class="standing"><span aria-hidden="true">${SIGNS[standing]}</span> ${said}</span>`,
  );
}

function route(env: CourseEnv, name: string, numbers: readonly number[]): TemplateResult | typeof nothing {
  const { words, language, lessons } = env;
  const mine = numbers.flatMap((number) => lessons.find((lesson) => lesson.number === number) ?? []);
  if (mine.length < 2) return nothing;
  const minutes = mine.reduce((sum, lesson) => sum + lesson.minutes, 0);
  return html`<p class="course-route"><b>${name}</b> <span class="muted">${words.minutes(minutes)}</span>
    ${mine.map((lesson) => link(env, lesson, 1, 'stop', html`<span class="num">${lesson.number}</span> ${lesson.title[language]}`))}</p>`;
}

/** Arrows go from card to card. */
function walk(event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const cards = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('.lesson-card')];
  const here = cards.indexOf(event.composedPath()[0] as HTMLElement);
  if (!by || here < 0) return;
  event.preventDefault();
  cards[Math.max(0, Math.min(cards.length - 1, here + by))]?.focus();
}
