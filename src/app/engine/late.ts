// What the engine needs from the first run on: it comes while the device opens, so that the first picture does not wait
// for it.
export { captureOf, createCapture } from '../../figure/capture';
export { createSupply } from '../../figure/supply';
export { comparePlain } from './plain';
export { warmUp } from './warm';
export { createProblems } from './problems';
