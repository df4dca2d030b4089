// Sentences about blocks: found, taken, filled, published, copied, moved, released; and why.
import type { Dictionary } from '../../../words';
import { plural, whole } from '../../../ui/whole';

export const blockWords = {
  lookup: {
    en: (name: string, tokens: number, hits: number, limit: number, hitTokens: number) =>
      `${name} looks its ${plural(tokens, 'token')} up: ${whole(hits)} of at most ${plural(limit, 'full block')} found, ${plural(hitTokens, 'token')}.`,
    zh: (name: string, tokens: number, hits: number, limit: number, hitTokens: number) =>
      `${name} 查找自己的 ${whole(tokens)} 个 token：最多可命中 ${whole(limit)} 个满块，实际命中 ${whole(hits)} 个，共 ${whole(hitTokens)} 个 token。`,
  },
  lookupWhy: {
    en: 'Only whole blocks are found, from the left; the last token is always computed, or there would be no next one.',
    zh: '从左起逐个整块查找；最后一个 token 总要算，否则得不到下一个 token。',
  },
  lookupLostWhy: {
    en: (block: number, tokens: number) =>
      `Block ${block} agrees for ${plural(tokens, 'token')} more: lost, for blocks are shared whole.`,
    zh: (block: number, tokens: number) =>
      `${block} 号块还有 ${whole(tokens)} 个 token 相同：块只能整块共享，因此用不上。`,
  },
  touch: {
    en: (block: number, name: string, logical: number, holders: number) =>
      `Block ${block} is found for logical block ${logical} of ${name}; ${plural(holders, 'table')} ${holders === 1 ? 'holds' : 'hold'} it now.`,
    zh: (block: number, name: string, logical: number, holders: number) =>
      `${block} 号块命中 ${name} 的逻辑块 ${logical}；现有 ${holders} 个块表持有它。`,
  },
  touchIdleWhy: {
    en: 'Nobody held it: it leaves the free list, which uses up a free block all the same.',
    zh: '原先无人持有：它离开空闲列表，同样占用一个空闲块。',
  },
  touchWhy: {
    en: 'K and V of a token depend on all tokens before it. They are the same here, so it is not computed again.',
    zh: 'token 的 K、V 取决于它之前的所有 token。这里前文完全相同，因此不必重算。',
  },
  evict: {
    en: (block: number, logical: number, name: string) =>
      `Block ${block}, published as logical block ${logical}, is taken for ${name}.`,
    zh: (block: number, logical: number, name: string) =>
      `${block} 号块（登记为逻辑块 ${logical}）被逐出，分给 ${name}。`,
  },
  evictWhy: {
    en: 'It was next in the free list: nobody held it. What it held can no longer be found.',
    zh: '它排在空闲列表最前，无人持有。其中的内容不再能命中。',
  },
  evictDuplicateWhy: {
    en: 'It was next in the free list. Another block has the same content, so the chain can still be found.',
    zh: '它排在空闲列表最前。另一个块内容相同，因此哈希链仍可命中。',
  },
  orphans: {
    en: (n: number) => `${plural(n, 'block')} after it in its chain cannot be reached any more.`,
    zh: (n: number) => `链上其后的 ${n} 个块再也无法命中。`,
  },
  allocate: {
    en: (block: number, logical: number, name: string, free: number) =>
      `Block ${block} becomes logical block ${logical} of ${name}; ${whole(free)} stay free.`,
    zh: (block: number, logical: number, name: string, free: number) =>
      `${block} 号块成为 ${name} 的逻辑块 ${logical}；还剩 ${whole(free)} 个空闲。`,
  },
  allocateWhy: {
    en: 'It was next in the free list. Any free block will do: the table says where the tokens lie.',
    zh: '它排在空闲列表最前。任何空闲块都可以：token 的位置由块表记录。',
  },
  append: {
    en: (name: string, count: number, range: string, blocks: string, many: number) =>
      `K and V of ${plural(count, 'token')} of ${name} (position ${range}) are written into ${many === 1 ? 'block' : 'blocks'} ${blocks}.`,
    zh: (name: string, count: number, range: string, blocks: string) =>
      `${name} 的 ${whole(count)} 个 token（位置 ${range}）的 K、V 写入 ${blocks} 号块。`,
  },
  appendPromptWhy: {
    en: (prompt: number) =>
      `${prompt} of them ${prompt === 1 ? 'is' : 'are'} prompt: computed at once, for they are known.`,
    zh: (prompt: number) => `其中 ${prompt} 个属于 prompt：内容已知，因此一起算。`,
  },
  appendAgainWhy: {
    en: (again: number) => `${whole(again)} of them had been computed before: the price of having been preempted.`,
    zh: (again: number) => `其中 ${whole(again)} 个以前算过：这就是被抢占的重算开销。`,
  },
  appendOneWhy: {
    en: 'A generated token: only its own K and V are new, those before it are read from the pool.',
    zh: '这是生成的 token：只有它自己的 K、V 是新的，之前的从块池读取。',
  },
  publish: {
    en: (block: number, logical: number, name: string) =>
      `Block ${block} (logical block ${logical} of ${name}) is full and can be found from now on.`,
    zh: (block: number, logical: number, name: string) =>
      `${block} 号块（${name} 的逻辑块 ${logical}）已写满并登记哈希，从此可被命中。`,
  },
  publishWhy: {
    en: 'Its hash takes in the hash of the block before it: only the same tokens after the same tokens match.',
    zh: '它的哈希包含前一块的哈希：只有前文与内容都相同才会命中。',
  },
  publishDuplicateWhy: {
    en: (duplicates: string) => `Block ${duplicates} holds the same already. Both stay: tables are never rewritten.`,
    zh: (duplicates: string) => `${duplicates} 号块内容相同。两者并存：块表从不改写。`,
  },
  copy: {
    en: (name: string, from: number, to: number, slots: number) =>
      `${name} wants to write into block ${from}, which others hold: its ${plural(slots, 'filled slot')} ${slots === 1 ? 'is' : 'are'} copied to block ${to} first.`,
    zh: (name: string, from: number, to: number, slots: number) =>
      `${name} 要写入 ${from} 号块，而它还有其他持有者：先把 ${whole(slots)} 个已填的槽复制到 ${to} 号块。`,
  },
  copyWhy: {
    en: (from: number, holders: number) =>
      `From here on the texts differ. After this moment block ${from} has ${plural(holders, 'holder')}; with only one it is written in place.`,
    zh: (from: number, holders: number) =>
      `从这里起文本不同。此刻之后 ${from} 号块有 ${holders} 个持有者；只有一个持有者时原地写入。`,
  },
  swapOut: {
    en: (name: string, blocks: number, free: number) =>
      `The group of ${name} moves to CPU memory: ${plural(blocks, 'distinct block')}, each once; ${plural(free, 'CPU block')} stay free.`,
    zh: (name: string, blocks: number, free: number) =>
      `${name} 一组换出到 CPU 内存：${whole(blocks)} 个不同的块，每块一次；CPU 还剩 ${whole(free)} 个块。`,
  },
  swapOutWhy: {
    en: 'All of a group or none of it: blocks that its sequences share stay shared there.',
    zh: '整组一起换出：组内共享的块在那里仍然共享。',
  },
  swapIn: {
    en: (name: string, blocks: number) =>
      `The group of ${name} is back from CPU memory: ${plural(blocks, 'block')}, wherever there was room.`,
    zh: (name: string, blocks: number) => `${name} 一组从 CPU 内存换回：${whole(blocks)} 个块，哪里有空就放哪里。`,
  },
  slide: {
    en: (name: string, range: string) =>
      `Logical block ${range} of ${name} slid out of the window: the null block stands in the table.`,
    zh: (name: string, range: string) => `${name} 的逻辑块 ${range} 滑出窗口：块表中改指空块。`,
  },
  slideWhy: {
    en: (first: number) => `No query will see a position before ${first} again.`,
    zh: (first: number) => `此后的 query 不再看位置 ${first} 之前的 token。`,
  },
  release: {
    en: (name: string, front: number, back: number, held: number) =>
      `${name} lets go of ${plural(front + back + held, 'block')}: ${whole(front)} to the front of the free list, ${whole(back)} to its back, ${whole(held)} still held by others.`,
    zh: (name: string, front: number, back: number, held: number) =>
      `${name} 释放 ${whole(front + back + held)} 个块：${whole(front)} 个放到空闲列表最前，${whole(back)} 个放到最后，${whole(held)} 个仍有其他持有者。`,
  },
  release2026Why: {
    en: 'From the end of the sequence. Unpublished ones go to the front, to be taken next; published ones to the back, so that they can be found for longest.',
    zh: '从序列末尾的块开始。没有哈希的放队首，最先被取；有哈希的放队尾，好让它尽量久地可被命中。',
  },
  release2025Why: {
    en: 'From the end of the sequence, all to the back: so the first block of a chain is taken last.',
    zh: '从序列末尾的块开始，全部放队尾：链头最后才被取走。',
  },
  releasePaperWhy: {
    en: 'The free list is a stack: what comes last is taken first.',
    zh: '空闲列表是一个栈：后进先出。',
  },
} satisfies Dictionary;
