// The protocol, word for word: what bench/ does, in the order in which it does it.
import type { Dictionary } from '../../words';

export const protocolWords = {
  title: { en: 'How every figure here was measured', zh: '每个数字是如何测得的' },
  titleBefore: { en: 'How it is measured, word for word', zh: '测量方法（全文）' },
  p1: {
    en: 'What runs is the plain text of each kernel, as the Step lab shows it, without instrumentation; sizes are constants in that text, so each N is compiled anew. Inputs are seeded, with unit variance.',
    zh: '运行的是单步实验室里显示的各 kernel 原始源码，没有插桩；尺寸是源码里的常量，因此每个 N 都重新编译。输入由种子生成，方差为一。',
  },
  pq: {
    en: 'N is the number of keys. There are as many queries, or one: the last, as when a model generates a token. One query sees every key under either mask, so it is measured once. In the Time lab “paged” reads K and V through a block table whose blocks of 16 keys lie scattered in a larger pool; slots that nobody owns hold poison.',
    zh: 'N 是 key 的个数。query 要么同样多，要么只有一个：即最后一个，如同模型生成一个 token 时。无论哪种掩码，这一个 query 都能看到全部 key，因此只测一次。在测速实验室里，“paged”经由块表读取 K 与 V：每个 KV 块 16 个 key，打散在更大的池里；没人用的槽里是毒值。',
  },
  p2: {
    en: 'Each player is compiled, then warmed up twice. Runs are batched until a sample is at least 10 ms long. A run with much work is cut by heads and query rows into several submits, so that no submit comes near the watchdog; the cuts are the same for every kernel.',
    zh: '每个参与者先编译，再热身两次；把多次运行合成一批，使每个样本不短于 10 ms。工作量大的运行按头与 query 行切成多次提交，免得触发 GPU 看门狗；各 kernel 的切法相同。',
  },
  p3: {
    en: 'Players take turns: A B C, B C A, C A B. Up to 12 rounds within the seconds a point may take; n is shown, and below 5 rounds nothing is concluded.',
    zh: '参与者轮流：A B C、B C A、C A B。在每点的时间预算内至多 12 轮；n 会显示，不足 5 轮不下结论。',
  },
  p4: {
    en: 'In the same rounds run: the quickest kernel once more (the A/A control), a multiply-add probe, a copy probe and an empty submit. So a figure also reads as a share of what this device did at that moment.',
    zh: '同一轮里还运行：最快的 kernel 再来一次（A/A 对照）、乘加峰值测试、复制带宽测试和一次空 submit。因此每个数字也可以看作本设备当时能力的百分之几。',
  },
  p5: {
    en: 'Reported are the median, p10 and p90 of the rounds. The ratio is taken round by round and then summarised: what slows the machine slows both players of a round.',
    zh: '报告各轮的中位数、p10 与 p90。比值先逐轮求出再汇总：让机器变慢的因素会同时影响同一轮的双方。',
  },
  p6: {
    en: 'If the control’s median is off by more than 5 % there is no verdict, and the verdict says so; if p10–p90 of the ratio spans 1 it is “no measurable difference”. Either way nobody is called the winner. Losing is drawn like winning.',
    zh: '若对照的中位数偏差超过 5 %，则不下结论并说明；若比值的 p10–p90 跨过 1，结论为“没有可测出的差别”。两种情况都不判胜者。输与赢以同样方式画出。',
  },
  p7: {
    en: 'The clock is the GPU’s own timestamps where the device has timestamp-query (Chrome rounds them to 100 µs unless told otherwise; a reading that is not positive is discarded), else the wall clock from submit to done, with the empty submit shown. The clock’s smallest step is measured and printed.',
    zh: '若设备支持 timestamp-query，用 GPU 自己的时间戳（Chrome 默认取整到 100 µs；非正读数作废）；否则用从 submit 到完成的 wall time，并给出空 submit 的耗时。时钟的最小步长实测后列出。',
  },
  p8: {
    en: 'After the timed rounds the answers are read back, and rows of every head are compared with an f64 reference. A kernel that is wrong has no time.',
    zh: '测速之后读回结果，把每个头的若干行与 f64 参考比较。算错的 kernel 没有耗时。',
  },
  p9: {
    en: 'A hidden tab or a lost focus throws the round away and pauses the sweep. No picture moves meanwhile.',
    zh: '标签页被隐藏或失去焦点时，该轮作废并暂停测量。其间没有动画。',
  },
  p10: {
    en: 'Small N come first. What they took predicts what longer ones take; where that is doubtful a kernel is run once first. One with which seven rounds would pass the point’s budget is skipped there, and the table says so. A run that does not fit a limit of the device is not shortened: it is refused, with the limit.',
    zh: '先测小的 N，并据此预测更大的 N；拿不准时先单独运行一次。若加上某 kernel 后七轮会超出该点预算，则在该点跳过它，并在表中说明。超过设备上限的运行不会被缩短，而是连同上限一起标为拒绝。',
  },
  p11: {
    en: 'The wall of a kernel is the smallest N that its card refuses on this device’s limits; that buffer is then really asked for inside an error scope, and the browser’s own words are shown.',
    zh: 'kernel 的上限是其卡片按本设备限制拒绝的最小 N；随后在错误作用域内真的申请该缓冲区，并显示浏览器的原话。',
  },
  p12: {
    en: '“tiled-tuned” is the tiled kernel and tile that won a race on this device before the sweep, at the length shown: every tiled kernel (for one query also those made for decoding, paged excepted), three rounds in turns, then seven rounds between the tiles of those within 1.3 × of the fastest. The sweep then times it like any other kernel, in rounds of its own.',
    zh: '“tiled-tuned”是扫描之前在本设备上比赛胜出的分块 kernel 及其分块大小（比赛长度已标明）：所有分块 kernel（只有一个 query 时还有为解码而写的 kernel，paged 除外）轮流跑三轮，再在耗时不超过最快者 1.3 倍的 kernel 的各种分块之间跑七轮。之后它与其他 kernel 一样，在扫描的各轮中重新测速。',
  },
} as const satisfies Dictionary;
