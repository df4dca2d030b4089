// A picture of several matrices that stand to each other as their rows and columns do: each painted as far as it stands
// at the frame, with what the step reads and writes outlined, and its cells pointed at by mouse and by key. Which
// matrices, and where, is a plan's; a view makes one from the room there is.
import type { CellRef } from '../../../frame/cell';
import type { Frame, Rect } from '../../../frame/frame-types';
import { sees, type Shape } from '../../../ops/attention/shape';
import { signOf } from '../../../ops/rules';
import { element } from '../../../ui/dom/element';
import { setText } from '../../../ui/dom/text';
import { value } from '../../../ui/format';
import type { Box } from '../../../ui/paint/box';
import { paintHeatmap } from '../../../ui/paint/heatmap';
import { speak, type Language } from '../../../words';
import type { MountedView, ViewEnv } from '../../view';
import { makeGrid, setBox, type Grid } from '../grid';
import { boxOf, grown, type Placed } from '../place';
import { provenanceWords } from '../provenance.words';
import { heldOf, valueIn, type Held, type Part } from './held';
import { matricesWords } from './matrices.words';

/** Where a matrix stands, and which: of several the visitor chooses one, the first as it comes. */
export interface Spot extends Placed {
  parts: readonly Part[];
  /** What its rows count: a row of queries is chosen with a cell of it. */
  rows: 'query' | 'key' | 'one';
  /** Its columns are keys: what a query does not see is masked. */
  scores?: boolean;
  /** Where its name stands, and that where it is not the role's own. */
  name: Box;
  sign?: string;
}

export interface Plan {
  width: number;
  height: number;
  spots: readonly Spot[];
}

export interface MatricesEnv {
  view: ViewEnv;
  plan(width: number, tall: number, shape: Shape): Plan;
  /** A paragraph under the picture: what was given, and how. */
  given: string;
}

/** Pixels that a name needs to say more. */
const ROOM = 74;

const MARKS = ['row', 'live', 'reads', 'writes', 'inputs', 'cell'] as const;

interface Shown {
  canvas: HTMLCanvasElement;
  name: { node: HTMLElement; sign: HTMLElement; where: HTMLElement };
  marks: Record<(typeof MARKS)[number], HTMLElement>;
  grid: Grid;
  /** Which of its parts the visitor chose; else it is the one that the step has to do with. */
  choice: number | undefined;
  held: Held | undefined;
}

const speakMatrices = (language: Language) => speak(matricesWords, language);

export function mountMatrices(host: HTMLElement, className: string, { view, plan, given }: MatricesEnv): MountedView {
  const { language, theme, trace, on } = view;
  const words = speakMatrices(language);
  const { shape } = trace.header.run;
  const root = element('div', `${className} matrices`);
  const stage = element('div', 'stage');
  const switches = element('div', 'segmented');
  const speech = element('p', 'sr-only');
  speech.setAttribute('aria-live', 'polite');
  const aside = element('div', 'aside');
  aside.append(switches, keyOf(words), element('p', 'given', given));
  root.append(stage, aside, speech);
  host.append(root);
  let frame: Frame | undefined;
  let laid: Plan | undefined;
  let room = '';

  const kept = (role: string): boolean =>
    trace.tensors.some(({ id }) => id === role) ||
    trace.passes.some(({ layouts }) =>
      Object.values(layouts).some(
        ({ role: of }) => of === role || (typeof of !== 'string' && Object.values(of).includes(role)),
      ),
    );
  /** The plan without what this kernel keeps nowhere. */
  const planFor = (width: number, tall: number): Plan => {
    const whole = plan(width, tall, shape);
    const spots = whole.spots.map((spot) => ({ ...spot, parts: spot.parts.filter(({ role }) => kept(role)) }));
    return { ...whole, spots: spots.filter(({ parts }) => parts.length > 0) };
  };
  const first = planFor(640, 600);
  const shown = first.spots.map((spot, i) => made(spot, i));
  stage.append(
    ...shown.map(({ canvas }) => canvas),
    ...shown.flatMap(({ marks }) => Object.values(marks)),
    ...shown.map(({ name }) => name.node),
    ...shown.map(({ grid }) => grid.element),
  );

  function made(spot: Spot, i: number): Shown {
    const canvas = document.createElement('canvas');
    canvas.ariaHidden = 'true';
    const node = element('div', 'name');
    const [sign, where] = [element('b', ''), element('span', '')];
    node.append(sign, ' ', where);
    const { window } = spot;
    const marks = Object.fromEntries(MARKS.map((id) => [id, element('i', `edge ${id}`)])) as Shown['marks'];
    for (const mark of Object.values(marks)) mark.hidden = true;
    const label = words.matrix(spot.parts.map(({ role }) => signOf(role)).join(', '), window.r1 + 1, window.c1 + 1);
    const roleNow = (): CellRef['role'] => shown[i]?.held?.role ?? spot.parts[0]!.role;
    const grid = makeGrid(label, {
      point(at) {
        on.hover(at && { role: roleNow(), ...at });
        const held = shown[i]?.held;
        if (at && held && frame && focused()) setText(speech, sayCell(frame, spot, held, at.row, at.col, language));
      },
      pin: (at) => on.pin({ role: roleNow(), ...at }),
      row: (row) => spot.rows === 'query' && on.row(row),
    });
    return { canvas, name: { node, sign, where }, marks, grid, choice: undefined, held: undefined };
  }

  const focused = (): boolean => root.contains((root.getRootNode() as Document | ShadowRoot).activeElement);

  const arrange = (): Plan => {
    const [width, tall] = [Math.max(280, Math.floor(root.clientWidth)), tallOf()];
    if (laid && room === `${width} ${tall}`) return laid;
    room = `${width} ${tall}`;
    const next = planFor(width, tall);
    stage.style.setProperty('width', `${next.width}px`);
    stage.style.setProperty('height', `${next.height}px`);
    next.spots.forEach((spot, i) => {
      const one = shown[i]!;
      setBox(one.canvas, spot);
      setBox(one.name.node, spot.name);
      one.grid.place(spot, { rows: trace.header.run.tile.br || 8, cols: trace.header.run.tile.bc || 8 });
    });
    return (laid = next);
  };

  const mark = (node: HTMLElement, spot: Spot, rect: Rect | undefined, least = 0): void => {
    const inside = rect !== undefined && rect.r0 <= rect.r1 && rect.c0 <= rect.c1;
    if (node.hidden === inside) node.hidden = !inside;
    if (inside) setBox(node, grown(boxOf(spot, rect), least));
  };

  const show = (now: Frame, spot: Spot, one: Shown): void => {
    const part = partShown(now, spot, one.choice);
    const held = heldOf(now, part, one.held?.values);
    one.held = held;
    const { values, rows, cols, scale, max } = held;
    const there = (row: number, col: number): boolean => !Number.isNaN(values[row * cols + col]);
    paintHeatmap(one.canvas, { values, rows, cols, shown: there, scale, max, transposed: spot.turned }, theme);
    one.canvas.classList.toggle('held', held.space === 'hbm');
    setText(one.name.sign, `${spot.sign ?? signOf(part.role)}${spot.turned ? 'ᵀ' : ''}`);
    setText(one.name.where, now.tensors[part.role]?.written === 'input' || spot.name.w < ROOM ? '' : words[held.space]);
    const { row, cell } = now.selection;
    const input = now.explanation?.inputs.find(({ tensor }) => tensor === part.role)?.rect;
    mark(one.marks.row, spot, spot.rows === 'query' ? { r0: row, r1: row, c0: 0, c1: cols - 1 } : undefined);
    mark(one.marks.live, spot, held.live);
    mark(one.marks.reads, spot, held.reads, 4);
    mark(one.marks.writes, spot, held.writes, 4);
    mark(one.marks.inputs, spot, input, 4);
    const here = cell?.role === part.role ? { r0: cell.row, r1: cell.row, c0: cell.col, c1: cell.col } : undefined;
    mark(one.marks.cell, spot, here, 6);
  };

  const redraw = (): void => {
    const now = frame;
    if (!now) return;
    arrange().spots.forEach((spot, i) => show(now, spot, shown[i]!));
    press();
  };

  const rest = (): void => {
    if (!frame || !laid) return;
    for (const [i, spot] of laid.spots.entries()) {
      const { held, grid } = shown[i]!;
      if (!held) continue;
      const { cell, row } = frame.selection;
      const at = cell?.role === held.role ? cell : { row: spot.rows === 'query' ? row : (held.live?.r0 ?? 0), col: 0 };
      const [r, c] = [Math.min(held.rows - 1, at.row), Math.min(held.cols - 1, at.col)];
      grid.rove(r, c, sayCell(frame, spot, held, r, c, language));
    }
  };

  /** The matrices that take one place are chosen by their names; chosen again, the step chooses. */
  const buttons = shown.flatMap((one, i) => {
    const { parts } = first.spots[i]!;
    return (parts.length > 1 ? parts : []).map(({ role }, n) => {
      const button = element('button', '', signOf(role));
      button.addEventListener('click', () => {
        one.choice = one.choice === n ? undefined : n;
        redraw();
        rest();
      });
      return { button, one, role };
    });
  });
  switches.hidden = buttons.length === 0;
  switches.setAttribute('role', 'group');
  switches.ariaLabel = words.middle;
  switches.append(...buttons.map(({ button }) => button));
  function press(): void {
    for (const { button, one, role } of buttons) {
      const now = String(one.held?.role === role);
      if (button.ariaPressed !== now) button.ariaPressed = now;
    }
  }

  const watcher = new ResizeObserver(redraw);
  watcher.observe(root);
  return {
    draw(next) {
      frame = next;
      redraw();
    },
    rest,
    ring(ref) {
      const at =
        ref.of === 'matrix' && !ref.level
          ? (laid?.spots ?? []).findIndex(({ parts }) => parts.some(({ role }) => role === ref.role))
          : -1;
      const canvas = shown[at]?.canvas;
      return canvas && { element: canvas };
    },
    dispose() {
      watcher.disconnect();
      for (const { grid } of shown) grid.dispose();
      root.remove();
    },
  };
}

/** The part that the visitor chose, or the last of those that the step writes or reads. */
function partShown({ tensors, arrays }: Frame, { parts }: Spot, choice: number | undefined): Part {
  const touched = (way: 'reads' | 'writes'): Part | undefined =>
    parts.find(({ role }) => tensors[role]?.[way] || arrays.some((array) => array.role === role && array[way]));
  return (choice === undefined ? (touched('writes') ?? touched('reads')) : parts[choice]) ?? parts[0]!;
}

/** The height that the picture may take, so that it is whole above the transport. */
const tallOf = (): number => (innerWidth < 800 ? 640 : Math.max(300, innerHeight - 340));

function sayCell(frame: Frame, spot: Spot, held: Held, row: number, col: number, language: Language): string {
  const words = speakMatrices(language);
  const number = valueIn(held, row, col);
  const masked = spot.scores && !sees(frame.trace.header.run.shape, row, col);
  const said =
    number === undefined
      ? masked
        ? words.masked
        : words.later
      : [value(number), provenanceWords[frame.provenance][language]].join(language === 'zh' ? '，' : ', ');
  return words.cell(signOf(held.role), row, col, said);
}

/** What each outline means. */
function keyOf(words: ReturnType<typeof speakMatrices>): HTMLElement {
  const key = element('div', 'key');
  for (const id of ['reads', 'writes', 'live', 'inputs'] as const) {
    const entry = element('span', '');
    entry.append(element('i', `edge ${id}`), words[id]);
    key.append(entry);
  }
  return key;
}

/** What the step reads and writes of these roles, in a sentence each. */
export function touchedText(frame: Frame, language: Language): string {
  const words = speakMatrices(language);
  if (!frame.workgroup) return words.noCapture;
  const names = (way: 'reads' | 'writes'): string =>
    [
      ...new Set([
        ...Object.values(frame.tensors).flatMap((tensor) => (tensor[way] ? [tensor.id] : [])),
        ...frame.arrays.flatMap((array) => (array[way] && array.role !== 'other' ? [array.role] : [])),
      ]),
    ]
      .map(signOf)
      .join(language === 'zh' ? '、' : ', ');
  const [read, written] = [names('reads'), names('writes')];
  return (read && words.readList(read)) + (written && words.writeList(written));
}
