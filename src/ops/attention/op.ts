// Attention, forward: O = softmax(scale QKᵀ + mask) V, and LSE of each row.
import type { Op, TensorSpec } from '../op';
import { isPooled } from './pages';
import { extentOf, type AttentionTensor } from './shape';

const spec = (
  id: AttentionTensor,
  planesOf: TensorSpec['planesOf'],
  ...axes: TensorSpec['axes']
): [string, TensorSpec] => [id, { planesOf, axes, extent: (shape) => extentOf(id, shape) }];

export const attention: Op = {
  id: 'attention',
  name: { en: 'Attention', zh: '注意力' },
  tensors: Object.fromEntries([
    spec('Q', 'heads', 'query', 'dim'),
    spec('K', 'kvHeads', 'key', 'dim'),
    spec('V', 'kvHeads', 'key', 'dim'),
    spec('S', 'heads', 'query', 'key'),
    spec('P', 'heads', 'query', 'key'),
    spec('O', 'heads', 'query', 'dim'),
    spec('LSE', 'heads', 'query', 'one'),
    spec('L', 'heads', 'query', 'one'),
    spec('M', 'heads', 'query', 'one'),
    spec('OPart', 'heads', 'part', 'dim'),
    spec('ML', 'heads', 'part', 'one'),
    spec('KPool', 'blocks', 'slot', 'dim'),
    spec('VPool', 'blocks', 'slot', 'dim'),
    spec('Table', 'one', 'request', 'one'),
    spec('Requests', 'one', 'request', 'one'),
  ]),
  inputs: (shape) => (isPooled(shape) ? ['Q', 'KPool', 'VPool'] : ['Q', 'K', 'V']),
  outputs: ['O', 'LSE'],
  chip: ['m', 'l', 'alpha'],
};
