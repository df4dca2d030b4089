// The cross: Kᵀ above, Q left, S or P in the middle, O right, Vᵀ below, with the live tile outlined across all of them.
// Tiling at a glance.
import { sees, type Shape } from '../../../ops/attention/shape';
import type { Frame, Rect } from '../../../frame/frame-types';
import { axisStance, headroom, keyAxis, labelsOf, rowAxis, widestOf, type Axis } from './axes';
import { tokenText } from '../../shared/label';
import {
  boundsOf,
  cellState,
  inHbm,
  layersOf,
  liveTile,
  middleRole,
  refOf,
  roleAtSpot,
  SPOTS,
  type Layer,
  type Spot,
} from './cells';
import { makeGrid, setBox, type Grid, type GridEvents } from '../../shared/grid';
import { layoutOf, type CrossLayout, type Place } from './layout';
import { boxOf } from '../../shared/place';
import { makeLegend, makeSwitch } from './legend';
import { makeBoard } from './board';
import { marksOf, maskPath, type Mark } from './marks';
import { makePlate, type Plate } from './plate';
import { describeCross, sayCell } from './speech';
import { drawColumnLabels, drawRowLabels, makeSheet, sizeSheet, type Sheet } from './svg';
import { makeTile } from './tile';
import { makeTitles } from './titles';
import blockTableCss from '../../shared/block-table/block-table.css?inline';
import { blockTableSlot } from '../../shared/block-table/slot';
import css from './cross.css?inline';
import { crossSpoken, crossWords } from './cross.words';
import { markCss, mountMarks } from '../../../ui/dom/mark';
import { inkOf } from '../../../ui/paint/ink';
import type { MountedView, View, ViewEnv } from '../../view';

const NARROWEST = 300;
/**
 * What stands above and below the cross: where all of the header is on one line, where the columns are three, where
 * they are two.
 */
const AROUND = { wide: 330, middle: 388, narrow: 400 } as const;
/** The switch between S and P. */
const SWITCH = 38;
/** Less height than this shows nothing. */
const LOWEST = 340;
/** Height of the tile's picture where the page is as long as it needs to be. */
const TILE_DOWN = 480;

export const cross: View = {
  id: 'cross',
  title: crossWords.title,
  css: css + markCss + blockTableCss,
  describe: describeCross,
  mount,
};

type Layers = Record<Spot, Layer[]>;

const bySpot = <T>(make: (spot: Spot) => T): Record<Spot, T> =>
  Object.fromEntries(SPOTS.map((spot) => [spot, make(spot)])) as Record<Spot, T>;

function mount(host: HTMLElement, env: ViewEnv): MountedView {
  const { language, theme, trace } = env;
  const { shape, tile } = trace.header.run;
  // Where the kernel has no tile, steps of eight: what naive's thread blocks have.
  const [br, bc] = [tile.br || 8, tile.bc || 8];
  const { tokens } = trace.header;
  const words = crossSpoken[language];
  const root = element('div', 'view-cross');
  host.append(root);
  const { fontFamily } = getComputedStyle(root);
  const font = `${inkOf(root, 'text-s')['text-s'] || '13px'} ${fontFamily}`;

  let frame: Frame | undefined;
  let layout: CrossLayout | undefined;
  /** Asked for when the panel changes, not at each step: asking makes the browser lay the page out. */
  let width = roomOf(root);
  let tall = tallOf(root);
  let laidFor = '';
  let axes: { rows: Axis; keys: Axis } | undefined;
  let labelled = '';
  let layers: Layers = bySpot(() => []);
  /** What the visitor wants to see in the middle, where there is a choice. */
  let choice: 'S' | 'P' | undefined;
  let zoomedAt: Place | undefined;

  const stage = element('div', 'cross-stage');
  const under = makeGround();
  const over = makeSheet('cross-over');
  const board = makeBoard('cross-board', root, true);
  const plates = bySpot((spot) => plateOf(spot, shape, env));
  const grids = bySpot((spot) => gridOf(spot));
  const titles = makeTitles(words);
  const legend = makeLegend(theme, language);
  const speech = element('p', 'sr-only');
  speech.setAttribute('aria-live', 'polite');
  const switcher = makeSwitch(language, (role) => {
    choice = role;
    redraw();
  });
  const zoomed = makeTile(
    env,
    eventsOf(() => zoomedAt?.spot ?? 'S'),
    font,
    root,
  );
  /** Out of sight it is drawn when a frame has come to rest, or when it comes into sight. */
  let tileInSight = true;
  stage.append(
    under.sheet.svg,
    ...SPOTS.map((s) => plates[s].canvas),
    over.svg,
    board.canvas,
    ...titles.elements,
    ...SPOTS.map((s) => grids[s].element),
  );
  const main = element('div', 'cross-main');
  const paging = element('div', 'cross-paging');
  const blockTable = blockTableSlot(paging, env);
  main.append(switcher.element, stage, paging, legend.element);
  root.append(main, zoomed.element, speech);

  const focused = (): boolean => root.contains((root.getRootNode() as Document | ShadowRoot).activeElement);

  function eventsOf(of: () => Spot): GridEvents {
    const say = (now: Frame, row: number, col: number): string =>
      sayCell(now, of(), row, col, cellState(now, of(), row, col, layers[of()]), language);
    const ref = (now: Frame, { row, col }: { row: number; col: number }) => refOf(now, of(), row, col, layers[of()]);
    return {
      point(at) {
        env.on.hover(at && frame && ref(frame, at));
        if (at && frame && focused()) speech.textContent = say(frame, at.row, at.col);
      },
      pin(at) {
        if (frame) env.on.pin(ref(frame, at));
      },
      row: (row) => of() !== 'K' && of() !== 'V' && env.on.row(row),
    };
  }

  function gridOf(spot: Spot): Grid {
    const { r1, c1 } = boundsOf(spot, shape);
    return makeGrid(
      words.matrix(spot, r1 + 1, c1 + 1),
      eventsOf(() => spot),
    );
  }

  const arrange = (now: Frame): CrossLayout => {
    const widest = widestOf(tokens ? tokens.map(tokenText) : [String(shape.keys)], font);
    const labels = Math.max(44, Math.min(width < 480 ? 48 : 72, widest + 10));
    const down = tall - (inHbm(now) ? SWITCH : 0);
    const level = layoutOf(width, shape, labels, headroom(widest, 'level'), down);
    const slanted = tokens !== undefined && axisStance(widest, level.places.S.w / shape.keys) === 'slanted';
    const at = slanted ? layoutOf(width, shape, labels, headroom(widest, 'slanted'), down) : level;
    root.classList.toggle('beside', at.beside);
    root.style.setProperty('--cross-width', `${at.width}px`);
    stage.style.setProperty('width', `${at.width}px`);
    stage.style.setProperty('height', `${at.height}px`);
    const rowTokens = tokens?.slice(shape.keys - shape.queries);
    axes = {
      rows: rowAxis(rowTokens, shape.queries, at.places.Q.h, br, labels - 8, font),
      keys: keyAxis(tokens, shape.keys, at.places.S.w, bc, font),
    };
    labelled = '';
    sizeSheet(over, at.width, at.height);
    board.size(at.width, at.height);
    under.arrange(at, shape);
    titles.arrange(now, at);
    for (const spot of SPOTS) {
      const place = at.places[spot];
      const { canvas } = plates[spot];
      canvas.dataset['spot'] = spot;
      setBox(canvas, place);
      canvas.classList.toggle('smooth', place.w % canvas.width !== 0 || place.h % canvas.height !== 0);
      grids[spot].place(place, { rows: spot === 'K' || spot === 'V' ? bc : br, cols: spot === 'S' ? bc : 4 });
    }
    return at;
  };

  const label = (now: Frame, { places: { Q, K } }: CrossLayout): void => {
    const { cell, row } = now.selection;
    const spot = cell && roleAtSpot(cell.role);
    const key = spot === 'S' ? cell?.col : spot === 'K' || spot === 'V' ? cell?.row : undefined;
    if (!axes || labelled === `${row},${key}`) return;
    labelled = `${row},${key}`;
    drawRowLabels(over, labelsOf(axes.rows, row), Q.x - 6, Q.y);
    drawColumnLabels(over, labelsOf(axes.keys, key), axes.keys.stance, K.x, K.y);
  };

  const rove = (now: Frame, spot: Spot, grid: Grid, window: Rect): void => {
    const { cell, row } = now.selection;
    const key = liveTile(now, choice)?.c0 ?? 0;
    const rest = spot === 'K' || spot === 'V' ? { row: key, col: 0 } : { row, col: spot === 'S' ? key : 0 };
    const at = cell && roleAtSpot(cell.role) === spot ? cell : rest;
    const r = Math.max(window.r0, Math.min(window.r1, at.row));
    const c = Math.max(window.c0, Math.min(window.c1, at.col));
    grid.rove(r, c, sayCell(now, spot, r, c, cellState(now, spot, r, c, layers[spot]), language));
  };

  function redraw(): void {
    if (!frame) return;
    const now = frame;
    if (laidFor !== `${width} ${tall}` || !layout) layout = arrange(now);
    laidFor = `${width} ${tall}`;
    const at = layout;
    const role = middleRole(now, choice);
    const marks = marksOf(now, choice);
    layers = bySpot((spot) => layersOf(now, spot, choice));
    root.classList.toggle('sram', !inHbm(now));
    for (const spot of SPOTS) plates[spot].show(layers[spot]);
    board.show(marks, at.places);
    label(now, at);
    titles.show(now, at, layers, role);
    switcher.show(inHbm(now), role);
    legend.show(layers, { sram: !inHbm(now), masked: shape.mask !== 'full' });
    const follow = (): void => {
      if (tileInSight) enlarge(now, at, marks);
      if (focused()) name(now, at);
    };
    // The first picture is whole at once.
    if (!zoomedAt || !env.later) return follow();
    env.later(() => {
      follow();
      // Laid out in this task, too: what is left would be a part of the next step.
      void zoomed.element.offsetHeight;
    });
  }

  const enlarge = (now: Frame, at: CrossLayout, marks: readonly Mark[]): void => {
    const room = { width: at.tileWidth, height: at.beside ? Math.min(tall, TILE_DOWN + 60) : TILE_DOWN };
    zoomedAt = zoomed.draw(now, layers, marks, room, middleRole(now, choice), choice);
  };

  /** The cells that keys start from, and their words: only keys and screen readers meet them. */
  const name = (now: Frame, at: CrossLayout): void => {
    for (const spot of SPOTS) rove(now, spot, grids[spot], at.places[spot].window);
    if (zoomedAt) rove(now, zoomedAt.spot, zoomed.grid, zoomedAt.window);
  };

  const rest = (): void => {
    if (!frame || !layout) return;
    if (!tileInSight) enlarge(frame, layout, marksOf(frame, choice));
    name(frame, layout);
  };

  const sight = new IntersectionObserver((entries) => {
    const seen = entries.at(-1)?.isIntersecting ?? true;
    if (seen === tileInSight) return;
    tileInSight = seen;
    if (seen) rest();
  });
  sight.observe(zoomed.element);
  const resized = (): void => {
    [width, tall] = [roomOf(root), tallOf(root)];
    if (laidFor !== `${width} ${tall}`) redraw();
  };
  const watcher = new ResizeObserver(resized);
  watcher.observe(root);
  addEventListener('resize', resized);
  const unmark = mountMarks(root);
  return {
    draw(next) {
      frame = next;
      redraw();
      blockTable.draw(next);
    },
    rest,
    ring(ref) {
      if (!layout) return undefined;
      const spot =
        ref.of === 'scores' ? 'S' : ref.of === 'matrix' && !ref.level && SPOTS.find((one) => one === ref.role);
      if (!spot) return undefined;
      const asked = (ref.of === 'scores' || ref.of === 'matrix') && ref.live && frame;
      const live = asked && (spot === 'S' ? liveTile(asked, choice) : asked.tensors[spot]?.live);
      const [place, { canvas }] = [layout.places[spot], plates[spot]];
      if (!live) return { element: canvas };
      const box = boxOf(place, live);
      return { element: canvas, box: { ...box, x: box.x - place.x, y: box.y - place.y } };
    },
    dispose() {
      watcher.disconnect();
      removeEventListener('resize', resized);
      sight.disconnect();
      unmark();
      for (const grid of [...Object.values(grids), zoomed.grid]) grid.dispose();
      root.remove();
    },
  };
}

/**
 * The height that the cross may take, so that it is whole above the transport; `--more-around` = what else stands
 * around it on a first visit.
 */
function tallOf(root: HTMLElement): number {
  if (innerWidth < 800) return Infinity;
  const more = Number.parseFloat(getComputedStyle(root).getPropertyValue('--more-around')) || 0;
  return Math.max(
    LOWEST,
    innerHeight - more - AROUND[innerWidth < 1280 ? 'narrow' : innerWidth < 1400 ? 'middle' : 'wide'],
  );
}

const roomOf = (root: HTMLElement): number => Math.max(NARROWEST, Math.floor(root.clientWidth));

function element(tag: string, name: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

function plateOf(spot: Spot, shape: Shape, env: ViewEnv): Plate {
  const { r1, c1 } = boundsOf(spot, shape);
  const hidden =
    spot === 'S' && shape.mask !== 'full' ? (r: number, c: number): boolean => !sees(shape, r, c) : undefined;
  return makePlate(r1 + 1, c1 + 1, spot === 'K' || spot === 'V', env.theme, hidden);
}

/** What lies under the canvases: empty frames, the hatch of what never reaches HBM, and the mask. */
function makeGround(): { sheet: Sheet; arrange(at: CrossLayout, shape: Shape): void } {
  const sheet = makeSheet('cross-under');
  const path = (name: string, fill?: string): SVGPathElement => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    made.setAttribute('class', name);
    if (fill) made.setAttribute('fill', fill);
    sheet.svg.append(made);
    return made;
  };
  const [frames, never, mask] = [path('frames'), path('never', sheet.never), path('mask', sheet.masked)];
  const outline = ({ x, y, w, h }: Place): string => `M${x} ${y}h${w}v${h}h${-w}z`;
  return {
    sheet,
    arrange(at, shape) {
      sizeSheet(sheet, at.width, at.height);
      frames.setAttribute('d', SPOTS.map((spot) => outline(at.places[spot])).join(''));
      never.setAttribute('d', outline(at.places.S));
      mask.setAttribute('d', maskPath(shape, at.places.S));
    },
  };
}
