// The free queue from front to back: which block is taken next, which is evicted next, and which came in.
import { speak, type Language, type Widened } from '../../../words';
import { element } from '../../../ui/dom/element';
import { markCss, mountMarks } from '../../../ui/dom/mark';
import { Board } from '../shared/board';
import { factsOf, selectedBlocks } from '../shared/facts';
import { poolInk, type PoolInk } from '../shared/ink';
import { markRules, blockText } from '../shared/descriptions';
import css from './queue.css?inline';
import { entryWords, queueWords } from './queue.words';
import { paintQueue, queueLayout } from './paint';
import type { MountedPageView, PageFrame, PageView, PageViewEnv } from '../view';
import { setText } from '../../../ui/dom/text';

export const pageQueue: PageView = {
  id: 'queue',
  title: queueWords.title,
  css: markCss + css,
  describe,
  mount: (host, env) => new Queue(host, env),
};

class Queue implements MountedPageView {
  readonly #env: PageViewEnv;
  readonly #words: Widened<typeof queueWords>;
  readonly #root = element('div', 'view-queue');
  readonly #summary = element('p', 'summary');
  readonly #rule = element('p', 'rule muted');
  readonly #board: Board;
  readonly #ink: PoolInk;
  readonly #unmark: () => void;
  #frame: PageFrame | undefined;
  #key = '';

  constructor(host: HTMLElement, env: PageViewEnv) {
    this.#env = env;
    host.append(this.#root);
    this.#ink = poolInk(this.#root, env);
    this.#summary.tabIndex = 0;
    this.#root.append(this.#summary);
    this.#board = new Board(this.#root, {
      label: (this.#words = speak(queueWords, env.language)).label,
      on: env.on,
      focus: this.#ink.focus,
      say: (cell) => this.#say(cell.selection().block ?? 0),
      resized: () => this.#frame && this.draw(this.#frame),
    });
    this.#root.append(this.#rule);
    this.#unmark = mountMarks(this.#root);
  }

  draw(frame: PageFrame): void {
    this.#frame = frame;
    const { language } = this.#env;
    const { rules } = frame.moment.state.config;
    setText(this.#summary, summaryOf(frame, language));
    setText(this.#rule, entryWords[rules][language]);
    markRules(this.#summary, rules, language);
    this.#cards(frame);
    const { blocks } = selectedBlocks(frame);
    this.#board.ring(blocks.length === 0 ? undefined : ({ selection }) => blocks.includes(selection().block ?? -1));
  }

  dispose(): void {
    this.#unmark();
    this.#board.dispose();
    this.#root.remove();
  }

  #cards({ moment }: PageFrame): void {
    const { state } = moment;
    const facts = factsOf(moment);
    const board = this.#board;
    const { width } = board;
    const layout = queueLayout(width, facts.order.length);
    const key = `${width},${devicePixelRatio},${facts.order.length},${facts.evictedNext};${layout.places
      .map((place) => {
        const { id, hash, writer } = state.blocks.at(facts.order[place] ?? 0);
        return `${id}${hash ?? ''}${writer}${facts.changed.has(id) ? '!' : ''}`;
      })
      .join()}`;
    if (key === this.#key) return;
    this.#key = key;
    board.fit(layout.height);
    const words = this.#words;
    board.direct((pen) => {
      pen.clearRect(0, 0, width, board.height);
      board.cells = paintQueue(pen, state, facts, layout, width, this.#ink, words);
    });
  }

  #say(block: number): string {
    const { language, tokenText } = this.#env;
    const frame = this.#frame;
    if (!frame) return '';
    const place = factsOf(frame.moment).place[block] ?? -1;
    return this.#words.place(place + 1, blockText(frame, block, undefined, language, tokenText));
  }
}

function summaryOf({ moment }: PageFrame, language: Language): string {
  const words = speak(queueWords, language);
  const { order, findable } = factsOf(moment);
  return order.length === 0 ? words.empty : words.summary(order.length, findable);
}

function describe(frame: PageFrame, language: Language): string {
  const words = speak(queueWords, language);
  const { order } = factsOf(frame.moment);
  if (order.length === 0) return words.empty;
  const list = Array.from(order.subarray(0, 24), (id) =>
    frame.moment.state.blocks.at(id).hash === undefined ? String(id) : words.hashed(id),
  );
  return words.describe(summaryOf(frame, language), list.join(', ') + (order.length > 24 ? ' …' : ''));
}
