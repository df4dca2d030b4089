// What a link says of the course: which lesson is open at which step, and which step a lab was opened from.
import { parseWhole } from '../../ui/parse-whole';
import type { LabLink } from '../shared/link';

export interface LearnPart {
  /** Id of the open lesson; undefined = the map of the course. The lab itself says whether there is one of that name. */
  lesson: string | undefined;
  /** From 1; behind the last step stand the exercise and the answers. Undefined = the first. */
  lessonStep: number | undefined;
  /** `flash.3`: the step whose "open in the lab" led here. */
  from: string | undefined;
}

const standard: LearnPart = { lesson: undefined, lessonStep: undefined, from: undefined };

const MOST_STEPS = 99;

export const learnLink: LabLink<LearnPart> = {
  default: standard,
  read: (param) => {
    // The short form of the address says nothing but its own name.
    param('learn', (text) => text === '' || undefined);
    return {
      lesson: param('lesson', (text) => (/^[a-z][a-z0-9-]{0,23}$/.test(text) ? text : undefined)),
      lessonStep: param('step', (text) => parseWhole(text, [1, MOST_STEPS])),
      from: param('from', (text) => (/^[a-z][a-z0-9-]{0,23}\.[1-9]\d?$/.test(text) ? text : undefined)),
    };
  },
  write: ({ lesson, lessonStep, from }) => ({ lesson, step: lessonStep?.toString(), from }),
  passing: ['lessonStep'],
  opens: ['learn', 'lesson'],
};
