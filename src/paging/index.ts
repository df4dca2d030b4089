/**
 * The paged KV cache as a pure state machine: block pool, prefix cache and scheduler under a named rule set. No DOM, no
 * GPU. `apply` takes a state and an operation, and returns the next state with its events in order. `Simulation` runs a
 * workload and keeps its history, so that any moment can be shown again.
 */
export type * from './types';
export type * from './events';
export { CONFIG_RANGES, configProblem, create, DEFAULT_CONFIG, watermarkBlocks, withBlockSize } from './config';
export { add, append, apply, fork, free, type Result, step } from './operations';
export { FIRST_SIMULATED } from './sample';
export * from './reads';
export * from './kernel-inputs';
export * from './counts/cache-bytes';
export * from './counts/waste';
export * from './counts/contiguous';
export { COLUMNS, type Column, Series, type Span } from './counts/series';
export { History, type Moment } from './history';
export { configOf, nothingToDo, Simulation } from './simulation';
export { bytesOf, type Workload, WORKLOADS } from './workloads';
