// What a figure shows, for whoever speaks of it: a lesson reads every number of its sentences from here.
import type { Frame } from '../frame/frame-types';
import type { Limits } from '../ops/limits';
import type { ModelFrame } from '../views/model/view';
import type { PageFrame } from '../views/paging/view';

export interface Facts {
  /** Of a kernel's run. */
  frame?: Frame;
  /** Of the second of two runs that stand side by side. */
  second?: Frame;
  /** Of a paged cache. */
  page?: PageFrame;
  /** Of the small model. */
  model?: ModelFrame;
  /** Of this device; absent where there is none. */
  limits?: Limits;
}
