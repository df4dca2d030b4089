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
    en: 'Each player is compiled, then warmed up twice. Runs are batched, and the batch grown, until the clock in use reads a sample of at least 10 ms (by the wall clock also ten of the steps in which this browser tells “done”, as far as the budget goes); the shortest sample stands in the table. Where one comes out shorter, the rounds begin anew with a larger batch, as long as five still fit the budget. A run with much work is cut by heads and query rows into several submits, so that no submit comes near the watchdog; the cuts are the same for every kernel.',
    zh: '每个参与者先编译，再热身两次；把多次运行合成一批，并增大批次，直到时钟读出的样本不短于 10 ms（用 wall time 时还要含浏览器告知完成的十个步长，以预算为限）；最短样本列在表中。若有样本更短，则增大批次、各轮重新开始，只要预算还够五轮。工作量大的运行按头与 query 行切成多次提交，免得触发 GPU 看门狗；各 kernel 的切法相同。',
  },
  p3: {
    en: 'Players take turns: A B C, B C A, C A B. Up to 12 rounds within the seconds a point may take; n is shown, and below 5 rounds nothing is concluded.',
    zh: '参与者轮流：A B C、B C A、C A B。在每点的时间预算内至多 12 轮；n 会显示，不足 5 轮不下结论。',
  },
  p4: {
    en: 'In the same rounds run: the quickest kernel once more (the A/A control), a probe of f32 multiply-adds (no tensor cores: WGSL has none), a copy probe and an empty submit. The copy’s two buffers double until one copy takes 2 ms, a limit stands in the way or both are 1 GiB: four times the largest last cache that a GPU has; their size stands beside the rate. So a figure also reads as a share of what this device did at that moment.',
    zh: '同一轮里还运行：最快的 kernel 再来一次（A/A 对照）、f32 乘加峰值测试（不含 Tensor Core：WGSL 没有）、复制带宽测试和一次空 submit。复制用的两个缓冲区不断加倍，直到一次复制要 2 ms、或碰到设备上限、或共 1 GiB：即最大末级缓存的四倍；其大小与带宽一并给出。因此每个数字也可以看作本设备当时能力的百分之几。',
  },
  p5: {
    en: 'Reported are the median, p10 and p90 of the rounds. The ratio is taken round by round and then summarised: what slows the machine slows both players of a round.',
    zh: '报告各轮的中位数、p10 与 p90。比值先逐轮求出再汇总：让机器变慢的因素会同时影响同一轮的双方。',
  },
  p6: {
    en: 'A kernel is called faster, or slower, only where p10–p90 of its ratio lies wholly outside what the control did: the control’s own p10–p90, and the same turned over, so that the band lies evenly around 1. Less than that is “no larger than the control’s own error”; a ratio whose p10–p90 spans 1 is “no measurable difference”. “From N on” needs two points. Losing is drawn like winning.',
    zh: '只有当比值的 p10–p90 完全落在对照的范围之外，才说某个 kernel 更快或更慢；对照的范围是其 p10–p90 及其倒数，因此以 1 为中心。不足于此，即“差别不超过对照自身的误差”；比值的 p10–p90 跨过 1，则为“没有可测出的差别”。“自 N 起”至少要有两个点。输与赢以同样方式画出。',
  },
  p7: {
    en: 'The clock is the GPU’s own timestamps where the device has timestamp-query (Chrome rounds them to 100 µs unless told otherwise): the union of the passes’ intervals, so that what overlaps counts once; a pass that took nothing or ran backwards voids the whole reading. Else it is the wall clock from submit to done, with the empty submit shown; how long this browser takes to tell “done” of next to nothing is measured and counts as that clock’s step, which widens every ratio. A sample of fewer than five steps gets no verdict.',
    zh: '若设备支持 timestamp-query，用 GPU 自己的时间戳（Chrome 默认取整到 100 µs）：取各 pass 区间的并集，重叠部分只算一次；只要有一个 pass 的读数为零或为负，整个读数作废。否则用从 submit 到完成的 wall time，并给出空 submit 的耗时；浏览器告知一次近乎空的提交已完成需要多久，也经实测，作为该时钟的步长，并据此放宽每个比值。样本不足五个步长，不下结论。',
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
    en: 'Small N come first. What they took predicts what longer ones take, as a fixed cost and a growth with the operations; where the bounds of that disagree about the budget, a kernel is run once first, at growing lengths. One with which seven rounds would pass the point’s budget is skipped there, and the table says so. A run that does not fit a limit of the device is not shortened: it is refused, with the limit.',
    zh: '先测小的 N，并据此预测更大的 N：固定开销加上随运算量的增长；若上下界对是否超出预算说法不一，就先以逐渐增大的长度单独运行一次。若加上某 kernel 后七轮会超出该点预算，则在该点跳过它，并在表中说明。超过设备上限的运行不会被缩短，而是连同上限一起标为拒绝。',
  },
  p11: {
    en: 'The wall of a kernel is the smallest N that its card refuses on this device’s limits; that buffer is then really asked for inside an error scope, and the browser’s own words are shown.',
    zh: 'kernel 的上限是其卡片按本设备限制拒绝的最小 N；随后在错误作用域内真的申请该缓冲区，并显示浏览器的原话。',
  },
  p12: {
    en: '“tiled-tuned” is the best of the tiled kernels and tiles raced on this device before the sweep, at the length shown: every tiled kernel whose workgroups take a block of rows each (for one query also those made for decoding, paged excepted), three rounds in turns, then seven rounds between up to three tiles (all, of a kernel made for decoding) of each within 1.3 × of the fastest. The list of what was raced stands beside the choice. The sweep then times it like any other kernel, in rounds of its own.',
    zh: '“tiled-tuned”是扫描之前在本设备上参赛的分块 kernel 及其分块大小中最快的一个（比赛长度已标明）：每个工作组负责一块行的所有分块 kernel（只有一个 query 时还有为解码而写的 kernel，paged 除外）轮流跑三轮，再在耗时不超过最快者 1.3 倍的 kernel 各自至多三种分块（为解码而写的则是全部）之间跑七轮。参赛名单列在结果旁。之后它与其他 kernel 一样，在扫描的各轮中重新测速。',
  },
} as const satisfies Dictionary;
