/**
 * The paged KV cache as a pure state machine: block pool, prefix cache and scheduler under a named rule set. No DOM, no GPU.
 * Give `apply` a state and an operation, and it gives the next state and what happened, in order.
 */
export type * from './types';
export type * from './events';
export { CONFIG_RANGES, configProblem, create, DEFAULT_CONFIG, watermarkBlocks } from './config';
export { add, append, apply, fork, free, step, type Result } from './operations';
export * from './reads';
export * from './kernel-inputs';
export * from './cache-bytes';
