// A figure of a paged KV cache that needs no lab: a workload is simulated, and what views report moves its own cursor.
import { signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { PAGE_VIEWS } from '../../views/paging';
import type { PageFrame } from '../../views/paging/view';
import { boxIn } from '../box';
import type { AnyFigure, Surroundings } from '../env';
import { mountPaging } from './paging';
import { createRunner, type Runner, type TokenSource } from './runner';
import { parsePage } from './settings';
import { createPageStage, type PageStage, type PagingCursor } from './stage';
import { hueOf, textOfToken, type PageTokens } from './tokens';
import { createTokenSource } from './token-source';

export interface PagingSpec {
  kind: 'paging';
  /** Workload, configuration and what is done to the pool, as a link writes them; absent = the story. */
  settings?: string;
  /** Ids of views, in the order in which they stand. */
  views: readonly string[];
  cursor?: Partial<PagingCursor>;
  speed?: number;
  /** Its name for screen readers. */
  label?: string;
}

/** What only a pool with typed requests asks for. */
export interface PagingResources {
  /** Tokens by the page's model; without it a text is its bytes. */
  tokens?: PageTokens;
}

export interface MountedPaging extends AnyFigure {
  readonly state: {
    cursor: Signal<PagingCursor>;
    playing: Signal<boolean>;
    speed: Signal<number>;
    frame: ReadonlySignal<PageFrame | undefined>;
  } & Pick<Runner, 'length' | 'working' | 'halted'>;
  readonly stage: PageStage;
  seek(index: number): void;
  /** Simulates with other settings. */
  set(settings: string): void;
}

const opening: PagingCursor = { index: undefined, request: undefined, pinned: {} };

/** Without a model nothing is read by one. */
const bytesAlone: TokenSource = {
  read: async (text) => ({ tokens: [...new TextEncoder().encode(text)], fromModel: false }),
  next: async () => undefined,
};

export function pagingFigure(host: HTMLElement, spec: PagingSpec, env: Surroundings & PagingResources): MountedPaging {
  const { tokens, language, theme } = env;
  const cursor = signal<PagingCursor>({ ...opening, ...spec.cursor });
  const [playing, speed] = [signal(false), signal(spec.speed ?? 1)];
  // A text that the model could not read is its bytes; the frame says so, by the tokens that it has.
  const runner = createRunner(tokens ? createTokenSource(tokens, () => undefined) : bytesAlone);
  const stage = createPageStage({ cursor, move: (change) => (cursor.value = { ...cursor.peek(), ...change }) }, runner);
  const { root, place } = boxIn(host, 'paging', spec.views, spec.label);
  const end = mountPaging(root, {
    ...env,
    stage,
    runner,
    views: PAGE_VIEWS.filter(({ id }) => spec.views.includes(id)),
    place,
    view: {
      language,
      theme,
      motion: env.motion(),
      on: stage.on,
      tokenText: textOfToken(tokens ?? { label: () => undefined }),
      hueOf,
    },
    playing,
    speed,
  });
  const set = (settings: string): void => runner.start(parsePage(settings).settings);
  set(spec.settings ?? '');
  const { length, working, halted } = runner;
  return {
    root,
    state: { cursor, playing, speed, frame: stage.frame, length, working, halted },
    stage,
    step: (direction) => stage.go(direction),
    toEdge: stage.toEdge,
    play: (on) => (playing.value = on),
    seek: stage.on.seek,
    set,
    dispose() {
      playing.value = false;
      end();
      runner.dispose();
      root.remove();
    },
  };
}
