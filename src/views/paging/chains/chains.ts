// Hash chains: published blocks as a forest, what an eviction cuts off, and what a lookup can still reach.
import { orphansOf, type State } from '../../../paging';
import { speak, type Language, type Widened } from '../../../words';
import { element } from '../../../ui/dom/element';
import { markCss, markText, mountMarks } from '../../../ui/dom/mark';
import css from './chains.css?inline';
import { chainWords } from './chains.words';
import { forestOf, publishedHashes } from './model';
import { chainLayout, paintChains } from './paint';
import { Board } from '../shared/board';
import { factsOf, selectedBlocks } from '../shared/facts';
import { poolInk, type PoolInk } from '../shared/ink';
import { blockText } from '../shared/descriptions';
import type { MountedPageView, PageFrame, PageView, PageViewEnv } from '../view';
import { setText } from '../../../ui/dom/text';

export const pageChains: PageView = {
  id: 'chains',
  title: chainWords.title,
  css: markCss + css,
  describe,
  mount: (host, env) => new Chains(host, env),
};

/**
 * With more published blocks than this the picture is drawn only when a frame rests: walking the chains takes longer
 * than a step may.
 */
const MOST_AT_ONCE = 600;

class Chains implements MountedPageView {
  readonly #env: PageViewEnv;
  readonly #words: Widened<typeof chainWords>;
  readonly #root = element('div', 'view-chains');
  readonly #summary = element('p', 'summary');
  readonly #evicted = element('p', 'evicted');
  readonly #board: Board;
  readonly #ink: PoolInk;
  readonly #unmark: () => void;
  #frame: PageFrame | undefined;
  #key = '';

  constructor(host: HTMLElement, env: PageViewEnv) {
    this.#env = env;
    const words = (this.#words = speak(chainWords, env.language));
    host.append(this.#root);
    this.#ink = poolInk(this.#root, env);
    const mark = markText({ kind: 'computed', note: words.note }, env.language);
    this.#summary.dataset['mark'] = mark;
    this.#summary.tabIndex = 0;
    this.#summary.setAttribute('aria-description', mark);
    this.#root.append(this.#summary);
    this.#board = new Board(this.#root, {
      label: words.label,
      on: env.on,
      focus: this.#ink.focus,
      say: (cell) =>
        this.#frame ? blockText(this.#frame, cell.selection().block ?? 0, undefined, env.language, env.tokenText) : '',
      resized: () => this.#frame && this.#paint(this.#frame),
    });
    this.#root.append(this.#evicted, element('p', 'rule muted', words.rule));
    this.#unmark = mountMarks(this.#root);
  }

  draw(frame: PageFrame): void {
    this.#frame = frame;
    const many = publishedHashes(frame.moment.state);
    if (many <= MOST_AT_ONCE) return this.#paint(frame);
    this.#root.classList.add('stale');
    setText(this.#summary, this.#words.resting);
    this.#ring(frame);
  }

  rest(): void {
    if (this.#frame && this.#root.classList.contains('stale')) this.#paint(this.#frame);
  }

  dispose(): void {
    this.#unmark();
    this.#board.dispose();
    this.#root.remove();
  }

  #paint(frame: PageFrame): void {
    const { state } = frame.moment;
    const { language, tokenText } = this.#env;
    const words = this.#words;
    const facts = factsOf(frame.moment);
    const forest = forestOf(state);
    this.#root.classList.remove('stale');
    setText(this.#summary, forest.nodes.length === 0 ? emptyOf(state, language) : summaryOf(forest.nodes, language));
    setText(this.#evicted, evictedIn(frame, language));
    const board = this.#board;
    const key = `${board.width},${devicePixelRatio};${forest.nodes
      .map(
        ({ block, duplicates }) =>
          `${block.id}${block.hash}${block.free ? 'f' : facts.owners(block.id, 4).join('+')}${duplicates.join()}${facts.changed.has(block.id) ? '!' : ''}`,
      )
      .join()}`;
    if (key !== this.#key) {
      this.#key = key;
      const layout = chainLayout(forest, board.width);
      board.fit(layout.height);
      board.part(0, 0, board.width, board.height, (pen) => {
        board.cells = paintChains(pen, forest, facts, layout, board.width, this.#ink, { ...words, tokenText });
      });
      board.show();
    }
    this.#ring(frame);
  }

  #ring(frame: PageFrame): void {
    const { blocks } = selectedBlocks(frame);
    this.#board.ring(blocks.length === 0 ? undefined : ({ selection }) => blocks.includes(selection().block ?? -1));
  }
}

/** Why there is no published block. */
function emptyOf({ config }: State, language: Language): string {
  const words = speak(chainWords, language);
  if (!config.sharing) return words.off;
  return config.rules === 'paper' ? words.emptyPaper : words.empty;
}

function summaryOf(nodes: readonly { duplicates: readonly number[]; orphan: boolean }[], language: Language): string {
  let [published, orphans] = [0, 0];
  for (const { duplicates, orphan } of nodes) {
    published += 1 + duplicates.length;
    if (orphan) orphans += 1 + duplicates.length;
  }
  return speak(chainWords, language).summary(published, orphans);
}

/** What was evicted in this moment, and how many blocks became orphans by it. */
function evictedIn({ moment, before }: PageFrame, language: Language): string {
  const words = speak(chainWords, language);
  const list = moment.events.flatMap((event) => {
    if (event.kind !== 'evict') return [];
    // Blocks behind it that were taken in the same step are gone, and so no orphans.
    const behind = event.duplicate
      ? []
      : orphansOf(before, event.hash).filter((id) => moment.state.blocks.at(id).hash === before.blocks.at(id).hash);
    return [words.evictedOne(event.block, behind.length)];
  });
  if (list.length === 0) return '';
  const shown = list.slice(0, 4).join(language === 'zh' ? '；' : '; ');
  return `${words.evictedNow}${language === 'zh' ? '' : ' '}${shown}${list.length > 4 ? ' …' : ''}`;
}

function describe(frame: PageFrame, language: Language): string {
  const words = speak(chainWords, language);
  const { state } = frame.moment;
  const { nodes } = forestOf(state);
  if (nodes.length === 0) return emptyOf(state, language);
  const chains = new Map<number, number[]>();
  for (const { row, block } of nodes) chains.set(row, [...(chains.get(row) ?? []), block.id]);
  const list = [...chains.values()].slice(0, 8).map((ids) => words.chain(ids.join(' → ')));
  return words.describe(
    summaryOf(nodes, language),
    list.join(language === 'zh' ? '' : ' ') + evictedIn(frame, language),
  );
}
