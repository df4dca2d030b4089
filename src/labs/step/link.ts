// What a link says of the Step lab: where the cursor stands, what is looked at, how it is stepped, and which pane a
// small screen shows.
import type { CellRef } from '../../frame/cell';
import type { Cursor } from '../../frame/frame-types';
import { opOf } from '../../kernels';
import { OPENING } from '../../kernels/defaults';
import type { Role } from '../../ops/layout';
import { PANES, type Pane } from '../../views';
import { GRANULARITIES, SPEEDS, type Granularity } from '../../views/strip/strip';
import { oneOf, unless, type LabLink } from '../shared/link';
import { parseWhole } from '../../ui/parse-whole';

/**
 * The memory in 3D: beside the tabs of small screens it is shown instead of the flat views ('on'), not shown ('flat'),
 * or never loaded at all ('off').
 */
export const SPACE_MODES = ['flat', 'on', 'off'] as const;
export type SpaceMode = (typeof SPACE_MODES)[number];

export interface StepPart {
  /** Undefined = the beginning: the first phase of the first workgroup. */
  cursor: Cursor | undefined;
  /** Undefined = a row of the workgroup under the cursor. */
  row: number | undefined;
  thread: number;
  pinned: CellRef | undefined;
  granularity: Granularity;
  speed: number;
  /** The pane on a small screen. */
  pane: Pane;
  space: SpaceMode;
}

const standard: StepPart = {
  cursor: undefined,
  row: undefined,
  thread: 0,
  pinned: undefined,
  granularity: 'phase',
  speed: 1,
  pane: 'cross',
  space: 'flat',
};

const rolesOf = (kernel: string): readonly Role[] => {
  const { tensors, chip = [] } = opOf({ kernel });
  return [...Object.keys(tensors), ...chip];
};

/** Whole numbers between full stops. */
function wholes(text: string): number[] | undefined {
  const numbers = text.split('.').map((part) => parseWhole(part, [0, 0xffffffff]));
  return numbers.includes(undefined) ? undefined : (numbers as number[]);
}

function cursorOf(text: string): Cursor | undefined {
  const [pass, workgroup, phase, line, more] = wholes(text) ?? [];
  if (pass === undefined || workgroup === undefined || phase === undefined || more !== undefined) return undefined;
  return { pass, workgroup, phase, ...(line !== undefined && { line }) };
}

/** A cell of the op of the link's kernel, or of the page's first: a file that is shown may be of that. */
const cellIn =
  (kernel: string) =>
  (text: string): CellRef | undefined => {
    const [name = '', ...rest] = text.split('.');
    const role = oneOf([...rolesOf(OPENING), ...rolesOf(kernel)])(name);
    const [row, col, more] = wholes(rest.join('.')) ?? [];
    return role && row !== undefined && col !== undefined && more === undefined ? { role, row, col } : undefined;
  };

export const stepLink: LabLink<StepPart> = {
  default: standard,
  read: (said, { kernel }) => ({
    cursor: said('at', cursorOf),
    row: said('row', (text) => parseWhole(text, [0, 4095])),
    thread: said('thread', (text) => parseWhole(text, [0, 1023])) ?? standard.thread,
    pinned: said('cell', cellIn(kernel)),
    granularity: said('by', oneOf(GRANULARITIES)) ?? standard.granularity,
    speed: said('speed', oneOf(SPEEDS)) ?? standard.speed,
    pane: said('pane', oneOf(PANES)) ?? standard.pane,
    space: said('3d', oneOf(SPACE_MODES)) ?? standard.space,
  }),
  write: ({ cursor, row, thread, pinned, granularity, speed, pane, space }) => ({
    at:
      cursor &&
      [cursor.pass, cursor.workgroup, cursor.phase, ...(cursor.line === undefined ? [] : [cursor.line])].join('.'),
    row: unless(standard.row, row),
    thread: unless(standard.thread, thread),
    cell: pinned && `${pinned.role}.${pinned.row}.${pinned.col}`,
    by: unless(standard.granularity, granularity),
    speed: unless(standard.speed, speed),
    pane: unless(standard.pane, pane),
    '3d': unless(standard.space, space),
  }),
  passing: ['cursor', 'row', 'thread', 'pinned', 'granularity', 'speed', 'pane'],
  looks: ['space'],
};
