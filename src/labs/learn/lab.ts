// The course: its map, or one lesson. What a link says of it is signals of the page; how far a reader has come is kept in
// the browser.
import { effect, untracked } from '@preact/signals-core';
import { render } from 'lit';
import { asAttnError } from '../../errors';
import { LESSONS } from '../../lessons';
import type { Lesson, LessonCard } from '../../lessons/lesson';
import { element } from '../../ui/dom/element';
import { ringCss } from '../../views/shared/ring';
import { speak } from '../../words';
import type { LabEnv, MountedLab } from '../lab';
import { courseMap } from './course';
import css from './learn.css?inline';
import { learnWords } from './learn.words';
import { mountLesson } from './lesson-page';
import { createProgress } from './progress';
import { createStates } from './states';

export function mountLearn(host: HTMLElement, env: LabEnv): MountedLab {
  const { state, language } = env;
  env.adopt(ringCss);
  env.adopt(css);
  const words = speak(learnWords, language);
  const progress = env.keep('learn.progress', createProgress);
  const states = env.keep('learn.states', () => createStates(env));
  const root = host.appendChild(element('div', 'learn-lab'));
  let leave = (): void => undefined;
  let turn = 0;

  const openMap = (): void => {
    const page = root.appendChild(element('div', 'course'));
    const stop = effect(() => {
      render(courseMap({ language, words, lessons: LESSONS, progress, open: openLesson }), page);
    });
    leave = () => {
      stop();
      page.remove();
    };
  };
  const openLesson = (id: string, step = 1): void => {
    state.lessonStep.value = step;
    state.lesson.value = id;
  };
  const mount = (card: LessonCard, lesson: Lesson): void => {
    leave = mountLesson(root, { env, card, lesson, states, progress, open: openLesson });
  };
  const open = async (card: LessonCard, mine: number): Promise<void> => {
    try {
      const lesson = await card.load();
      if (mine === turn) mount(card, lesson);
    } catch (thrown) {
      env.actions.report(asAttnError(thrown));
    }
  };
  const stop = effect(() => {
    const id = state.lesson.value;
    untracked(() => {
      const mine = ++turn;
      leave();
      leave = () => undefined;
      const card = LESSONS.find((one) => one.id === id);
      if (id !== undefined && !card) env.unread('lesson', id);
      if (card) void open(card, mine);
      else openMap();
      scrollTo(0, 0);
    });
  });
  return {
    dispose() {
      turn++;
      stop();
      leave();
      root.remove();
    },
  };
}
