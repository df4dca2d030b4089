// The online softmax of the chosen row: scores against the running maximum, weights, the denominator, m, l and alpha
// over the tiles, the O rescale. All of it is made once and stands; a step paints what changed.
import type { Frame, SoftmaxFrame } from '../../../frame/frame-types';
import { speak, type Language } from '../../../words';
import { element } from '../../../ui/dom/element';
import { value } from '../../../ui/format';
import { markText } from '../../../ui/dom/mark';
import { colourTable } from '../../../ui/palette';
import { bandHeight } from './band';
import { charts } from './charts';
import css from './softmax.css?inline';
import type { Drawing, Now, Part, Size } from './drawing';
import { head, messages, tileText } from './head';
import { LINE, readInk } from './pen';
import { rescale } from './rescale';
import { sums } from './sums';
import { scoreNames } from '../../shared/mask.words';
import { scoreSentence } from '../../shared/score.words';
import { phaseName } from '../../shared/phases.words';
import { softmaxWords } from './softmax.words';
import type { RingRef } from '../../shared/ring';
import type { View, ViewEnv } from '../../view';

/** From this width on the picture has two columns. */
const WIDE = 720;
/** Below this the arithmetic of a key takes two lines. */
const NARROW = 380;
/** Most height that the charts take when there is more than they need. */
const SPARE = 240;
const GAP = 24;

function describe(frame: Frame, language: Language): string {
  const words = speak(softmaxWords, language);
  const { softmax } = frame;
  if (!softmax) return words.noneCaptured;
  if (!softmax.inWorkgroup) return words.elsewhere(softmax.row, frame.block.r0, frame.block.r1);
  const tile = softmax.tiles.at(-1);
  if (!tile) return words.noneYet;
  const say = (x: number | undefined): string => (x === undefined ? words.notYet : value(x));
  return words.described(softmax.row, tileText(softmax, words), say(tile.m), say(tile.l), say(tile.alpha));
}

/** The columns of one kind of softmax with their parts. */
function makeColumns(
  d: Drawing,
  kind: SoftmaxFrame['kind'],
): { kind: SoftmaxFrame['kind']; element: HTMLElement; parts: readonly Part[] } {
  const parts = [charts(d, kind), sums(d, kind), rescale(d, kind)] as const;
  const [left, right, columns] = [element('div', 'column'), element('div', 'column'), element('div', 'columns')];
  left.append(parts[0].element);
  right.append(parts[1].element, parts[2].element);
  columns.append(left, right);
  return { kind, element: columns, parts };
}

const freshSize = (): Size => ({ width: 0, scores: 0, weights: 0, curve: 0, band: 0, reading: 0 });

function makeDrawing(root: HTMLElement, { language, theme, trace, on }: ViewEnv): Drawing {
  const words = speak(softmaxWords, language);
  const { shape } = trace.header.run;
  const inHbm = trace.tensors.some(({ id }) => id === 'L');
  return {
    size: freshSize(),
    words: inHbm ? { ...words, output: words.outputInHbm, before: words.beforeInHbm, after: words.afterInHbm } : words,
    inHbm,
    signed: colourTable(theme, 'diverging'),
    unit: colourTable(theme, 'sequential'),
    ink: readInk(root),
    tokens: trace.header.tokens,
    captured: markText({ kind: 'captured', provenance: trace.header.provenance }, language),
    computed: markText({ kind: 'computed' }, language),
    shaped: {
      name: scoreNames(shape).join(' · '),
      means: scoreSentence(shape, trace.header.plane, language),
    },
    phase: (name) => phaseName(name, language),
    on,
  };
}

function mount(host: HTMLElement, env: ViewEnv) {
  const root = host.appendChild(element('div', 'view-softmax'));
  const content = root.appendChild(element('div', 'content'));
  const d = makeDrawing(root, env);
  const top = head(d);
  const said = messages(d);
  let columns: ReturnType<typeof makeColumns> | undefined;
  let width = root.clientWidth;
  let spare = 0;
  let last: Frame | undefined;
  let arranged = '';
  /** Puts the head over the columns or the message: only where something else stands. */
  const stand = (body: HTMLElement, headed: boolean): void => {
    const wanted = headed ? [top.element, body] : [body];
    if (content.childElementCount !== wanted.length || wanted.some((e, i) => content.children[i] !== e))
      content.replaceChildren(...wanted);
  };
  const arrange = ({ tile, softmax }: Now): void => {
    const key = `${width} ${spare} ${softmax.tiles[0]?.masked.length}`;
    if (key === arranged) return;
    arranged = key;
    const wide = width >= WIDE;
    root.classList.toggle('wide', wide);
    const column = Math.max(240, Math.floor(wide ? (width - GAP) / 2 : width));
    const reading = column < NARROW ? 2 * LINE : LINE;
    Object.assign(d.size, {
      width: column,
      scores: 60 + 0.55 * spare,
      weights: 38 + 0.3 * spare,
      curve: 28 + 0.15 * spare,
      reading,
    });
    d.size.band = bandHeight(d, softmax.tiles[0] ?? tile);
    for (const [name, pixels] of Object.entries(d.size)) root.style.setProperty(`--${name}`, `${pixels}px`);
  };
  const draw = (frame: Frame): void => {
    last = frame;
    const { softmax } = frame;
    if (!softmax) return stand(said.plain(d.words.noneCaptured), false);
    const tile = softmax.tiles.at(-1);
    if (softmax.inWorkgroup && tile) drawTile({ frame, softmax, tile });
    else stand(softmax.inWorkgroup ? said.waiting(frame) : said.elsewhere(frame, softmax), true);
    // Last: writing on a canvas makes the browser work out the styles of what was changed before.
    top.show(frame, softmax);
  };
  const drawTile = (now: Now): void => {
    const { kind } = now.softmax;
    arrange(now);
    const fresh = columns?.kind !== kind;
    if (!columns || fresh) columns = makeColumns(d, kind);
    for (const part of columns.parts) part.show(now);
    stand(columns.element, true);
    const focused = (root.getRootNode() as Document | ShadowRoot).activeElement;
    if (fresh || (focused && columns.element.contains(focused))) rest();
  };
  const rest = (): void => columns?.parts.forEach((part) => part.rest());
  /** Fits the picture to the room there is: the charts grow into what the rest leaves of the height. */
  const fit = (): void => {
    const stands = columns?.element.isConnected ?? false;
    const high = content.offsetHeight;
    root.style.setProperty('--natural', `${Math.ceil(high - (stands ? spare : 0))}px`);
    const free = stands ? root.clientHeight - high : 0;
    const taller = Math.max(0, Math.min(SPARE, spare + free));
    const wider = root.clientWidth;
    if (Math.abs(wider - width) < 1 && Math.abs(taller - spare) < 2) return;
    [width, spare] = [wider, taller];
    if (last) draw(last);
  };
  // In the next frame: a size that is changed while sizes are observed would be observed again at once.
  let due = 0;
  const resized = new ResizeObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(fit);
  });
  resized.observe(root);
  resized.observe(content);
  return {
    draw,
    rest,
    ring: (ref: RingRef) => (ref.of === 'row' ? { element: content } : undefined),
    dispose() {
      resized.disconnect();
      cancelAnimationFrame(due);
      root.remove();
    },
  };
}

/** Online softmax of one row (flash), or the whole-row softmax of the naive kernel. */
export const softmax: View = { id: 'softmax', title: softmaxWords.title, css, describe, mount };
