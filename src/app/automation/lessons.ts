// The course for programs: its lessons with the links of their steps, and what was guessed and found here.
import { createProgress } from '../../labs/learn/progress';
import { LESSONS } from '../../lessons';
import { inLanguage } from '../../lessons/place';
import type { Language } from '../../words';
import type { LessonInfo } from './automation';

/** @param page the page's address, without a fragment */
export async function lessonsOf(language: Language, page: string): Promise<readonly LessonInfo[]> {
  const marks = createProgress().all.peek();
  return Promise.all(
    LESSONS.map(async ({ id, number, title, load }): Promise<LessonInfo> => {
      const { steps, exercise } = await load();
      const { guess, truth, right, exercise: passed = false } = marks[id] ?? {};
      return {
        id,
        number,
        title,
        link: `${page}#lesson=${id}`,
        steps: [...steps, exercise].map(({ state }, i) => ({
          link: `${page}#lesson=${id}&step=${i + 1}`,
          lab: `${page}#${inLanguage(state, language)}`,
        })),
        predicted: guess,
        truth,
        right,
        passed,
      };
    }),
  );
}
