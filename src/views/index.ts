// The ordered list of views. Adding a view = its file and one line here.
import { buffers } from './buffers';
import { cross } from './cross';
import { memory } from './memory';
import { softmax } from './softmax';
import { source } from './source';
import type { View } from './view';

export const VIEWS: readonly View[] = [cross, memory, softmax, source, buffers];
