// What the block table of the paged kernel says.
import type { Dictionary } from '../../../words';
import { plural } from '../../../ui/whole';

export const blockTableWords = {
  title: { en: 'Block table.', zh: '块表。' },
  reads: {
    en: (keys: string, logical: number, physical: number) =>
      `Block table: keys ${keys} are logical block ${logical} → block ${physical} of the pool`,
    zh: (keys: string, logical: number, physical: number) =>
      `块表：key ${keys} 是逻辑块 ${logical} → 池中的块 ${physical}`,
  },
  none: {
    en: (blocks: number) =>
      `Block table: ${plural(blocks, 'logical block')} in order above, where they lie in the pool below`,
    zh: (blocks: number) => `块表：上为按顺序的 ${blocks} 个逻辑块，下为它们在池中的位置`,
  },
  note: {
    en: (pool: number, blocks: number, size: number) =>
      `The table that this run was given: ${plural(blocks, 'block')} of ${plural(size, 'slot')} among ${pool} of the pool. K and V stand where they lie there; what is empty belongs to nobody, block 0 never does. Lit: the block that the kernel read last, by the indices it touched.`,
    zh: (pool: number, blocks: number, size: number) =>
      `这次运行拿到的块表：${blocks} 块，每块 ${size} 个槽，散布在池的 ${pool} 块中。K、V 画在它们真实所在的位置；空白处不属于任何请求，块 0 从不使用。亮起的是 kernel 最近读取的块，由它触及的下标得出。`,
  },
} satisfies Dictionary;
