// The words of the kernel's arrays.
import type { Dictionary } from '../../../words';
import { plural } from '../../../ui/whole';

export const slotWords = {
  title: { en: 'What the kernel is given', zh: '交给 kernel 的数组' },
  label: {
    en: 'Arrays of the last batch, as the paged kernel gets them. Arrow keys walk over the numbers, Enter pins.',
    zh: '最近一批的数组，即 paged kernel 收到的内容。方向键在数字间移动，Enter 固定。',
  },
  empty: {
    en: 'No step has run yet: nothing was given to a kernel.',
    zh: '还没有执行过任何一步：还没有数组交给 kernel。',
  },
  caption: {
    en: (step: number, rows: number, queries: number, size: number) =>
      `Batch of step ${step}: ${plural(rows, 'request')}, ${plural(queries, 'query', 'queries')}, B = ${size}. All int32 here; vLLM’s slot_mapping is int64.`,
    zh: (step: number, rows: number, queries: number, size: number) =>
      `第 ${step} 步的批：${rows} 个请求，${queries} 个 query，B = ${size}。这里均为 int32；vLLM 的 slot_mapping 是 int64。`,
  },
  note: {
    en: 'Laid out by this page from the simulated batch. The paged kernel below binds the block table, and query_start_loc with seq_lens; slot_mapping and the CSR triple are what a kernel that writes the cache, and FlashInfer, would be given.',
    zh: '由本页面按模拟的批排布。下面的 paged kernel 绑定的是块表，以及 query_start_loc 和 seq_lens；slot_mapping 与 CSR 三元组是写缓存的 kernel 和 FlashInfer 会拿到的数组。',
  },
  padded: { en: 'Padded table (vLLM)', zh: '填充块表（vLLM）' },
  csr: { en: 'CSR triple (FlashInfer)', zh: 'CSR 三元组（FlashInfer）' },
  block_table: { en: 'a row a request, padded with 0', zh: '每个请求一行，以 0 填充' },
  seq_lens: { en: 'keys each attends to', zh: '各自要看的 key 数（上下文长度）' },
  query_start_loc: { en: 'where its queries begin', zh: '各自的 query 从何处开始' },
  slot_mapping: { en: 'slot where each new K, V goes', zh: '每个新 token 的 K、V 写入的槽' },
  indptr: { en: 'where its blocks begin in indices', zh: '各自的块在 indices 中的起点' },
  indices: { en: 'all tables, one after another', zh: '所有块表首尾相接' },
  last_page_len: { en: 'tokens in last block, 1 to B', zh: '最后一块中的 token 数，1 到 B' },
  more: {
    en: (n: number) => `… ${n.toLocaleString('en')} more`,
    zh: (n: number) => `……还有 ${n.toLocaleString('en')} 个`,
  },
  moreRows: {
    en: (n: number) => `… ${plural(n, 'more row')}`,
    zh: (n: number) => `……还有 ${n.toLocaleString('en')} 行`,
  },
  lastPage: {
    en: (name: string, length: number, size: number, last: number) =>
      `${name}: last_page_len = (${length} − 1) mod ${size} + 1 = ${last}. Never ${length} mod ${size}, which is 0 when the last block is full.`,
    zh: (name: string, length: number, size: number, last: number) =>
      `${name}：last_page_len = (${length} − 1) mod ${size} + 1 = ${last}。绝不是 ${length} mod ${size}：最后一块填满时那会是 0。`,
  },
  cell: {
    en: (array: string, index: string, value: number) => `${array}[${index}] = ${value}`,
    zh: (array: string, index: string, value: number) => `${array}[${index}] = ${value}`,
  },
  of: { en: (name: string) => `, of ${name}`, zh: (name: string) => `，属于 ${name}` },
  padding: { en: ', padding', zh: '，填充' },
  describe: {
    en: (caption: string, list: string) => `${caption} ${list}`,
    zh: (caption: string, list: string) => `${caption}${list}`,
  },
} satisfies Dictionary;
