// The visitor's own tensors in words: opening them, what they were, where they are kept, saving those of a run.
import type { Dictionary } from '../../words';
import { plural } from '../../ui/whole';

export const tensorWords = {
  openTensors: { en: 'Open tensors…', zh: '打开张量…' },
  tensorsHint: {
    en: 'Q, K and V as one .safetensors or three .npy, opened here or dropped on the page. They stay on this device.',
    zh: 'Q、K、V：一个 .safetensors 或三个 .npy，在此打开或拖到页面上。文件不会离开本设备。',
  },
  tensorEmpty: { en: 'empty', zh: '空' },
  tensorGone: {
    en: (file: string, hash: string) => `${file} (${hash}…): not on this device`,
    zh: (file: string, hash: string) => `${file}（${hash}…）：不在本设备上`,
  },
  layout: { en: 'sizes', zh: '维度顺序' },
  layoutNote: {
    en: 'H is heads, N tokens: PyTorch attention keeps heads first, FlashAttention and JAX keep tokens first.',
    zh: 'H 为头数，N 为 token 数：PyTorch 的 attention 头在前，FlashAttention 与 JAX 的 token 在前。',
  },
  layoutOutcome: {
    en: (heads: number, kvHeads: number, queries: number, keys: number) =>
      `${plural(heads, 'head')}${kvHeads === heads ? '' : ` (${kvHeads} of K, V)`}, ${queries === keys ? plural(keys, 'token') : `${plural(queries, 'query', 'queries')}, ${plural(keys, 'key')}`}`,
    zh: (heads: number, kvHeads: number, queries: number, keys: number) =>
      `${heads} 个头${kvHeads === heads ? '' : `（K、V ${kvHeads} 个）`}，${queries === keys ? `${keys} 个 token` : `${queries} 个 query，${keys} 个 key`}`,
  },
  layoutMisfit: { en: 'does not fit', zh: '不匹配' },
  layoutOpen: { en: 'Both readings fit. Which is it?', zh: '两种读法都说得通，请选择。' },
  tensorFiles: { en: 'Files', zh: '文件' },
  colon: { en: ': ', zh: '：' },
  exact: {
    en: (dtype: string) => `${dtype}, converted to f32 exactly`,
    zh: (dtype: string) => `${dtype}，精确转换为 f32`,
  },
  rounded: {
    en: (dtype: string, most: string) => `${dtype}, rounded to f32; largest change ${most}`,
    zh: (dtype: string, most: string) => `${dtype}，舍入为 f32；最大改变 ${most}`,
  },
  tensorsKept: {
    en: 'This browser keeps the files you open, so that links to them work again here. Nothing is sent anywhere.',
    zh: '浏览器会保存你打开的文件，使指向它们的链接在此处仍可用。不会发送到任何地方。',
  },
  forgetTensors: { en: 'Forget files', zh: '忘记文件' },
  exportAs: { en: 'Save as .npy:', zh: '存为 .npy：' },
  exportTensor: { en: (tensor: string) => `Save ${tensor} as .npy`, zh: (tensor: string) => `将 ${tensor} 存为 .npy` },
} satisfies Dictionary;
