// The ordered list of kernels, as menus and links know them: the order in which the page teaches them. What it takes to
// run them is in ./kernels, which comes with the first run.
import { opById } from '../ops';
import type { Op } from '../ops/op';
import { AttnError } from '../errors';
import type { Shape } from '../ops/attention/shape';
import type { Run } from '../ops/run';
import type { KernelCard } from './card';
import { OPENING } from './defaults';

const tilesOf = (...sizes: readonly (readonly [number, number])[]): KernelCard['tiles'] =>
  sizes.map(([br, bc]) => ({ br, bc }));

/** Tiles begin with the default one; what Br and Bc must divide by stands beside the kernel's text. */
export const KERNELS: readonly KernelCard[] = [
  {
    id: 'naive',
    op: 'attention',
    name: { en: 'naive', zh: 'naive 朴素实现' },
    standard: true,
    interpreted: true,
    tiles: [],
  },
  {
    id: 'flash2',
    op: 'attention',
    name: { en: 'flash2, tiled', zh: 'flash2 分块' },
    interpreted: true,
    tiles: tilesOf([32, 16], [16, 16], [16, 8], [8, 8], [32, 8], [32, 32], [64, 16], [64, 32]),
  },
  {
    id: 'flash1',
    op: 'attention',
    name: { en: 'flash1, tiled', zh: 'flash1 分块' },
    hue: 8,
    interpreted: true,
    tiles: tilesOf([16, 16], [32, 16], [16, 32], [32, 32], [16, 8], [8, 16], [8, 8]),
  },
  {
    id: 'flash-fast',
    op: 'attention',
    name: { en: 'flash-fast, tiled, lanes', zh: 'flash-fast 分块，寄存器' },
    interpreted: true,
    feature: 'subgroups',
    tiles: tilesOf([32, 4], [64, 4], [16, 4], [8, 4], [32, 2], [32, 8], [16, 8]),
  },
  {
    id: 'flash-fast-shared',
    op: 'attention',
    name: { en: 'flash-fast-shared, tiled', zh: 'flash-fast-shared 分块，共享内存' },
    interpreted: true,
    tiles: tilesOf([32, 32], [64, 32], [64, 16], [32, 16], [16, 16], [64, 64]),
  },
  {
    id: 'decode',
    op: 'attention',
    name: { en: 'decode, one row', zh: 'decode 单行解码' },
    decoding: true,
    interpreted: true,
    tiles: tilesOf([1, 16], [1, 32], [1, 64], [1, 128], [1, 256]),
  },
  {
    id: 'decode-split',
    op: 'attention',
    name: { en: 'decode-split, split keys', zh: 'decode-split 切分 KV' },
    decoding: true,
    interpreted: true,
    tiles: tilesOf([1, 16], [1, 32], [1, 64], [1, 128], [1, 256]),
  },
  {
    id: 'paged',
    op: 'attention',
    name: { en: 'paged, block table', zh: 'paged 分页 KV' },
    decoding: true,
    paged: true,
    interpreted: true,
    tiles: [],
  },
  {
    id: 'backward-naive',
    op: 'attention-backward',
    name: { en: 'backward-naive, standard', zh: 'backward-naive 标准反向' },
    standard: true,
    interpreted: true,
    tiles: [],
  },
  {
    id: 'backward',
    op: 'attention-backward',
    name: { en: 'backward, tiled', zh: 'backward 分块反向' },
    interpreted: true,
    tiles: tilesOf([16, 16], [32, 16], [16, 32], [16, 8], [8, 16], [8, 8], [8, 4]),
  },
  {
    id: 'layernorm',
    op: 'layernorm',
    name: { en: 'layernorm, by rows', zh: 'layernorm 按行' },
    interpreted: true,
    tiles: tilesOf([4, 16], [8, 8], [2, 32], [16, 4], [1, 64], [64, 1]),
  },
];

/** The card of a kernel. Throws `kernel-unknown` for a name that is not in the list. */
export function cardById(id: string): KernelCard {
  const card = KERNELS.find((kernel) => kernel.id === id);
  if (!card) throw new AttnError('kernel-unknown', { kernel: id });
  return card;
}

/** What a run computes. Throws `kernel-unknown`. */
export const opOf = ({ kernel }: Pick<Run, 'kernel'>): Op => opById(cardById(kernel).op);

/** The kernels of the same op, in the page's order: what may be compared and raced with it. None of an unknown one. */
export function peersOf(kernel: string): readonly KernelCard[] {
  const op = KERNELS.find(({ id }) => id === kernel)?.op;
  return KERNELS.filter((card) => card.op === op);
}

/**
 * What a kernel is first compared with: the standard way of its op; that with the page's first kernel, or the first
 * that takes tiles; itself where its op has no other.
 */
export function otherKernel(kernel: string): string {
  const peers = peersOf(kernel);
  const [standard, opening] = [peers.find((card) => card.standard), peers.find(({ id }) => id === OPENING)];
  const other = standard?.id === kernel ? (opening ?? peers.find(({ tiles }) => tiles.length > 0)) : standard;
  return other?.id ?? kernel;
}

/** Whether a kernel belongs into a race on this shape: those made for decoding where there is one query row. */
export const meantFor = ({ decoding }: KernelCard, { queries }: Pick<Shape, 'queries'>): boolean =>
  !decoding || queries === 1;

/** The kernel that reads K and V through a block table, and the one that reads the same keys in one piece. */
export const PAGED = idOf(({ paged }) => paged);
export const IN_ONE_PIECE = idOf(({ decoding, paged }) => decoding && !paged);

function idOf(is: (card: KernelCard) => boolean | undefined): string {
  const card = KERNELS.find(is);
  if (!card) throw new AttnError('unexpected', { message: 'no such kernel in the list' });
  return card.id;
}
