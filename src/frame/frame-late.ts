// What a frame holds beyond the first picture: the softmax of its row, bytes requested, the arithmetic behind a cell.
// Loading this gives it to every frame.
import { rulesOf } from '../ops/rules';
import { bytesAt } from './bytes';
import type { Place } from './chip';
import { explain } from './explain';
import { lateIs } from './frame-now';
import type { Frame } from './frame-types';
import type { Point } from './hbm';
import type { Scene } from './scene';
import { directSoftmax, onlineSoftmax } from './softmax';

/** The softmax of query row `row` at a point of the replay, where the op has one. */
function softmaxAt(scene: Scene, point: Point, row: number, place: Place | undefined): Frame['softmax'] {
  const roles = rulesOf(scene.trace.header.op)?.softmax;
  if (!roles) return undefined;
  if (scene.tensors.has(roles.scores)) return directSoftmax(scene, roles, point, row, place);
  return place && onlineSoftmax(place, roles, row, point.k);
}

const parts = { softmaxAt, bytesAt, explain };

export type Late = typeof parts;

lateIs(parts);
