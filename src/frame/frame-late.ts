// What a frame holds beyond the first picture: the softmax of its row, bytes requested, the arithmetic behind a cell.
// Loading this gives it to every frame.
import { bytesAt } from './bytes';
import { explain } from './explain';
import { lateIs } from './frame-now';
import type { Frame } from './frame-types';
import type { Scene } from './scene';
import { directSoftmax, onlineSoftmax, type Place } from './softmax';

/** The softmax of query row `row` as far as phase k of the workgroup at `position`. */
function softmaxAt(
  scene: Scene,
  pass: number,
  position: number,
  k: number,
  row: number,
  place: Place | undefined,
): Frame['softmax'] {
  if (scene.tensors.has('S')) return directSoftmax(scene, pass, position, k, row);
  return place && onlineSoftmax(place, row, k);
}

const parts = { softmaxAt, bytesAt, explain };

export type Late = typeof parts;

lateIs(parts);
