// What happens in the phases of the backward pass and of LayerNorm, and why, in both languages.
import type { Dictionary, Language } from '../../words';

/** `rows`: of the workgroup; where it owns keys, those. */
export interface PhaseStory {
  what: Readonly<Record<Language, (rows: string) => string>>;
  why: Readonly<Record<Language, string>>;
}

export const opStoryWords = {
  moved: {
    en: (read: string, written: string) => ` ${read} read from HBM, ${written} written.`,
    zh: (read: string, written: string) => `读 HBM ${read}，写 ${written}。`,
  },
} satisfies Dictionary;

const rowSums: PhaseStory = {
  what: {
    en: (rows) => `D = rowsum(dO ∘ O), one number for each of rows ${rows}.`,
    zh: (rows) => `D = rowsum(dO ∘ O)：第 ${rows} 行每行一个数。`,
  },
  why: {
    en: 'The softmax’s own gradient takes D from every dP of a row; from dO and O it costs d products, from dP and P it would take N.',
    zh: 'softmax 的梯度要从一行的每个 dP 中减去 D；用 dO 和 O 只需 d 次乘法，用 dP 和 P 则要 N 次。',
  },
};

const weights: PhaseStory = {
  what: {
    en: (rows) => `P = exp(QKᵀ / √d − L) anew, for a tile; the workgroup has ${rows}.`,
    zh: (rows) => `为一个分块重算 P = exp(QKᵀ / √d − L)；此工作组负责 ${rows}。`,
  },
  why: {
    en: 'The forward pass stored no P. Its L = m + log l makes every weight final at once: no running maximum, no rescale.',
    zh: '前向没有保存 P。它留下的 L = m + log l 让每个权重一次到位：不需要滚动最大值，也不需要重新缩放。',
  },
};

const scoreGradients: PhaseStory = {
  what: {
    en: () => 'dS = P ∘ (dO Vᵀ − D): the gradient of the scores, in place of the weights.',
    zh: () => 'dS = P ∘ (dO Vᵀ − D)：分数的梯度，由权重得到。',
  },
  why: {
    en: 'What a weight gains its row’s other weights lose: that is the − D. It stays in workgroup memory, as P does.',
    zh: '一个权重增加多少，同行其他权重就减少多少：这就是 − D。它和 P 一样只留在共享内存中。',
  },
};

const backward: Readonly<Record<string, PhaseStory>> = {
  'D = rowsum(dO O)': rowSums,
  'dk-dv: load K,V': {
    what: {
      en: (keys) => `K and V of keys ${keys} go into workgroup memory, for good.`,
      zh: (keys) => `key ${keys} 的 K 和 V 载入共享内存，一直留在那里。`,
    },
    why: {
      en: 'This workgroup owns these keys: dK and dV grow in its registers while all rows that see them pass by.',
      zh: '此工作组拥有这些 key：看得到它们的各行依次经过，dK 和 dV 在寄存器中累加。',
    },
  },
  'dq: load K,V': {
    what: {
      en: (rows) => `The next keys’ K and V go into workgroup memory, for rows ${rows}.`,
      zh: (rows) => `下一块 key 的 K 和 V 载入共享内存，供第 ${rows} 行使用。`,
    },
    why: {
      en: 'This workgroup owns its rows, as in the forward pass: the keys pass by, and dQ grows in registers.',
      zh: '和前向一样，此工作组拥有这些行：key 依次经过，dQ 在寄存器中累加。',
    },
  },
  'dk-dv: load Q,dO': {
    what: {
      en: (keys) => `The next rows’ Q, dO, L and D go into workgroup memory, for keys ${keys}.`,
      zh: (keys) => `下一块行的 Q、dO、L、D 载入共享内存，供 key ${keys} 使用。`,
    },
    why: {
      en: 'Rows that see none of these keys are left out. Where heads share K and V, all of their rows pass by.',
      zh: '看不到这些 key 的行被跳过。多个头共享 K、V 时，这些头的行都要经过。',
    },
  },
  'dq: load Q,dO': {
    what: {
      en: (rows) => `Q, dO, L and D of rows ${rows} go into workgroup memory, for good.`,
      zh: (rows) => `第 ${rows} 行的 Q、dO、L、D 载入共享内存，一直留在那里。`,
    },
    why: {
      en: 'Two passes compute P twice: dK and dV add up over rows, dQ over keys, and no workgroup waits for another.',
      zh: '两遍各算一次 P：dK、dV 按行累加，dQ 按 key 累加，工作组之间互不等待。',
    },
  },
  'P = exp(QKᵀ - L)': weights,
  'dS = P(dOVᵀ - D)': scoreGradients,
  'dV += PᵀdO, dK += dSᵀQ': {
    what: {
      en: (keys) => `dV += Pᵀ dO and dK += dSᵀ Q, for keys ${keys}.`,
      zh: (keys) => `为 key ${keys} 累加 dV += Pᵀ dO、dK += dSᵀ Q。`,
    },
    why: {
      en: 'Both sums stay in registers from tile to tile: they go to HBM once, at the end.',
      zh: '两个和逐块留在寄存器中，最后才写一次 HBM。',
    },
  },
  'dQ += dSK': {
    what: {
      en: (rows) => `dQ += dS K, for rows ${rows}.`,
      zh: (rows) => `为第 ${rows} 行累加 dQ += dS K。`,
    },
    why: { en: 'It stays in registers until the last keys have passed.', zh: '它留在寄存器中，直到最后的 key 经过。' },
  },
  'write dK,dV': {
    what: {
      en: (keys) => `dK and dV of keys ${keys} are written, once.`,
      zh: (keys) => `key ${keys} 的 dK 和 dV 写出，只写一次。`,
    },
    why: { en: 'No atomics: nobody else adds to them.', zh: '不需要原子操作：没有别人会加到它们上面。' },
  },
  'write dQ': {
    what: {
      en: (rows) => `dQ of rows ${rows}, times 1 / √d, is written, once.`,
      zh: (rows) => `第 ${rows} 行的 dQ 乘以 1 / √d 后写出，只写一次。`,
    },
    why: {
      en: 'S was QKᵀ / √d, so its factor goes into dQ as into dK.',
      zh: 'S = QKᵀ / √d，这个系数同样进入 dQ 和 dK。',
    },
  },
  'S = QKᵀ': {
    what: {
      en: (rows) => `S = QKᵀ / √d for rows ${rows}, into HBM.`,
      zh: (rows) => `第 ${rows} 行的 S = QKᵀ / √d，写入 HBM。`,
    },
    why: { en: 'The standard way keeps everything of N × N in HBM.', zh: '标准做法把所有 N × N 的矩阵都放在 HBM 中。' },
  },
  'P = exp(S - L)': {
    what: {
      en: (rows) => `P = exp(S − L) for rows ${rows}, into HBM.`,
      zh: (rows) => `第 ${rows} 行的 P = exp(S − L)，写入 HBM。`,
    },
    why: weights.why,
  },
  'dV = PᵀdO': {
    what: { en: () => 'dV = Pᵀ dO, an element a thread.', zh: () => 'dV = Pᵀ dO，每个线程一个元素。' },
    why: { en: 'P is read back from HBM, once for each channel of dV.', zh: 'P 从 HBM 读回，dV 的每一维都要读一次。' },
  },
  'dP = dOVᵀ': {
    what: {
      en: (rows) => `dP = dO Vᵀ for rows ${rows}, into HBM.`,
      zh: (rows) => `第 ${rows} 行的 dP = dO Vᵀ，写入 HBM。`,
    },
    why: { en: 'How much each weight would change the loss.', zh: '每个权重对损失的影响。' },
  },
  'dS = P(dP - D)': {
    what: {
      en: (rows) => `dS = P ∘ (dP − D) for rows ${rows}, into HBM.`,
      zh: (rows) => `第 ${rows} 行的 dS = P ∘ (dP − D)，写入 HBM。`,
    },
    why: {
      en: 'What a weight gains its row’s other weights lose: that is the − D.',
      zh: '一个权重增加多少，同行其他权重就减少多少：这就是 − D。',
    },
  },
  'dQ = dSK': {
    what: { en: (rows) => `dQ = dS K / √d for rows ${rows}.`, zh: (rows) => `第 ${rows} 行的 dQ = dS K / √d。` },
    why: { en: 'dS is read back from HBM.', zh: 'dS 从 HBM 读回。' },
  },
  'dK = dSᵀQ': {
    what: { en: () => 'dK = dSᵀ Q / √d, an element a thread.', zh: () => 'dK = dSᵀ Q / √d，每个线程一个元素。' },
    why: { en: 'dS is read back once more, by columns.', zh: 'dS 再按列读回一次。' },
  },
};

const layernorm: Readonly<Record<string, PhaseStory>> = {
  'load X': {
    what: {
      en: (rows) => `X of rows ${rows} goes into registers; each thread adds up its part of a row.`,
      zh: (rows) => `第 ${rows} 行的 X 载入寄存器；每个线程先加出自己那部分的和。`,
    },
    why: {
      en: 'X is read from HBM once: mean, variance and Y all come from the registers.',
      zh: 'X 只从 HBM 读一次：均值、方差和 Y 都来自寄存器。',
    },
  },
  mean: {
    what: {
      en: (rows) => `The threads’ sums of rows ${rows} are added up, half of the threads at a time.`,
      zh: (rows) => `第 ${rows} 行各线程的和两两相加，每轮线程减半。`,
    },
    why: {
      en: 'Log₂ of the threads barriers instead of one after the other.',
      zh: '只需 log₂(线程数) 次 barrier，而不是逐个相加。',
    },
  },
  deviations: {
    what: {
      en: (rows) => `x − mean in place of x, for rows ${rows}, and the sums of its squares.`,
      zh: (rows) => `第 ${rows} 行以 x − 均值代替 x，并求平方和。`,
    },
    why: {
      en: 'Squares of deviations, not of x: rows far from zero lose no digits.',
      zh: '平方的是偏差而不是 x：远离零的行不损失精度。',
    },
  },
  variance: {
    what: {
      en: (rows) => `The sums of squares of rows ${rows} are added up, half of the threads at a time.`,
      zh: (rows) => `第 ${rows} 行的平方和两两相加，每轮线程减半。`,
    },
    why: {
      en: 'Beside them the deviations themselves, whose sum should be 0: what rounding left of it corrects the mean.',
      zh: '偏差本身也一并相加，其和应为 0：舍入剩下的部分用来修正均值。',
    },
  },
  'write Y': {
    what: {
      en: (rows) => `Y = (x − μ) · rstd · γ + β for rows ${rows}; μ and rstd beside it.`,
      zh: (rows) => `第 ${rows} 行的 Y = (x − μ) · rstd · γ + β；同时写出 μ 和 rstd。`,
    },
    why: {
      en: 'rstd = 1 / √(variance + ε), ε = 1e-5; the backward pass takes μ and rstd from here.',
      zh: 'rstd = 1 / √(方差 + ε)，ε = 1e-5；反向会用到这里的 μ 和 rstd。',
    },
  },
};

export const opStories: Readonly<Record<string, Readonly<Record<string, PhaseStory>>>> = {
  'attention-backward': backward,
  layernorm,
};
