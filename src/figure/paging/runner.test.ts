/**
 * The runner: it gives the same moments as the simulation alone, user actions happen where the link says, and typed
 * requests continue with the tokens of their source.
 */
import { expect, test } from 'vitest';
import { configOf, Simulation } from '../../paging';
import { plain } from '../../paging/testing/plain';
import { createRunner, type Run, type Runner, type TokenSource } from './runner';
import { configFor, parsePage } from './settings';
import { createTokenSource } from './token-source';
import { AttnError } from '../../errors';

/** Tokens count up from the text's length: no model, but always the same. */
const counting: TokenSource = {
  read: async (text) => ({ tokens: Array.from(text, (letter) => letter.charCodeAt(0)), fromModel: true }),
  next: async (tokens, sampleSeed) => 1000 * (sampleSeed + 1) + tokens.length,
};

async function ended(runner: Runner): Promise<Run> {
  while (runner.working.value) await new Promise((resolve) => setTimeout(resolve, 5));
  return runner.run.value!;
}

const start = (said: string, tokenSource = counting): Promise<Run> => {
  const runner = createRunner(tokenSource);
  runner.start(parsePage(said).settings);
  return ended(runner);
};

test('without user actions it lives what the simulation lives', async () => {
  for (const said of ['', 'chat', 'parallel_pool-30', 'storm_rules-v1-2025']) {
    const { settings } = parsePage(said);
    const alone = new Simulation(settings.workload, configFor(settings));
    while (alone.advance(1) > 0);
    const { simulation } = await start(said);
    expect(simulation.history.operations(), said).toEqual(alone.history.operations());
    expect(simulation.history.last.state.counters).toEqual(alone.history.last.state.counters);
  }
});

test('user actions happen after the moment they name; what went before is as without them; an undone one leaves no trace', async () => {
  const without = await start('');
  const { simulation, own } = await start('story*6x0*9a3.Hello*12f1');
  const { history } = simulation;
  for (let i = 0; i <= 6; i++)
    expect(history.at(i).state.counters, String(i)).toEqual(without.simulation.history.at(i).state.counters);
  expect(history.at(7).operation).toEqual({ op: 'free', request: 0 });
  expect(history.at(10).operation).toMatchObject({ op: 'add', prompt: [72, 101, 108, 108, 111], generate: 3 });
  expect(history.at(13).operation).toMatchObject({ op: 'fork', request: 1 });
  expect(own.size).toBe(1);
  const undone = await start('story*6x0');
  const again = await start('story*6x0*9a3.Hello');
  for (let i = 0; i <= 9; i++)
    expect(again.simulation.history.at(i).state).toEqual(undone.simulation.history.at(i).state);
});

test('a run that goes back to another user action keeps what was lived, and lives on as from the start', async () => {
  const runner = createRunner(counting);
  const ways = [
    'story*6x0*9a3.Hello',
    'story*6x0*9a3.Hello*12f1',
    'story*6x0*9a5.You',
    'story*6x0',
    'story*2a4.abc*14f0',
    'story',
    'story*21a3.late',
    'chat*40x1*90a3.Hello',
    'chat*40x1*60f2*60x3',
    'chat*40x1*60f2',
    'parallel*30a2.x',
    'parallel*38x2*50f0',
  ];
  let before: Run | undefined;
  for (const said of ways) {
    runner.start(parsePage(said).settings);
    const run = await ended(runner);
    const anew = await start(said);
    expect(run.simulation.history.operations(), said).toEqual(anew.simulation.history.operations());
    expect(plain(run.simulation.history.last.state), said).toEqual(plain(anew.simulation.history.last.state));
    expect([...run.own, ...run.done], said).toEqual([...anew.own, ...anew.done]);
    for (const index of [1, 7, 13])
      if (index <= run.simulation.history.length)
        expect(plain(run.simulation.history.at(index).state)).toEqual(plain(anew.simulation.history.at(index).state));
    const same = before?.settings.workload === run.settings.workload;
    expect(before?.simulation === run.simulation, said).toBe(same);
    before = run;
  }
});

test('a typed request takes the model’s tokens one by one until it has all it asked for; so does its fork', async () => {
  const { simulation, own } = await start('own*0a4.abc*3f0');
  const { requests } = simulation.history.last.state;
  expect([...own.keys()]).toEqual([0, 1]);
  expect([...requests.at(0).tokens]).toEqual([97, 98, 99, 1003, 1004, 1005, 1006]);
  // The fork says something else from the token on that was not computed yet.
  expect([...requests.at(1).tokens]).toEqual([97, 98, 99, 2003, 2004, 2005, 2006]);
  expect([...requests].map(({ status }) => status)).toEqual(['finished', 'finished']);
});

test('a model that falls silent ends the request; one that is not there leaves the text as bytes, and the seed goes on', async () => {
  const silent = await start('own*0a9.abc', {
    ...counting,
    next: async (tokens) => (tokens.length < 5 ? 7 : undefined),
  });
  expect(silent.simulation.history.last.state.requests.at(0)).toMatchObject({ status: 'finished' });
  expect(silent.simulation.history.last.state.requests.at(0).tokens.length).toBe(5);
  const reported: string[] = [];
  const missing = async (): Promise<never> => {
    throw new AttnError('model-unavailable', { reason: 'worker' });
  };
  const absent = await start(
    'own*0a4.é',
    createTokenSource({ read: missing, next: missing }, ({ code }) => reported.push(code)),
  );
  const [request] = absent.simulation.history.last.state.requests;
  expect(request).toMatchObject({ source: 'seeded', status: 'finished' });
  expect(request!.tokens.slice(0, 2)).toEqual([0xc3, 0xa9]);
  expect(request!.tokens.length).toBe(6);
  expect(reported).toEqual(['model-unavailable']);
});

test('a long one can be stopped, stays where it is, and goes on to the same end', async () => {
  const { settings } = parsePage('marathon');
  const runner = createRunner(counting);
  runner.start(settings);
  await new Promise((resolve) => setTimeout(resolve, 150));
  runner.cancel();
  const stopped = runner.length.value;
  expect(runner.halted.value).toBe('cancelled');
  expect(stopped).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(runner.length.value).toBe(stopped);
  runner.resume();
  await new Promise((resolve) => setTimeout(resolve, 200));
  runner.cancel();
  const { length } = runner;
  expect(length.value).toBeGreaterThan(stopped);
  const alone = new Simulation(settings.workload, configOf(settings.workload));
  alone.advance(length.value);
  expect(runner.run.value!.simulation.history.at(length.value).state.counters).toEqual(
    alone.history.at(length.value).state.counters,
  );
  // Another one takes its place, and nothing of the old one comes after it.
  runner.start(parsePage('').settings);
  const { simulation } = await ended(runner);
  expect(simulation.history.length).toBe(21);
});
