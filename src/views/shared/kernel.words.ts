// The kernels by name: each has one, its id, wherever it stands; beside it, where there is room, what it is.
import type { Mask } from '../../ops/attention/shape';
import type { KernelId } from '../../kernels/card';
import type { Dictionary } from '../../words';

export const kernelWords = {
  naive: { en: 'naive', zh: 'naive 朴素实现' },
  flash2: { en: 'flash2, tiled', zh: 'flash2 分块' },
  'flash-fast': { en: 'flash-fast, tiled, lanes', zh: 'flash-fast 分块，寄存器' },
  'flash-fast-shared': { en: 'flash-fast-shared, tiled', zh: 'flash-fast-shared 分块，共享内存' },
  decode: { en: 'decode, one row', zh: 'decode 单行解码' },
  'decode-split': { en: 'decode-split, split keys', zh: 'decode-split 切分 KV' },
  paged: { en: 'paged, block table', zh: 'paged 分页 KV' },
} as const satisfies Dictionary & Record<KernelId, Dictionary[string]>;

/** The masks, where a shape is told in one short line. */
export const maskNames = {
  causal: { en: 'causal', zh: '因果' },
  full: { en: 'full', zh: '无掩码' },
} as const satisfies Dictionary & Record<Mask, Dictionary[string]>;
