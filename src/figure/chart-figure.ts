// A figure of given data: a chart, and the one of its stops that is read out, chosen by keys, pointer or playback.
import { effect, signal, type Signal } from '@preact/signals-core';
import { render, type TemplateResult } from 'lit';
import { element } from '../ui/dom/element';
import { chartCss } from '../views/charts/chart';
import type { Language } from '../words';
import { boxIn } from './box';
import { STEP_MS } from './clock';
import type { AnyFigure, Surroundings } from './env';
import { listenForKeys } from './keys';
import { followPlaying } from './playing';

/** What a chart is drawn with, beside its data. */
export interface ChartFrame {
  width: number;
  height: number;
  language: Language;
  chosen: number;
  choose(n: number): void;
}

export interface ChartSpec {
  kind: 'chart';
  /** The chart of the data, by one of the functions of views/charts. */
  chart(frame: ChartFrame): TemplateResult;
  /** What is there at a stop, in words and numbers. */
  reading(chosen: number, language: Language): string;
  /** What can be chosen, ascending. */
  stops: readonly number[];
  chosen?: number;
  /** Pixels. */
  height?: number;
  label?: string;
}

export interface MountedChart extends AnyFigure {
  readonly state: { chosen: Signal<number>; playing: Signal<boolean> };
  choose(n: number): void;
}

/** Pixels until it is known how wide the figure is. */
const WIDTH = 640;
const HEIGHT = 300;

export function chartFigure(host: HTMLElement, spec: ChartSpec, env: Surroundings): MountedChart {
  const { stops, height = HEIGHT } = spec;
  const { language } = env;
  env.adopt(chartCss);
  const chosen = signal(spec.chosen ?? stops.at(-1) ?? 0);
  const playing = signal(false);
  const width = signal(WIDTH);
  const { root } = boxIn(host, 'chart', [], spec.label);
  const [plot, reading] = [element('div', 'host'), element('p', 'reading num')];
  root.append(plot, reading);
  const choose = (n: number): void => {
    chosen.value = n;
  };
  const step = (direction: 1 | -1): boolean => {
    const to = stops[stops.indexOf(chosen.peek()) + direction];
    if (to !== undefined) choose(to);
    return to !== undefined;
  };
  const toEdge = (direction: 1 | -1): void => {
    const to = stops.at(direction > 0 ? -1 : 0);
    if (to !== undefined) choose(to);
  };
  const sized = new ResizeObserver(([entry]) => {
    if (entry && entry.contentRect.width > 0) width.value = Math.floor(entry.contentRect.width);
  });
  sized.observe(plot);
  const ends = [
    effect(() => {
      const frame = { width: width.value, height, language, chosen: chosen.value, choose };
      render(spec.chart(frame), plot);
      reading.textContent = spec.reading(frame.chosen, language);
    }),
    followPlaying({ playing, speed: signal(1), stands: () => STEP_MS.phase, go: () => step(1) }),
    listenForKeys(env.keyboard, root, {
      togglePlay: () => (playing.value = !playing.peek()),
      go: (direction) => void step(direction),
      toEdge,
      ...(env.help && { help: env.help }),
    }),
    () => sized.disconnect(),
  ];
  return {
    root,
    state: { chosen, playing },
    choose,
    step,
    toEdge,
    play: (on) => (playing.value = on),
    dispose() {
      for (const end of ends) end();
      root.remove();
    },
  };
}
