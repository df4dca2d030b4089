// What happened in a step, and why: one sentence each, with the numbers of the trace. Ranges and numbers come in
// already written out.
import { maskNamed } from '../shared/mask.words';
import type { Dictionary } from '../../words';
import { one, some } from '../../ui/format';
import { phaseName } from '../shared/phases.words';
import { plural } from '../../ui/whole';
import { rewrittenWords } from './rewritten.words';

export const sentenceWords = {
  ...rewrittenWords,
  maskName: maskNamed,
  capturing: {
    en: (workgroup: number) => `Workgroup id ${workgroup} is being captured.`,
    zh: (workgroup: number) => `正在采集工作组 id ${workgroup}。`,
  },
  capturingWhy: {
    en: 'The state of a workgroup is recorded one at a time; bytes of all workgroups are already counted.',
    zh: '每次只采集一个工作组的内部状态；所有工作组的字节数已经数完。',
  },

  line: {
    en: (line: number, thread: number, name: string, value: string, index: number, count: number) =>
      `Line ${line}: thread ${thread} sets ${name} = ${value} (assignment ${index} of ${count} in this phase).`,
    zh: (line: number, thread: number, name: string, value: string, index: number, count: number) =>
      `第 ${line} 行：线程 ${thread} 得到 ${name} = ${value}（本阶段第 ${index}/${count} 次赋值）。`,
  },
  lineWhy: {
    en: (phase: string) =>
      `It is part of “${phase}”; the pictures stand as before the phase, for only this one thread is logged line by line.`,
    zh: (phase: string) =>
      `这是“${phaseName(phase, 'zh')}”阶段里的一行；只有这一个线程逐行记录，其余画面停在本阶段开始之前。`,
  },
  lineLast: {
    en: (phase: string) => `With it the thread is done with “${phase}”; the pictures now show the end of the phase.`,
    zh: (phase: string) => `这个线程在“${phaseName(phase, 'zh')}”阶段的工作到此结束，画面显示的是阶段结束时的状态。`,
  },

  loadQ: {
    en: (workgroup: number, rows: string, bytes: string) =>
      `Workgroup id ${workgroup} loads ${some('row', rows)} of Q from HBM into workgroup memory (SRAM): ${bytes}.`,
    zh: (workgroup: number, rows: string, bytes: string) =>
      `工作组 id ${workgroup} 把 Q 的第 ${rows} 行从 HBM 读进共享内存（SRAM），共 ${bytes}。`,
  },
  loadQWhy: {
    en: 'Each row of Q is read from HBM once and then meets every key tile that its block goes through. A workgroup is CUDA’s thread block, in an order of ours.',
    zh: 'Q 的每一行只从 HBM 读一次，之后和这个工作组要处理的每个 K 分块相乘时都复用。工作组 ≈ CUDA 线程块，播放顺序由本页安排。',
  },
  loadQRegisters: {
    en: (workgroup: number, rows: string, bytes: string, factor: string) =>
      `Workgroup id ${workgroup} loads ${some('row', rows)} of Q from HBM into registers, whole rows a lane, times ${factor}: ${bytes}.`,
    zh: (workgroup: number, rows: string, bytes: string, factor: string) =>
      `工作组 id ${workgroup} 把 Q 的第 ${rows} 行从 HBM 读进寄存器，每个 lane 拿整行，并乘以 ${factor}，共 ${bytes}。`,
  },
  loadQRegistersWhy: {
    en: 'What one lane owns alone needs no workgroup memory and no barrier. A workgroup is CUDA’s thread block, a subgroup its warp; their order is ours.',
    zh: '一个 lane 独占的数据不需要共享内存，也不需要同步。工作组 ≈ CUDA 线程块，subgroup ≈ warp，播放顺序由本页安排。',
  },
  loadQRow: {
    en: (workgroup: number, row: string, bytes: string, factor: string) =>
      `Workgroup id ${workgroup} loads query row ${row} from HBM into the registers of every thread, times ${factor}: ${bytes}.`,
    zh: (workgroup: number, row: string, bytes: string, factor: string) =>
      `工作组 id ${workgroup} 把 Q 的第 ${row} 行从 HBM 读进每个线程的寄存器，并乘以 ${factor}，共 ${bytes}。`,
  },
  loadQRowWhy: {
    en: 'Decoding has one query row a sequence: all the work is reading K and V once. A workgroup is CUDA’s thread block, in an order of ours.',
    zh: 'decode 时每个序列只有一行 Q，几乎全部工作就是把 K 和 V 读一遍。工作组 ≈ CUDA 线程块，播放顺序由本页安排。',
  },
  loadQRowsWhy: {
    en: (rows: number) =>
      `A workgroup of this kernel has one query row: ${plural(rows, 'row')} of a head read K and V ${plural(rows, 'time')}, as far as each sees. A workgroup is CUDA’s thread block, in an order of ours.`,
    zh: (rows: number) =>
      `这个 kernel 的一个工作组只处理一行 Q：每个头 ${rows} 行，K 和 V 就读 ${rows} 遍（只读到各行看得到的地方）。工作组 ≈ CUDA 线程块，播放顺序由本页安排。`,
  },
  loadQK: {
    en: (workgroup: number, rows: string, bytes: string, factor: string) =>
      `Workgroup id ${workgroup} loads ${some('row', rows)} of Q, times ${factor}, and the first tile of K from HBM into SRAM: ${bytes}.`,
    zh: (workgroup: number, rows: string, bytes: string, factor: string) =>
      `工作组 id ${workgroup} 把 Q 的第 ${rows} 行（乘以 ${factor}）和 K 的第一个分块从 HBM 读进 SRAM，共 ${bytes}。`,
  },
  begin: {
    en: 'Every thread clears its registers: m begins below any score, l and O at 0.',
    zh: '每个线程初始化寄存器：m 取比任何分数都小的数，l 和 O 取 0。',
  },
  beginWhy: {
    en: 'Behind this barrier all of Q and the first K are there for every thread to read.',
    zh: '过了这道同步，Q 和第一个 K 分块已全部就位，任何线程都可以读。',
  },
  loadVK: {
    en: (tile: number, tiles: number, bytes: string) =>
      `Tile ${tile} of ${tiles}: its V and the K of the next tile come from HBM into SRAM, ${bytes}.`,
    zh: (tile: number, tiles: number, bytes: string) =>
      `分块 ${tile}/${tiles}：它的 V 和下一个分块的 K 从 HBM 读进 SRAM，共 ${bytes}。`,
  },
  loadVLast: {
    en: (tile: number, tiles: number, bytes: string) =>
      `Tile ${tile} of ${tiles}: its V comes from HBM into SRAM, ${bytes}; no tile of K is left to load.`,
    zh: (tile: number, tiles: number, bytes: string) =>
      `分块 ${tile}/${tiles}：它的 V 从 HBM 读进 SRAM，共 ${bytes}；K 已没有下一个分块。`,
  },
  loadVLastWhy: {
    en: 'The block sees no key after this tile: its V is all that is still to come.',
    zh: '这之后没有这个工作组看得到的 key，只剩这个分块的 V 要读。',
  },
  loadVKWhy: {
    en: 'The scores of this tile are done, so its K may go: loading the next one now saves a barrier a tile.',
    zh: '这个分块的分数已经算完，它的 K 不再需要：现在就预取下一个，每个分块少一次同步。',
  },
  loadKV: {
    en: (tile: number, tiles: number, keys: string, bytes: string) =>
      `Tile ${tile} of ${tiles}: K and V of ${some('key', keys)} come from HBM into SRAM, ${bytes}.`,
    zh: (tile: number, tiles: number, keys: string, bytes: string) =>
      `分块 ${tile}/${tiles}：key ${keys} 的 K 和 V 从 HBM 读进 SRAM，共 ${bytes}。`,
  },
  loadKVWhy: {
    en: (rows: number) =>
      rows === 1
        ? 'The block has one query row, so nothing shares this tile: it is read from HBM for that row alone.'
        : `All ${plural(rows, 'query row')} of the block share this tile, so HBM is read once for all of them, not once a row.`,
    zh: (rows: number) =>
      rows === 1
        ? '这个工作组只有一行 Q，没有别的行共用这个分块：从 HBM 读来只给这一行用。'
        : `这个工作组的 ${rows} 行 Q 共用这个分块，HBM 只需读一次，而不是每行各读一次。`,
  },
  loadLastCausal: {
    en: (skipped: number) =>
      `This is the last tile that the block may see: the causal mask hides the ${plural(skipped, 'tile')} after it, ${skipped === 1 ? 'which is' : 'which are'} never loaded.`,
    zh: (skipped: number) => `这是这个工作组看得到的最后一个分块：后面 ${skipped} 个被因果掩码完全遮住，根本不读。`,
  },
  scores: {
    en: (rows: string, keys: string, bytes: string) =>
      `Scores of ${some('row', rows)} against ${some('key', keys)} are computed from SRAM (${bytes} read there)`,
    zh: (rows: string, keys: string, bytes: string) =>
      `用 SRAM 中的数据算出第 ${rows} 行对 key ${keys} 的分数（读 SRAM ${bytes}）`,
  },
  scoresRegisters: {
    en: (rows: string, keys: string, bytes: string) =>
      `Scores of ${some('row', rows)} against ${some('key', keys)}, whose K comes straight from HBM (${bytes})`,
    zh: (rows: string, keys: string, bytes: string) =>
      `直接从 HBM 读取 K（${bytes}），算出第 ${rows} 行对 key ${keys} 的分数`,
  },
  scoresRegistersWhy: {
    en: 'Four lanes read a row of K together, a quarter each, and hand it round: each number is used for all rows that these lanes own.',
    zh: '四个 lane 合读 K 的一行，各读四分之一，再用 shuffle 互相传递：每个数供这几个 lane 负责的所有行使用。',
  },
  scoresRowWhy: {
    en: 'This workgroup has one query row: it uses every number of K once, so there is nothing to keep, and memory alone sets the pace.',
    zh: '这个工作组只有一行 Q，K 的每个数只用一次，没有可复用的数据：快慢全看内存带宽。',
  },
  scoresPageWhy: {
    en: (logical: number, physical: number) =>
      `The block table says where these keys lie: logical block ${logical} is block ${physical} of the pool. One look-up serves the whole step.`,
    zh: (logical: number, physical: number) =>
      `这些 key 在哪里由块表决定：逻辑块 ${logical} 是池中的块 ${physical}。每一步只查一次表。`,
  },
  base2: {
    en: ' The kernel keeps scores times log₂e, so that exp is one exp2; they are shown divided by it.',
    zh: 'kernel 保存的分数乘有 log₂e，exp 因而只需一次 exp2；这里显示的是除回之后的值。',
  },
  scoresTop: {
    en: (row: number, s: string, key: number) => `; row ${row} is largest at key ${key}: s = ${s}.`,
    zh: (row: number, s: string, key: number) => `；第 ${row} 行在 key ${key} 处最大，s = ${s}。`,
  },
  scoresMasked: {
    en: (row: number) => `; for row ${row} all of them are masked.`,
    zh: (row: number) => `；对第 ${row} 行来说全部被掩掉。`,
  },
  stop: { en: '.', zh: '。' },
  between: { en: ' ', zh: '' },
  scoresWhy: {
    en: (hbm: string) =>
      `This tile of S lives in SRAM only and is overwritten by P next: HBM traffic of the step is ${hbm}.`,
    zh: (hbm: string) => `这一块 S 只在 SRAM 里，下一步就被 P 原地覆盖：这一步的 HBM 访存量是 ${hbm}。`,
  },
  scoresHiddenWhy: {
    en: (mask: string, masked: number, of: number, row: number) =>
      `The mask, ${mask}, hides ${masked} of these ${plural(of, 'key')} from row ${row}: they must get p = 0.`,
    zh: (mask: string, masked: number, of: number, row: number) =>
      `掩码（${mask}）对第 ${row} 行遮住了这 ${of} 个 key 中的 ${masked} 个，它们的 p 必须为 0。`,
  },
  scoresMaskWhy: {
    en: (masked: number, of: number, row: number) =>
      `The causal mask hides ${masked} of these ${plural(of, 'key')} from row ${row}: they lie in its future and must get p = 0.`,
    zh: (masked: number, of: number, row: number) =>
      `因果掩码对第 ${row} 行遮住了这 ${of} 个 key 中的 ${masked} 个：它们在这一行之后，p 必须为 0。`,
  },

  softmaxBlock: {
    en: (rows: string, keys: string) =>
      `Online softmax of ${some('row', rows)} over ${some('key', keys)}: each row updates m, l and α, and S becomes P.`,
    zh: (rows: string, keys: string) =>
      `第 ${rows} 行在 key ${keys} 上做在线 softmax：每行更新 m、l、α，S 原地变成 P。`,
  },
  softmaxFirst: {
    en: (row: number, m: string, l: string) =>
      `Row ${row}, first tile: the maximum is m = ${m} and l = Σ exp(s − m) = ${l}.`,
    zh: (row: number, m: string, l: string) => `第 ${row} 行，第一个分块：最大值 m = ${m}，l = Σ exp(s − m) = ${l}。`,
  },
  softmaxFirstWhy: {
    en: (alpha: string) =>
      `α = ${alpha}, since m starts at a large negative number; there was nothing to rescale yet, l and O were 0.`,
    zh: (alpha: string) => `α = ${alpha}，因为 m 的初值是极大的负数；此时 l 和 O 还是 0，没有东西要缩放。`,
  },
  softmaxRises: {
    en: (row: number, mOld: string, m: string, alpha: string, lOld: string, sum: string, l: string) =>
      `Row ${row}: m rises from ${mOld} to ${m}, so α = ${alpha} and l = ${alpha} × ${lOld} + ${sum} = ${l}.`,
    zh: (row: number, mOld: string, m: string, alpha: string, lOld: string, sum: string, l: string) =>
      `第 ${row} 行：m 从 ${mOld} 升到 ${m}，于是 α = ${alpha}，l = ${alpha} × ${lOld} + ${sum} = ${l}。`,
  },
  softmaxRisesWhy: {
    en: 'All exponentials of a row must share one maximum: α = exp(m_old − m) converts the older sums, so S is never needed a second time.',
    zh: '同一行的 exp 必须减去同一个最大值：用 α = exp(m_old − m) 把旧的累加值换算过来，S 就不必再看第二遍。',
  },
  softmaxStays: {
    en: (row: number, m: string, lOld: string, sum: string, l: string) =>
      `Row ${row}: m stays ${m}, so α = 1 and l = ${lOld} + ${sum} = ${l}.`,
    zh: (row: number, m: string, lOld: string, sum: string, l: string) =>
      `第 ${row} 行：m 仍是 ${m}，α = 1，l = ${lOld} + ${sum} = ${l}。`,
  },
  softmaxStaysWhy: {
    en: 'No score of this tile beats the maximum so far; older sums stay as they are and the new p are simply added.',
    zh: '这个分块里没有分数超过之前的最大值，旧的累加值不变，直接加上新的 p。',
  },
  softmaxLater: {
    en: (row: number, m: string, alpha: string) =>
      `Row ${row}: the maximum is now m = ${m}, so α = ${alpha}; every thread turns its scores into p.`,
    zh: (row: number, m: string, alpha: string) =>
      `第 ${row} 行：最大值现为 m = ${m}，于是 α = ${alpha}；每个线程把自己的分数变成 p。`,
  },
  softmaxLaterWhy: {
    en: 'Threads share their largest scores and their sums of p through workgroup memory; l takes the sums in with the next step, so no further barrier is needed.',
    zh: '各线程经共享内存交换最大分数与 p 的部分和；l 在后面的步骤里并入这些和，因此不必再加一次同步。',
  },
  softmaxMasked: {
    en: (row: number, m: string, l: string) =>
      `Row ${row}: every key of this tile is masked, so all p are 0; m stays ${m} and l stays ${l}.`,
    zh: (row: number, m: string, l: string) =>
      `第 ${row} 行：这个分块的 key 全被掩掉，p 全为 0；m 仍是 ${m}，l 仍是 ${l}。`,
  },
  softmaxMaskedWhy: {
    en: 'The tile is on the block’s diagonal: later rows of the block see part of it, this row none.',
    zh: '这个分块落在对角线上：工作组里靠后的行看得到一部分，这一行一个也看不到。',
  },
  softmaxBlockWhy: {
    en: 'A running maximum and sum per row make softmax possible tile by tile, without the whole row of S.',
    zh: '每行只维护一个最大值和一个累加和，就能逐个分块做完 softmax，不需要整行 S。',
  },

  output: {
    en: (rows: string, keys: string) =>
      `O of ${some('row', rows)}, in registers, takes in ${some('key', keys)}: O = α O + P V.`,
    zh: (rows: string, keys: string) => `寄存器里第 ${rows} 行的 O 并入 key ${keys}：O = α O + P V。`,
  },
  outputRow: {
    en: (row: number, alpha: string) => ` For row ${row}, α = ${alpha}.`,
    zh: (row: number, alpha: string) => `第 ${row} 行的 α = ${alpha}。`,
  },
  outputWhy: {
    en: (hbm: string) =>
      `O stays unnormalised until the end (FlashAttention-2), and neither P nor O touches HBM: ${hbm} in this step.`,
    zh: (hbm: string) =>
      `O 到最后才做归一化（FlashAttention-2 的做法）；P 和 O 都不经过 HBM：这一步的 HBM 访存量是 ${hbm}。`,
  },
  outputRegistersWhy: {
    en: (bytes: string) =>
      `V comes straight from HBM, ${bytes}; O stays in registers and unnormalised until the end (FlashAttention-2), and P touches no memory at all.`,
    zh: (bytes: string) =>
      `V 直接来自 HBM（${bytes}）；O 留在寄存器里，到最后才归一化（FlashAttention-2 的做法），P 连共享内存也不写。`,
  },
  outputRowWhy: {
    en: (bytes: string) =>
      `V comes straight from HBM, ${bytes}, each thread taking its own dimensions of it; O stays in registers until the end.`,
    zh: (bytes: string) => `V 直接来自 HBM（${bytes}），每个线程负责 O 的几维；O 一直留在寄存器里，直到最后。`,
  },
  writePart: {
    en: (bytes: string) => `This part's O, not yet divided by l, goes to HBM with its m and l: ${bytes}.`,
    zh: (bytes: string) => `这一段的 O（尚未除以 l）连同它的 m 和 l 写到 HBM，共 ${bytes}。`,
  },
  writePartWhy: {
    en: 'Parts know nothing of each other, so they run at the same time on many cores; the second pass makes one row of them (Flash-Decoding).',
    zh: '各段互不依赖，可以在很多核上同时算；第二个 pass 再把它们合成一行（Flash-Decoding）。',
  },
  mergeSums: {
    en: (parts: number, bytes: string) =>
      `m and l of ${plural(parts, 'part')} are read, ${bytes}: the largest m is the row's, and l = Σ exp(m of the part − m) · l of the part.`,
    zh: (parts: number, bytes: string) =>
      `读入 ${parts} 段的 m 和 l（${bytes}）：最大的 m 就是整行的 m，l = Σ exp(该段 m − m) · 该段 l。`,
  },
  mergeSumsWhy: {
    en: 'It is the online softmax once more: α = exp(m_old − m) converts sums that were made against different maxima.',
    zh: '这还是在线 softmax：α = exp(m_old − m) 把以不同最大值算出的和换算到一起。',
  },
  mergeO: {
    en: (parts: number, rows: string, bytes: string) =>
      `O of ${plural(parts, 'part')}, each times its α, is added up and divided by l: row ${rows} of O is written with its LSE, ${bytes}.`,
    zh: (parts: number, rows: string, bytes: string) =>
      `${parts} 段的 O 各乘以自己的 α 后相加，再除以 l：写出 O 的第 ${rows} 行及其 LSE，共 ${bytes}。`,
  },
  mergeOWhy: {
    en: 'The merge reads one O, m and l a part: that, written and read again, is what splitting costs; it buys as many workgroups as parts.',
    zh: '合并时每段只读一份 O、m、l：这份结果写出再读回，就是切分的代价，换来和段数一样多的工作组。',
  },
  write: {
    en: (rows: string, bytes: string) =>
      `${some('Row', rows)} of O ${one(rows) ? 'is' : 'are'} divided by l and written to HBM with ${one(rows) ? 'its' : 'their'} LSE = m + ln l: ${bytes}.`,
    zh: (rows: string, bytes: string) => `第 ${rows} 行的 O 除以 l，连同 LSE = m + ln l 写回 HBM，共 ${bytes}。`,
  },
  writeWhy: {
    en: (rows: number, keys: number, bytes: string) =>
      `It is the only store of the workgroup: its ${rows} × ${keys} part of S and of P, ${bytes} each, was never written to HBM.`,
    zh: (rows: number, keys: number, bytes: string) =>
      `这是该工作组唯一一次写 HBM：它那 ${rows} × ${keys} 的 S 和 P（各 ${bytes}）从未落到 HBM。`,
  },

  naiveScores: {
    en: (workgroup: number, rows: string, keys: string, read: string, written: string) =>
      `Workgroup id ${workgroup} computes S for ${some('row', rows)} and ${some('key', keys)}, one thread a score: ${read} requested from HBM, ${written} of S written.`,
    zh: (workgroup: number, rows: string, keys: string, read: string, written: string) =>
      `工作组 id ${workgroup} 计算第 ${rows} 行对 key ${keys} 的 S，一个线程算一个分数：从 HBM 读 ${read}，写出 ${written} 的 S。`,
  },
  naiveScoresWhy: {
    en: (bytes: string) =>
      `Every thread fetches its own row of Q and of K; caches may serve most of it. All of S, ${bytes} a head, goes to HBM. A workgroup is CUDA’s thread block, in an order of ours.`,
    zh: (bytes: string) =>
      `每个线程各自读取一行 Q 和一行 K，大部分可能命中缓存。整个 S（每个头 ${bytes}）都要写进 HBM。工作组 ≈ CUDA 线程块，播放顺序由本页安排。`,
  },
  rowMax: {
    en: (rows: string, read: string) =>
      `One thread a row: the maximum of ${one(rows) ? '' : 'each of '}${some('row', rows)} of S is found, ${read} read back from HBM.`,
    zh: (rows: string, read: string) => `一个线程负责一行：从 HBM 读回 ${read} 的 S，求出第 ${rows} 行各自的最大值。`,
  },
  rowMaxOf: {
    en: (row: number, m: string) => ` Row ${row}: m = ${m}.`,
    zh: (row: number, m: string) => `第 ${row} 行：m = ${m}。`,
  },
  rowMaxWhy: {
    en: 'exp overflows f32 above 88: with the row’s maximum subtracted every exponent is at most 0.',
    zh: 'f32 的 exp 在 88 以上就会溢出：减去整行最大值后，指数都不大于 0。',
  },
  rowSum: {
    en: (rows: string, read: string) =>
      `${some('Row', rows)} of S ${one(rows) ? 'is' : 'are'} read a second time, ${read}, to add up exp(s − m).`,
    zh: (rows: string, read: string) => `把第 ${rows} 行的 S 再读一遍（${read}），累加 exp(s − m)。`,
  },
  rowSumOf: {
    en: (row: number, l: string) => ` Row ${row}: l = ${l}.`,
    zh: (row: number, l: string) => `第 ${row} 行：l = ${l}。`,
  },
  rowSumWhy: {
    en: 'The sum needs the final maximum, so a pass of its own is needed here; the online form folds both into one by rescaling with α.',
    zh: '求和要用到最终的最大值，所以要单独再扫一遍；在线 softmax 用 α 缩放，把两遍合成一遍。',
  },
  writeP: {
    en: (rows: string, read: string, written: string) =>
      `${some('Row', rows)} of S ${one(rows) ? 'is' : 'are'} read a third time, ${read}, and P = exp(s − m) / l is written: ${written}.`,
    zh: (rows: string, read: string, written: string) =>
      `第三次读第 ${rows} 行的 S（${read}），并写出 P = exp(s − m) / l：${written}。`,
  },
  writePWhy: {
    en: (bytes: string) => `Now P exists in HBM too, ${bytes} a head: the traffic that FlashAttention avoids.`,
    zh: (bytes: string) => `这样 P 也完整地落在 HBM 里（每个头 ${bytes}）：FlashAttention 省掉的正是这部分访存。`,
  },
  naiveOutput: {
    en: (workgroup: number, rows: string, cols: string, read: string, written: string) =>
      `Workgroup id ${workgroup} computes O = P V for ${some('row', rows)} and ${some('channel', cols)}: ${read} of P and V requested, ${written} of O written.`,
    zh: (workgroup: number, rows: string, cols: string, read: string, written: string) =>
      `工作组 id ${workgroup} 计算第 ${rows} 行、第 ${cols} 维的 O = P V：从 HBM 读 P 和 V 共 ${read}，写出 O ${written}。`,
  },
  naiveOutputWhy: {
    en: 'P comes back from HBM; each thread walks a row of P and a column of V for one number of O.',
    zh: 'P 又从 HBM 读回来；每个线程扫完 P 的一行、V 的一列，只得到 O 的一个数。',
  },
  other: {
    en: (phase: string, read: string, written: string) =>
      `Phase “${phase}”: ${read} read from HBM, ${written} written.`,
    zh: (phase: string, read: string, written: string) =>
      `阶段“${phaseName(phase, 'zh')}”：读 HBM ${read}，写 HBM ${written}。`,
  },
  otherWhy: {
    en: 'The bytes are counted by the instrumented kernel.',
    zh: '字节数由插桩后的 kernel 计数得到。',
  },
} as const satisfies Dictionary;
