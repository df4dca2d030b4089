/** Bytes of KV cache for one token, and shapes of real models, to compare MHA, GQA and MQA. */

/** The sizes of a model that decide its KV cache. */
export interface CacheShape {
  readonly layers: number;
  /** Query heads; equal to kvHeads: MHA, kvHeads 1: MQA, between: GQA. */
  readonly heads: number;
  readonly kvHeads: number;
  /** Of one head. */
  readonly dim: number;
}

export interface ModelPreset extends CacheShape {
  readonly id: string;
  readonly name: string;
}

/** 2 (K and V) * layers * kvHeads * dim * bytes an element. */
export const bytesPerToken = ({ layers, kvHeads, dim }: CacheShape, bytesPerElement: number): number =>
  2 * layers * kvHeads * dim * bytesPerElement;

/** How the heads of a shape share keys and values. */
export function headSharing({ heads, kvHeads }: CacheShape): 'MHA' | 'GQA' | 'MQA' {
  if (heads === kvHeads) return 'MHA';
  return kvHeads === 1 ? 'MQA' : 'GQA';
}

/** Published configurations (the models' own config files; OPT-13B also in the PagedAttention paper, section 3). */
export const MODEL_PRESETS: readonly ModelPreset[] = [
  { id: 'opt-13b', name: 'OPT-13B', layers: 40, heads: 40, kvHeads: 40, dim: 128 },
  { id: 'llama-2-7b', name: 'Llama 2 7B', layers: 32, heads: 32, kvHeads: 32, dim: 128 },
  { id: 'llama-2-70b', name: 'Llama 2 70B', layers: 80, heads: 64, kvHeads: 8, dim: 128 },
  { id: 'llama-3-8b', name: 'Llama 3 8B', layers: 32, heads: 32, kvHeads: 8, dim: 128 },
  { id: 'llama-3-70b', name: 'Llama 3 70B', layers: 80, heads: 64, kvHeads: 8, dim: 128 },
  { id: 'mistral-7b', name: 'Mistral 7B', layers: 32, heads: 32, kvHeads: 8, dim: 128 },
  { id: 'qwen2.5-7b', name: 'Qwen2.5 7B', layers: 28, heads: 28, kvHeads: 4, dim: 128 },
  { id: 'gemma-2b', name: 'Gemma 2B', layers: 18, heads: 8, kvHeads: 1, dim: 256 },
  { id: 'falcon-7b', name: 'Falcon 7B', layers: 32, heads: 71, kvHeads: 1, dim: 64 },
];
