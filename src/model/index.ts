// The small trained transformer: a sentence in, every head's Q, K and V out.
export { createModelClient } from './client';
export type { ModelClient } from './client';
export { DEFAULT_HEAD, PASSAGES } from './passage';
export { TEXT_LIMIT } from './sentence';
export type { HeadChoice } from './passage';
export type { HeadInput } from './layers';
export type { Guess, ModelRun } from './sentence';
export { THUMBNAIL_SIDE } from './thumbnail';
export type { Draw } from './sampling';
export type { Next } from './sequences';
export type { Encoding } from './tokenizer';
export type { Thumbnail } from './thumbnail';
export type { ModelConfig } from './weights';
export { default as metrics } from './metrics.json';
export type { PassOptions } from './options';
export type { Difference, Reading, ReadingQuestion } from './reading';
