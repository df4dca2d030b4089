// Counts of parameters: the closed forms against the tensors of the shipped file, and against the sums that the papers
// publish.
import { expect, test } from 'vitest';
import { countedParts, kvBytes, NETS, netOf, parametersOf, partsOf } from './ledger';
import metrics from './metrics.json';
import { shipped } from './testing/shipped';

test('the small model: each part is what its tensors hold, and the sum is the file’s', () => {
  const counted = countedParts(shipped);
  const net = netOf(shipped.config);
  expect(Object.fromEntries(partsOf(net).map(({ id, count }) => [id, count]))).toEqual(counted);
  expect(Object.values(counted).reduce((a, b) => a + b, 0)).toBe(metrics.parameters);
  expect(parametersOf(net)).toBe(3_124_992);
  expect(kvBytes(net, 4)).toBe(6144);
});

test('GPT-3 and Llama 2 7B', () => {
  const blocks = partsOf(NETS.gpt3).filter(({ id }) => id === 'attention' || id === 'ffn');
  expect(blocks.reduce((sum, { count }) => sum + count, 0)).toBe(173_946_175_488);
  expect(parametersOf(NETS.gpt3)).toBe(174_604_259_328);
  expect(parametersOf(NETS.llama2)).toBe(6_738_415_616);
  // 32 layers, 32 heads of 128, fp16.
  expect(kvBytes(NETS.llama2, 2)).toBe(524_288);
  expect(kvBytes({ ...NETS.llama2, kvHeads: 8 }, 2)).toBe(131_072);
});

test('fewer KV heads make K and V smaller, and nothing else', () => {
  const [whole, shared] = [partsOf(NETS.llama2), partsOf({ ...NETS.llama2, kvHeads: 1 })];
  const d = NETS.llama2.width;
  expect(whole[1]!.count - shared[1]!.count).toBe(32 * 2 * d * (d - 128));
  expect(whole.filter(({ id }) => id !== 'attention')).toEqual(shared.filter(({ id }) => id !== 'attention'));
});
