/** The course in links: its short forms, what is written of it, and where a lab was opened from. */
import { expect, it } from 'vitest';
import { defaults, formatFragment, onlyPassed, parseFragment, undoable } from './fragment';

it('the short forms open it, and are written in full', () => {
  for (const [short, wanted] of [
    ['#learn', {}],
    ['#lab=learn', {}],
    ['#lesson=flash', { lesson: 'flash' }],
    ['#lesson=flash&step=3', { lesson: 'flash', lessonStep: 3 }],
  ] as const) {
    const { located, problems } = parseFragment(short);
    expect(problems).toEqual([]);
    expect(located).toEqual({ ...defaults, lab: 'learn', ...wanted });
    const written = formatFragment(located);
    expect(new URLSearchParams(written).get('lab')).toBe('learn');
    expect(parseFragment(written)).toEqual({ located, problems: [] });
  }
});

it('in another lab the lesson is remembered, and does not claim the page', () => {
  const located = { ...defaults, lesson: 'flash', lessonStep: 3, from: 'flash.3' };
  expect(parseFragment(formatFragment(located))).toEqual({ located, problems: [] });
  expect(parseFragment('lab=step&lesson=flash').located.lab).toBe('step');
  expect(parseFragment('').located.lab).toBe('step');
});

it('a step only passes, a lesson is a choice; what is none is told', () => {
  const at = parseFragment('lesson=flash&step=3').located;
  expect(onlyPassed(at, { ...at, lessonStep: 4 })).toBe(true);
  expect(undoable({ ...at, lesson: 'paging' })).not.toBe(undoable(at));
  expect(
    parseFragment('lesson=Flash&step=0&from=flash&learn=1').problems.map((one) => 'key' in one && one.key),
  ).toEqual(['learn', 'lesson', 'step', 'from']);
});
