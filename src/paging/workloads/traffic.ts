/** Traffic: requests of different lengths that arrive whether or not there is room; few or very many of them. */
import type { Config, State } from '../types';
import { type Arrival, SeededRandom, open, type Play, type Workload } from './workload';

interface Traffic {
  readonly requests: number;
  /** Steps between two arrivals, at most. */
  readonly gap: number;
  /** Median and largest number of tokens of a prompt, and of an answer; the tail is log-normal. */
  readonly prompt: readonly [number, number];
  readonly generate: readonly [number, number];
  /** Width of the tails. */
  readonly sigma: number;
  /** How many different prefixes there are, and how long they are; 0: every prompt is unique. */
  readonly prefixes: number;
  readonly prefixLength: number;
}

function* arrivals({ seed, maxLength }: Config, traffic: Traffic): Generator<Arrival> {
  const random = new SeededRandom(seed, 4);
  const prefixes = Array.from({ length: traffic.prefixes }, () => random.text(traffic.prefixLength));
  let step = 0;
  for (let i = 0; i < traffic.requests; i++) {
    const prefix = prefixes[random.between(0, Math.max(0, prefixes.length - 1))] ?? [];
    const [prompt, longestPrompt] = traffic.prompt;
    const [answer, longestAnswer] = traffic.generate;
    // A server refuses longer requests; here they are cut, so that none is missing from the workload.
    const room = maxLength - prefix.length - 1;
    const length = Math.min(room - 1, random.longTail(prompt, traffic.sigma, 2, longestPrompt));
    const generate = Math.max(1, Math.min(room - length, random.longTail(answer, traffic.sigma, 2, longestAnswer)));
    yield {
      step,
      add: { op: 'add', name: `${i + 1}`, prompt: [...prefix, ...random.text(Math.max(1, length))], generate },
    };
    step += random.between(0, traffic.gap);
  }
}

const play = (traffic: Traffic) =>
  function* playTraffic(start: State): Play {
    yield* open(start, arrivals(start.config, traffic));
  };

/** Most are short, a few very long: what makes reserving the maximum so wasteful. */
export const longTail: Workload = {
  id: 'long-tail',
  config: { blocks: 65, blockSize: 16, budget: 96, maxLength: 384 },
  play: play({
    requests: 40,
    gap: 6,
    prompt: [24, 200],
    generate: [24, 160],
    sigma: 0.9,
    prefixes: 0,
    prefixLength: 0,
  }),
};

/** More than the pool can hold for long: requests are admitted, grow, and preempt each other. */
export const storm: Workload = {
  id: 'storm',
  config: { blocks: 65, blockSize: 4, budget: 64, maxLength: 128, maxRunning: 12 },
  play: play({ requests: 24, gap: 1, prompt: [16, 40], generate: [40, 80], sigma: 0.3, prefixes: 2, prefixLength: 12 }),
};

/** Ten thousand blocks, a thousand requests at once. */
export const scale: Workload = {
  id: 'scale',
  config: { blocks: 10_001, blockSize: 16, budget: 4096, maxLength: 512, maxRunning: 1000 },
  play: play({
    requests: 1000,
    gap: 0,
    prompt: [64, 300],
    generate: [96, 200],
    sigma: 0.6,
    prefixes: 8,
    prefixLength: 48,
  }),
};

/** About a hundred thousand steps. */
export const marathon: Workload = {
  id: 'marathon',
  config: { blocks: 129, blockSize: 16, budget: 128, maxLength: 384, maxRunning: 24 },
  play: play({
    requests: 25_000,
    gap: 8,
    prompt: [32, 200],
    generate: [24, 160],
    sigma: 0.8,
    prefixes: 6,
    prefixLength: 40,
  }),
};
