// What the second run differs in from the first: a few fields of the choice, as short text in the link.
import { isMask } from '../../ops/sizes';
import type { Mask } from '../../ops/attention/shape';
import type { Tile } from '../../ops/run';
import { cardById, KERNELS, otherKernel, peersOf } from '../../kernels';
import { opensWithOne, ranges, softcapOf, type Choice } from '../../figure/choice';
import { parseWhole } from '../../ui/parse-whole';

/** Absent = as in the first run. An empty one stands for the other kind of kernel: naive against tiled. */
export interface Versus {
  kernel?: string | undefined;
  /** Absent = the one that suits the kernel, shape and device. */
  tile?: Tile | undefined;
  mask?: Mask;
  /** 'off': no softcap. */
  softcap?: number | 'off';
  alibi?: boolean;
  layer?: number;
  head?: number;
  seed?: number;
}

/**
 * The tile of another kernel is not this one's: it is kept only where the kernels agree. A kernel of another op answers
 * another question: in its place stands what the first is first compared with, which is itself in another tile where
 * its op has no other.
 */
export function choiceOfVersus(choice: Choice, versus: Versus): Choice {
  const known = versus.kernel !== undefined && peersOf(choice.kernel).some(({ id }) => id === versus.kernel);
  const asked: Versus = known ? versus : { ...versus, kernel: undefined, ...(versus.kernel && { tile: undefined }) };
  const first = isEmpty(asked);
  const kernel = asked.kernel ?? (first ? otherKernel(choice.kernel) : choice.kernel);
  const same = kernel === choice.kernel;
  const tile = asked.tile ?? (same ? (first ? anotherTile(choice) : choice.tile) : undefined);
  const {
    alibi = choice.alibi,
    mask = choice.mask,
    layer = choice.layer,
    head = choice.head,
    seed = choice.seed,
  } = versus;
  const softcap = versus.softcap === 'off' ? undefined : (versus.softcap ?? choice.softcap);
  return { ...choice, kernel, tile, mask, softcap, alibi, layer, head, seed, oneQuery: opensWithOne(choice) };
}

/** A tile on offer beside the one that is chosen, or beside the default one. */
function anotherTile({ kernel, tile }: Choice): Tile | undefined {
  const { tiles } = cardById(kernel);
  const [standing] = tile ? [tile] : tiles;
  return tiles.find(({ br, bc }) => br !== standing?.br || bc !== standing.bc) ?? tile;
}

const isEmpty = (versus: Versus): boolean => Object.values(versus).every((field) => field === undefined);

const numbers = ['layer', 'head', 'seed'] as const;

/** `kernel:naive,tile:8x8,mask:full,softcap:30,alibi:1,layer:1,head:2,seed:3`, what is absent left out; undefined when all is. */
export function formatVersus(versus: Versus): string | undefined {
  const parts = [
    versus.kernel && `kernel:${versus.kernel}`,
    versus.tile && `tile:${versus.tile.br}x${versus.tile.bc}`,
    versus.mask && `mask:${versus.mask}`,
    versus.softcap === undefined ? undefined : `softcap:${versus.softcap}`,
    versus.alibi === undefined ? undefined : `alibi:${Number(versus.alibi)}`,
    ...numbers.map((key) => (versus[key] === undefined ? undefined : `${key}:${versus[key]}`)),
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(',') : undefined;
}

/**
 * Reads what formatVersus writes; undefined when any of it is not valid. A tile must be one of the kernel's own,
 * `kernel` being the first run's.
 */
export function parseVersus(text: string, kernel: string): Versus | undefined {
  const versus: Versus = {};
  for (const part of text.split(',')) {
    const [key = '', value = '', more] = part.split(':');
    if (more !== undefined || !readPart(versus, key, value)) return undefined;
  }
  const { tile } = versus;
  const known = cardById(versus.kernel ?? kernel).tiles.some(({ br, bc }) => br === tile?.br && bc === tile.bc);
  return tile && !known ? undefined : versus;
}

/** Puts one part into `versus`; false when it is not valid. */
function readPart(versus: Versus, key: string, value: string): boolean {
  const number = numbers.find((one) => one === key);
  if (number) {
    const n = parseWhole(value, ranges[number]);
    if (n !== undefined) versus[number] = n;
    return n !== undefined;
  }
  if (key === 'kernel') {
    const kernel = KERNELS.find(({ id }) => id === value)?.id;
    if (kernel) versus.kernel = kernel;
    return kernel !== undefined;
  }
  if (key === 'mask' && isMask(value)) {
    versus.mask = value;
    return true;
  }
  if (key === 'softcap') {
    const softcap = value === 'off' ? value : softcapOf(value);
    if (softcap !== undefined) versus.softcap = softcap;
    return softcap !== undefined;
  }
  if (key === 'alibi' && (value === '0' || value === '1')) {
    versus.alibi = value === '1';
    return true;
  }
  const tile = key === 'tile' ? /^(\d{1,4})x(\d{1,4})$/.exec(value) : null;
  if (tile) versus.tile = { br: Number(tile[1]), bc: Number(tile[2]) };
  return tile !== null;
}
