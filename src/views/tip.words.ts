// The words of the explanation panel, in both languages.
export const tipWords = {
  title: { en: 'Where this number comes from', zh: '这个数从哪里来' },
  empty: {
    en: 'Point at a cell of any matrix, or move to one with Tab and the arrow keys: its arithmetic appears here with the captured numbers. Click or press Enter to pin it.',
    zh: '把指针移到任意矩阵的单元格上，或用 Tab 和方向键移动到它：这里会用捕获的数值写出它的算式。单击或按 Enter 可固定。',
  },
  ruleS: { en: 'how well a query fits a key', zh: '查询与键有多匹配' },
  ruleM: { en: 'the largest score of the row so far', zh: '这一行迄今的最大分数' },
  ruleP: { en: 'the weight of a key', zh: '一个键的权重' },
  ruleAlpha: { en: 'shrinks older sums as m rises', zh: 'm 变大时，缩小旧的累加值' },
  ruleL: { en: 'the sum of the weights', zh: '权重之和' },
  ruleO: { en: 'sum of weighted V; ÷ l at the end', zh: 'V 的加权和，最后 ÷ l' },
  colon: { en: ': ', zh: '：' },
  pinned: { en: 'pinned', zh: '已固定' },
  notYet: { en: 'Not written yet at this step.', zh: '到这一步还没有写入。' },
  noTerms: {
    en: 'Its inputs are not all known at this step, so there is nothing to add up.',
    zh: '它的输入在这一步尚未全部得知，因此没有可以相加的项。',
  },
  input: { en: 'An input: the kernel reads it from HBM and never changes it.', zh: '输入：核函数从 HBM 读取它，从不修改。' },
  masked: { en: 'Masked: this query does not see this key.', zh: '被掩码：该查询看不到此键。' },
  more: { en: (n: number) => `… ${n} more terms …`, zh: (n: number) => `……还有 ${n} 项……` },
  computed: { en: 'computed', zh: '计算所得' },
  differs: {
    en: 'The sum of these terms and the captured value differ by more than rounding, so both are shown.',
    zh: '这些项之和与捕获值之差超出舍入误差，因此两者都显示。',
  },
  line: { en: (n: number) => `written by source line ${n}`, zh: (n: number) => `由源代码第 ${n} 行写入` },
  terms: { en: 'Terms of the sum', zh: '求和各项' },
  at: { en: (row: string, col: string) => `row ${row}, column ${col}`, zh: (row: string, col: string) => `第 ${row} 行，第 ${col} 列` },
  atRow: { en: (row: string) => `row ${row}`, zh: (row: string) => `第 ${row} 行` },
  describe: {
    en: (cell: string, value: string) => `${cell} = ${value}.`,
    zh: (cell: string, value: string) => `${cell} = ${value}。`,
  },
} as const;
