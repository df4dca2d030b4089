// The pool as a grid of physical blocks with their slots: who holds them, what they contain, what this step did to
// them.
import type { Block, State } from '../../../paging';
import { speak, type Widened } from '../../../words';
import { element } from '../../../ui/dom/element';
import { markCss, mountMarks } from '../../../ui/dom/mark';
import css from './pool.css?inline';
import { changeWords, poolWords } from '../shared/pool.words';
import { Board, type Cell } from '../shared/board';
import {
  cpuCornerOf,
  type CpuLayout,
  cpuLayoutOf,
  cpuLookOf,
  cpuOver,
  SwapWatch,
  paintCpuCell,
  paintCpuHead,
} from './cpu';
import { cpuFactsOf } from '../shared/cpu-facts';
import { type CpuFacts } from '../shared/cpu-facts';
import { type Change, factsOf, type Facts, selectionAt, selectedBlocks, mainChange } from '../shared/facts';
import { poolInk, type PoolInk } from '../shared/ink';
import { keyOf } from './key';
import { cornerOf, layoutOf, type PoolLayout, slotCornerOf } from './layout';
import { overOf } from './over';
import { type BlockPicture, lookOf, paintBlock, type Painter, paintGrown, type PaintWords } from './paint';
import {
  count,
  describePool,
  entryOf,
  blockText,
  cpuText,
  cpuBlockText,
  summaryOf,
  markRules,
  type Tally,
} from '../shared/descriptions';
import type { MountedPageView, PageFrame, PageSelection, PageView, PageViewEnv } from '../view';
import { setText } from '../../../ui/dom/text';

export const pagePool: PageView = {
  id: 'pool',
  title: poolWords.title,
  css: markCss + css,
  describe: describePool,
  mount: (host, env) => new Pool(host, env),
};

/** Only a pool drawn as squares may be taller than this. */
const TALLEST = 560;
const LEAST = 240;
/** The largest share of the height that the CPU pool takes. */
const CPU_SHARE = 0.35;
/** At most so many holders get a stripe. */
const MOST_STRIPES = 4;

class Pool implements MountedPageView {
  readonly #env: PageViewEnv;
  readonly #words: Widened<typeof poolWords>;
  readonly #paintWords: PaintWords;
  readonly #root = element('div', 'view-pool');
  readonly #summary = element('p', 'summary');
  readonly #reading = element('p', 'reading');
  readonly #cpu = element('p', 'cpu muted');
  readonly #board: Board;
  readonly #ink: PoolInk;
  readonly #unmark: () => void;
  readonly #observer: ResizeObserver;
  #hostHeight = -1;
  #frame: PageFrame | undefined;
  #layout: PoolLayout | undefined;
  /** What is painted now, by block. */
  #painted: Block[] = [];
  /** The blocks of the state painted last, and those that had changed in it. */
  #last: { readonly blocks: State['blocks']; readonly changed: ReadonlySet<number> } | undefined;
  #places = new Int32Array(0);
  #changes: (Change | undefined)[] = [];
  /** Counts over the painted blocks. */
  readonly #tally: Tally = { held: 0, shared: 0, free: 0, holding: 0 };
  /** Blocks with slots marked as written. */
  readonly #marked = new Set<number>();
  /** The look of each square, as a number. */
  #looks = new Float64Array(0);
  #cpuLayout: CpuLayout = cpuLayoutOf(0, 0, 0);
  /** The look of each CPU block. */
  #cpuLooks: string[] = [];
  readonly #swaps = new SwapWatch();

  constructor(host: HTMLElement, env: PageViewEnv) {
    this.#env = env;
    const { language, tokenText } = env;
    this.#words = speak(poolWords, language);
    const { null: nullName, place, was } = this.#words;
    const entry = (request: number, logical: number): string =>
      this.#frame ? entryOf(this.#frame.moment.state, request, logical) : '';
    this.#paintWords = { null: nullName, place, was, change: changeWords[language], tokenText, entry };
    const words = this.#words;
    host.append(this.#root);
    this.#ink = poolInk(this.#root, env);
    this.#root.append(this.#summary);
    this.#board = new Board(this.#root, {
      label: words.label,
      on: env.on,
      focus: this.#ink.focus,
      say: (cell) => this.#say(cell),
      resized: () => this.#frame && this.draw(this.#frame),
    });
    this.#root.append(this.#cpu, this.#reading, keyOf(env.language));
    this.#unmark = mountMarks(this.#root);
    this.#observer = new ResizeObserver(() => this.#resized(host.clientHeight));
    this.#observer.observe(host);
  }

  draw(frame: PageFrame): void {
    this.#frame = frame;
    const { state } = frame.moment;
    const layout = this.#fit(frame);
    const facts = factsOf(frame.moment);
    const tally = this.#tally;
    const painter = {
      board: this.#board,
      ink: this.#ink,
      words: this.#paintWords,
      layout,
      blockSize: state.config.blockSize,
    };
    const numbered = layout.detail !== 'squares';
    const [painted, places, changes, marked] = [this.#painted, this.#places, this.#changes, this.#marked];
    const look = (id: number): void => {
      const block = state.blocks.at(id);
      const before = painted[id];
      // Most blocks are unchanged: they are counted already and not even read.
      if (before !== block) {
        if (before) count(tally, before, -1);
        count(tally, block);
      }
      const change = facts.bits[id] ? mainChange(facts, id) : undefined;
      const place = numbered ? (facts.place[id] ?? -1) : -1;
      // Slots written now get a mark, and slots written a step ago lose theirs.
      const fresh = numbered ? facts.written.get(id) : undefined;
      if (before === block && places[id] === place && changes[id] === change && !fresh && !marked.has(id)) return;
      const picture = { block, isNull: id === 0, owners: ownersOf(facts, block), place, change, fresh };
      painted[id] = block;
      places[id] = place;
      changes[id] = change;
      if (numbered) paintBlock(painter, picture);
      else this.#square(painter, picture, before === undefined);
      if (fresh) marked.add(id);
      else marked.delete(id);
    };
    const { blocks } = state;
    if (numbered || !this.#last) for (let id = 0; id < blocks.length; id++) look(id);
    else {
      // Squares show no places in the queue, so a square that did not change and had no mark stays.
      this.#last.blocks.differing(blocks, look);
      for (const id of this.#last.changed) look(id);
      for (const id of facts.changed) look(id);
    }
    this.#last = { blocks, changed: facts.changed };
    const cpu = this.#paintCpu(frame);
    this.#write(frame, tally, cpu);
    this.#board.show();
    const over = overOf(frame, layout, this.#ink);
    const under = cpu && cpuOver(frame, cpu, layout, this.#cpuLayout, this.#ink);
    this.#board.over(`${over.key}|${under?.key}`, (pen) => {
      over.paint(pen);
      under?.paint(pen);
    });
  }

  /** Draws the CPU pool where there is one to show. */
  #paintCpu({ moment }: PageFrame): CpuFacts | undefined {
    const layout = this.#cpuLayout;
    if (layout.height === 0) return undefined;
    const facts = cpuFactsOf(moment);
    const painter = {
      ink: this.#ink,
      layout,
      blockSize: moment.state.config.blockSize,
      tokenText: this.#env.tokenText,
    };
    const board = this.#board;
    if (this.#cpuLooks.length === 0)
      board.part(0, layout.top, board.width, layout.head, (pen) =>
        paintCpuHead(pen, painter, this.#words.cpuName, board.width),
      );
    for (let id = 0; id < moment.state.cpu.length; id++) {
      const look = cpuLookOf(moment, facts, id);
      if (this.#cpuLooks[id] === look) continue;
      this.#cpuLooks[id] = look;
      const [x, y] = cpuCornerOf(layout, id);
      board.part(x, y, layout.cellW, layout.cellH, (pen) => paintCpuCell(pen, painter, moment, facts, id));
    }
    return facts;
  }

  /** The pane's height changed: blocks may become larger, or must become smaller. */
  #resized(height: number): void {
    if (height === this.#hostHeight) return;
    const first = this.#hostHeight < 0;
    this.#hostHeight = height;
    if (
      first ||
      !this.#frame ||
      !this.#layout ||
      getComputedStyle(this.#root.parentElement ?? this.#root).overflowY !== 'auto'
    )
      return;
    this.#layout = undefined;
    this.draw(this.#frame);
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#unmark();
    this.#board.dispose();
    this.#root.remove();
  }

  /** Squares that look the same are not painted: most that were written to grow by less than a pixel. */
  #square(painter: Painter, picture: BlockPicture, always: boolean): void {
    const { id } = picture.block;
    const look = lookOf(picture, painter);
    const painted = always ? undefined : this.#looks[id];
    if (painted === look) return;
    this.#looks[id] = look;
    if (painted === undefined || !paintGrown(painter, picture, painted, look)) paintBlock(painter, picture);
  }

  #fit(frame: PageFrame): PoolLayout {
    const { blocks, blockSize } = frame.moment.state.config;
    const cpuBlocks = this.#swaps.blocks(frame);
    const { width } = this.#board;
    let layout = this.#layout;
    const anew = !layout || layout.width !== width || cpuBlocks > 0 !== this.#cpuLayout.height > 0;
    if (!layout || anew) {
      // The text below is written before the height above it is measured.
      this.#root.toggleAttribute('data-cpu', cpuBlocks > 0);
      const room = this.#room();
      const most = CPU_SHARE * room;
      const { height } = cpuLayoutOf(width, cpuBlocks, 0, most);
      layout = this.#layout = layoutOf(width, Math.max(LEAST, room - height), blocks, blockSize);
      this.#cpuLayout = cpuLayoutOf(width, cpuBlocks, layout.height, most);
      this.#board.cells = [...this.#cells(layout, blocks, blockSize), ...this.#cpuCells(cpuBlocks)];
      this.#root.dataset['detail'] = layout.detail;
    }
    if (this.#board.fit(layout.height + this.#cpuLayout.height, anew)) {
      this.#painted = [];
      this.#last = undefined;
      Object.assign(this.#tally, { held: 0, shared: 0, free: 0, holding: 0 });
      this.#cpuLooks = [];
      this.#marked.clear();
    }
    if (this.#places.length !== blocks) {
      this.#places = new Int32Array(blocks);
      this.#looks = new Float64Array(blocks);
    }
    return layout;
  }

  /** The height left for blocks: when the lab fixes the pane's height, everything must fit into it. */
  #room(): number {
    const host = this.#root.parentElement;
    if (!host || getComputedStyle(host).overflowY !== 'auto') return TALLEST;
    const others = this.#root.offsetHeight - this.#board.root.offsetHeight;
    return Math.max(LEAST, Math.min(TALLEST, host.clientHeight - others - 4));
  }

  #cells(layout: PoolLayout, blocks: number, blockSize: number): Cell[] {
    const slots = layout.detail === 'tokens' || (layout.detail === 'slots' && layout.size >= 8);
    const selection = (block: number, offset?: number) => () => {
      const frame = this.#frame;
      return frame ? selectionAt(factsOf(frame.moment), frame.chosen, blockSize, block, offset) : { block };
    };
    const { size } = layout;
    const slot = (block: number, offset: number): Cell => {
      const [x, y] = slotCornerOf(layout, block, offset);
      return { x, y, w: size, h: size, selection: selection(block, offset), slot: block * blockSize + offset };
    };
    const cells: Cell[] = [];
    for (let block = 0; block < blocks; block++) {
      const [x, y] = cornerOf(layout, block);
      const parted = slots && block > 0;
      cells.push({ x, y, w: layout.cardW, h: parted ? layout.head : layout.cardH, selection: selection(block) });
      if (parted) for (let offset = 0; offset < blockSize; offset++) cells.push(slot(block, offset));
    }
    return cells;
  }

  #cpuCells(blocks: number): Cell[] {
    const { cellW: w, cellH: h } = this.#cpuLayout;
    return Array.from({ length: blocks }, (_, cpu) => {
      const [x, y] = cpuCornerOf(this.#cpuLayout, cpu);
      const selection = (): PageSelection => {
        const by = this.#frame && cpuFactsOf(this.#frame.moment).holders(cpu)[0];
        return by ? { cpu, request: by.request } : { cpu };
      };
      return { x, y, w, h, selection, cpu };
    });
  }

  #write(frame: PageFrame, tally: Tally, cpu: CpuFacts | undefined): void {
    const { language, tokenText } = this.#env;
    const words = this.#words;
    const { state } = frame.moment;
    setText(this.#summary, summaryOf(state, tally, language));
    markRules(this.#summary, state.config.rules, language);
    setText(this.#cpu, cpu ? cpuText(state, cpu, language) : '');
    const { blocks, slot } = selectedBlocks(frame);
    const block = blocks.length === 1 ? blocks[0] : undefined;
    const { cpu: selected } = frame.selection;
    if (selected !== undefined && cpu && selected < state.cpu.length)
      return setText(this.#reading, cpuBlockText(frame.moment, cpu, selected, language, tokenText));
    setText(
      this.#reading,
      block === undefined
        ? words.hint
        : blockText(frame, block, slot < 0 ? undefined : slot % state.config.blockSize, language, tokenText),
    );
  }

  #say({ selection, slot, cpu }: Cell): string {
    const { language, tokenText } = this.#env;
    const frame = this.#frame;
    if (!frame) return '';
    if (cpu !== undefined) return cpuBlockText(frame.moment, cpuFactsOf(frame.moment), cpu, language, tokenText);
    const offset = slot === undefined ? undefined : slot % frame.moment.state.config.blockSize;
    return blockText(frame, selection().block ?? 0, offset, language, tokenText);
  }
}

function ownersOf(facts: Facts, block: Block): readonly number[] {
  if (block.free) return block.tokens.length > 0 ? [block.writer] : [];
  return facts.owners(block.id, MOST_STRIPES);
}
