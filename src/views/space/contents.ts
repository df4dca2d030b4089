// What a frame puts into the memory scene: which matrices stand in which level, how many workgroups there are, and what
// is known of how many run at once.
import { extentOf } from '../../ops';
import type { TensorId } from '../../ops/op';
import type { Frame } from '../../frame/frame-types';
import { sceneOf } from '../../frame/scene';
import { ghostsOf, tensorsOf, type Level } from '../shared/matrix';
import type { Contents, Item } from './layout';

const GHOST = 'ghost:';
export const ghostKey = (id: TensorId): string => GHOST + id;
export const idOfGhost = (key: string): TensorId => key.slice(GHOST.length);

/** All that the layout needs; the same for every frame of a pass, captured or not. */
export function contentsOf(frame: Frame): Contents {
  const { shape } = frame.trace.header.run;
  return {
    hbm: tensorsOf(frame).map(({ key, role }) => ({ key, ...sizeOf(role, shape) })),
    ghosts: ghostsOf(frame).map(({ id, rows, cols }) => ({ key: ghostKey(id), rows, cols })),
    sram: arraysIn(frame, 'sram'),
    reg: arraysIn(frame, 'reg'),
    workgroups: workgroupsOf(frame),
  };
}

function sizeOf(id: TensorId, shape: Parameters<typeof extentOf>[1]): { rows: number; cols: number } {
  const { rows, cols } = extentOf(id, shape);
  return { rows, cols };
}

/** Arrays with a role, matrices before vectors; keys as in `arraysOf`. */
function arraysIn(frame: Frame, level: Exclude<Level, 'hbm'>): Item[] {
  const scene = sceneOf(frame.trace, frame.plane).passes[frame.cursor.pass];
  const items = frame.pass.arrays.flatMap((info): Item[] => {
    const role = scene?.layouts[info.name];
    if (!role || (info.scope === 'workgroup') !== (level === 'sram')) return [];
    return [{ key: `${level}:${frame.cursor.pass}:${info.id}`, rows: role.rows, cols: role.cols }];
  });
  return items.toSorted((a, b) => Number(a.cols === 1) - Number(b.cols === 1));
}

export const workgroupsOf = ({ pass }: Frame): number => pass.grid[0] * pass.grid[1] * pass.grid[2];

/**
 * Workgroup memory of one workgroup, the adapter's limit for one, and how many would fit into memory of that size.
 * Bytes.
 */
export interface Occupancy {
  used: number;
  limit: number | undefined;
  /** Undefined where no workgroup memory is used or no limit is known. */
  fit: number | undefined;
}

/**
 * WebGPU tells neither the number of cores nor how many workgroups one of them holds: this division is all that can be
 * computed.
 */
export function occupancyOf({ pass, trace }: Frame): Occupancy {
  const arrays = pass.arrays.filter((a) => a.scope === 'workgroup');
  const used = arrays.reduce((n, a) => n + a.length * (a.scalar === 'f16' ? 2 : 4), 0);
  const limit = trace.header.limits['maxComputeWorkgroupStorageSize'];
  return { used, limit, fit: used > 0 && limit !== undefined ? Math.floor(limit / used) : undefined };
}
