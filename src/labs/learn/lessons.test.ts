/**
 * Every lesson on real runs, interpreted here: its links open and come back, its steps stand where they say, its numbers
 * are there, its question has the answer that was seen when it was written, its exercise can be passed and failed.
 */
import { readFileSync } from 'node:fs';
import { signal } from '@preact/signals-core';
import { describe, expect, test, vi } from 'vitest';
import { formatFragment, parseFragment } from '../../app/link/fragment';
import type { CaptureChoice } from '../../figure/capture';
import type { Choice } from '../../figure/choice';
import {
  createReader,
  metaOf,
  modelProblem,
  seededProblem,
  sentenceOf,
  textOf,
  type Problem,
} from '../../figure/problem';
import { runOf } from '../../figure/run-of';
import { LESSONS } from '../../lessons';
import type { Lesson, Numbers, Place } from '../../lessons/lesson';
import { inLanguage } from '../../lessons/place';
import { POEM } from '../../lessons/model-reading';
import { plain, said } from '../../lessons/said';
import { Interpretation } from '../../machine/interpreter/capture';
import { INTERPRETER_LIMITS } from '../../machine/interpreter/limits';
import { createModelClient } from '../../model/client';
import { createService } from '../../model/service';
import { inMemory } from '../../testing/ask';
import type { Facts } from '../../figure/facts';
import type { LabEnv } from '../lab';
import { withKey } from './exercise';
import { createStates, type State } from './states';

const base = 'https://page.example/';
const serveFiles = async (url: URL) =>
  new Response(new Uint8Array(readFileSync(new URL(`../../../public${url.pathname}`, import.meta.url))));
const model = createModelClient(base, () => inMemory(createService(serveFiles)));
const reader = createReader(model);

async function problemOf(choice: Choice): Promise<Problem> {
  if (choice.input === 'seed') return seededProblem(choice);
  return modelProblem(
    sentenceOf(choice, await reader.read(textOf(choice)), () => undefined),
    choice,
  );
}

const captureBeside: CaptureChoice = async (choice) => {
  const problem = await problemOf(choice);
  const run = runOf(choice, problem.shape, INTERPRETER_LIMITS);
  const trace = new Interpretation(run, problem.inputs, metaOf(problem, choice, undefined, 0)).capture();
  return { trace, dispose: () => undefined };
};

const states = createStates(
  {
    actions: { captureBeside } as unknown as LabEnv['actions'],
    state: { limits: signal(undefined) } as unknown as LabEnv['state'],
    parse: (fragment) => parseFragment(fragment).located,
    model,
  },
  () => undefined,
);

async function factsOf(fragment: string): Promise<{ facts: Facts; state: State }> {
  const state = states.of(fragment);
  await vi.waitFor(() => expect(state.facts.value).toBeDefined(), { timeout: 20_000, interval: 5 });
  return { facts: state.facts.value!, state };
}

const loaded: [string, Lesson][] = await Promise.all(
  LESSONS.map(async ({ id, load }) => [id, await load()] as [string, Lesson]),
);

/** An exercise's settings at two temperatures. */
const [AT_04, AT_08] = ['0.4', '0.8'].map((t) => `at-11_t-${t}_p-0.9*${POEM}`) as [string, string];

/** Greedy, with a penalty and without. */
const [GROWN_13, GROWN_1] = ['t-0_penalty-1.3_more-60*The whale', 't-0_more-60*The whale'] as const;

/** The poem with one token changed in its middle. */
const HALFWAY = `${POEM.slice(0, 32)}雨${POEM.slice(33)}`;

/** What was seen when the lessons were written, and how far it may be off. */
const SEEN: Record<string, { truth: number; within: number; right: string; passes: string; fails: string }> = {
  next: { truth: 0.84, within: 0.01, right: 'high', passes: '*此地空余黄鹤楼。此地空余黄鹤楼', fails: '*昔人' },
  bert: { truth: 1.737 / 3.694, within: 0.01, right: 'half', passes: 'prefix-32', fails: 'prefix-48' },
  decoder: { truth: 0, within: 0, right: 'exact', passes: `*${POEM.slice(0, -1)}！`, fails: `*${HALFWAY}` },
  softmax: { truth: 0.000277, within: 2e-6, right: 'tiny', passes: '18', fails: '24' },
  flash: { truth: 1088.5 / 384, within: 1e-9, right: 'more', passes: '32x8', fails: '16x16' },
  recompute: { truth: 1024, within: 0, right: 'row', passes: '', fails: '0.5' },
  fa2: { truth: 4, within: 0, right: 'keys', passes: '16x32', fails: '32x16' },
  paging: { truth: 1, within: 0.05, right: 'same', passes: 'chat_block-8', fails: 'chat_block-32' },
  sampling: { truth: 1198, within: 2, right: 'many', passes: AT_04, fails: AT_08 },
  repeat: { truth: 2.7, within: 0.2, right: 'higher', passes: GROWN_13, fails: GROWN_1 },
  parameters: { truth: 0.00354, within: 0.00005, right: 'less', passes: '6738415616', fails: '7000000000' },
  merging: { truth: 1, within: 0, right: 'other', passes: 'word-Ishmael', fails: 'word-whaling' },
};

test('every lesson is told apart by id and number, and has what was seen of it', () => {
  for (const key of ['id', 'number'] as const)
    expect(new Set(LESSONS.map((card) => card[key])).size).toBe(LESSONS.length);
  expect(LESSONS.map(({ number }) => number)).toEqual(LESSONS.map(({ number }) => number).toSorted((a, b) => a - b));
  expect(Object.keys(SEEN)).toEqual(LESSONS.map(({ id }) => id));
});

/** Every number of a sentence by its name: what is left are its words, and what the state itself sets. */
const named = new Proxy({}, { get: (_, name) => `{${String(name)}}` }) as Numbers;
/** Names of things that have a digit in them. */
const NAMES = /FA-[12]|f16|f32|f64|O[₁₂]/g;

describe.each(loaded)('lesson %s', (id, lesson) => {
  const { steps, predict, exercise } = lesson;
  test('its card says how many steps it has', () =>
    expect(LESSONS.find((card) => card.id === id)!.steps).toBe(steps.length));

  const places: readonly Place[] = [...steps, exercise];
  const links = places.flatMap(({ state, also }) => [state, ...(also ? [also.state] : [])]);

  test.each(links)('%s opens without a word, and comes back as it was', (link) => {
    for (const language of ['en', 'zh'] as const) {
      const { located, problems } = parseFragment(inLanguage(link, language));
      expect(problems).toEqual([]);
      expect(parseFragment(formatFragment(located))).toEqual({ located, problems: [] });
      expect(parseFragment(`${inLanguage(link, language)}&from=${id}.3`)).toMatchObject({
        located: { from: `${id}.3` },
        problems: [],
      });
    }
  });

  test('a sentence is short, and no digit stands in it that its state does not set', () => {
    for (const { state, say } of [...steps, exercise]) {
      if (!say) continue;
      const set = new Set(state.match(/\d+/g) ?? []);
      const { en, zh } = say(named);
      for (const words of [en, zh]) {
        const digits =
          words
            .replaceAll(NAMES, '')
            .replaceAll(/\{[^}]*\}/g, '')
            .match(/\d+/g) ?? [];
        expect(
          digits.filter((one) => !set.has(one)),
          words,
        ).toEqual([]);
      }
      expect(en.split(/\s+/).length, en).toBeLessThanOrEqual(30);
      expect([...zh.replaceAll(/\{[^}]*\}/g, '').replaceAll(/[^\p{Script=Han}]/gu, '')].length, zh).toBeLessThanOrEqual(
        40,
      );
    }
  });

  test('each step stands where its link says, and its numbers are there', async () => {
    for (const [i, step] of steps.entries()) {
      for (const language of ['en', 'zh'] as const) {
        const { facts, state } = await factsOf(inLanguage(step.state, language));
        const { at, runs } = state;
        if (runs.length === 1 && at.cursor) expect(state.cursorOf(0)?.cursor, step.state).toEqual(at.cursor);
        if (at.lab === 'page') expect(String(facts.page?.moment.index)).toBe(at.moment.split('.')[0]);
        const told = plain(said(step, facts, language) ?? []);
        expect(told, `step ${i + 1}`).not.toMatch(/^$|NaN|undefined|Infinity|\{|…/);
      }
    }
  });

  test('the answer of its question is that of the run, and what was seen', async () => {
    const seen = SEEN[id]!;
    const { facts } = await factsOf(inLanguage(predict.state ?? steps[predict.before - 1]!.state, 'en'));
    const truth = predict.truth(facts)!;
    expect(Math.abs(truth - seen.truth), String(truth)).toBeLessThanOrEqual(seen.within);
    expect(predict.right(truth)).toBe(seen.right);
    expect(predict.choices.map((one) => one.id)).toContain(seen.right);
    const names = predict.veil;
    const told = Object.keys(steps[predict.before - 1]!.read?.(facts) ?? {});
    expect(told.some((name) => names.includes(name))).toBe(true);
  });

  test('its exercise is failed as it opens, and can be passed', async () => {
    const { control, state, pass } = exercise;
    const seen = SEEN[id]!;
    const start = inLanguage(state, 'en');
    const verdict = async (value: string | undefined): Promise<boolean | undefined> => {
      const fragment = value === undefined || control.kind === 'typed' ? start : withKey(start, control.key, value);
      const { facts } = await factsOf(fragment);
      if (control.kind !== 'typed') return pass(facts, undefined);
      const { s = '', lse = '' } = exercise.read?.(facts) ?? {};
      const p = Math.exp(Number(s.replace('−', '-')) - Number(lse.replace('−', '-'))).toFixed(3);
      return pass(facts, value === undefined ? undefined : Number(value === '' ? p : value));
    };
    expect(await verdict(undefined)).toBe(false);
    expect(await verdict(seen.fails)).toBe(false);
    expect(await verdict(seen.passes)).toBe(true);
    if (control.kind === 'pick')
      for (const value of control.values) expect(typeof (await verdict(value)), value).toBe('boolean');
  });
});
