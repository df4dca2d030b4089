/** The workloads of the Page lab, in the order in which they are offered. */
import { beam } from './beam';
import { chat } from './chat';
import { own } from './own';
import { parallel } from './parallel';
import { story, storyZh } from './story';
import { longTail, marathon, scale, storm } from './traffic';

export const WORKLOADS = [story, storyZh, chat, parallel, beam, longTail, storm, scale, marathon, own] as const;
export { bytesOf, type Play, type Workload } from './workload';
