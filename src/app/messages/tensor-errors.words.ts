// What can be wrong with tensors from files, in words: what, why, and what to do, in both languages.
import type { TensorErrorDetails } from '../../errors';
import type { Language } from '../../words';
import { say, size, type Spoken } from './saying';

export const tensorErrorWords: Spoken<keyof TensorErrorDetails> = {
  'tensor-empty': {
    en: say(
      (d) => `${d.file} is empty.`,
      () => 'It has no bytes at all.',
      () => 'Save it again, then open it.',
    ),
    zh: say(
      (d) => `${d.file} 是空文件。`,
      () => '文件长度为 0 字节。',
      () => '请重新保存后再打开。',
    ),
  },
  'tensor-too-large': {
    en: say(
      (d) => `${d.file} is too large for this page.`,
      (d) => `It has ${size(d.bytes, d)}; the limit is ${size(d.limit, d)}. It was not read.`,
      () => 'Save only Q, K and V of one layer, or fewer heads and rows.',
    ),
    zh: say(
      (d) => `${d.file} 对本页来说过大。`,
      (d) => `文件为 ${size(d.bytes, d)}，上限为 ${size(d.limit, d)}；未读取。`,
      () => '请只保存一层的 Q、K、V，或减少头数与行数。',
    ),
  },
  'tensor-foreign': {
    en: say(
      (d) => `${d.file} is not a tensor file.`,
      () => 'It begins neither like .npy nor like .safetensors.',
      () => 'Save with numpy.save or safetensors; .npz and .pt are not read.',
    ),
    zh: say(
      (d) => `${d.file} 不是张量文件。`,
      () => '文件开头既不像 .npy，也不像 .safetensors。',
      () => '请用 numpy.save 或 safetensors 保存；不支持 .npz 与 .pt。',
    ),
  },
  'tensor-version': {
    en: say(
      (d) => `${d.file} is .npy of version ${d.version}.`,
      () => 'This page reads versions 1, 2 and 3.',
      () => 'Save it again with numpy.save.',
    ),
    zh: say(
      (d) => `${d.file} 的 .npy 版本为 ${d.version}。`,
      () => '本页支持版本 1、2、3。',
      () => '请用 numpy.save 重新保存。',
    ),
  },
  'tensor-header': {
    en: say(
      (d) => `The header of ${d.file} cannot be read.`,
      () => 'It does not name format, order and sizes as its file type asks.',
      () => 'The file is damaged or was written by hand; save it again.',
    ),
    zh: say(
      (d) => `无法读取 ${d.file} 的文件头。`,
      () => '其中没有按该文件类型的要求写明数据类型、存储顺序和大小。',
      () => '文件已损坏或由手工写成；请重新保存。',
    ),
  },
  'tensor-header-oversized': {
    en: say(
      (d) => `The header of ${d.file} claims ${size(d.bytes, d)}.`,
      (d) =>
        `More than ${d.limit / 1e6} MB is refused, as the format itself does: such a header is damaged or hostile.`,
      () => 'Save the tensors again, only those that are needed.',
    ),
    zh: say(
      (d) => `${d.file} 的文件头声称有 ${size(d.bytes, d)}。`,
      (d) => `超过 ${d.limit / 1e6} MB 一律拒绝，格式规范亦如此：这样的文件头已损坏或怀有恶意。`,
      () => '请重新保存，只保留所需张量。',
    ),
  },
  'tensor-truncated': {
    en: say(
      (d) => `${d.file} ends too early.`,
      (d) => `Expected ${d.need} bytes, got ${d.have}.`,
      () => 'Copy or save it again.',
    ),
    zh: say(
      (d) => `${d.file} 不完整。`,
      (d) => `应有 ${d.need} 字节，实有 ${d.have} 字节。`,
      () => '请重新复制或保存。',
    ),
  },
  'tensor-excess': {
    en: say(
      (d) => `${d.file} goes on after its array.`,
      (d) => `Expected ${d.need} bytes, got ${d.have}: two arrays in one file, or a wrong shape.`,
      () => 'Save each array into a file of its own.',
    ),
    zh: say(
      (d) => `${d.file} 在数组之后还有数据。`,
      (d) => `应有 ${d.need} 字节，实有 ${d.have} 字节：一个文件中存了两个数组，或形状有误。`,
      () => '请将每个数组各存为一个文件。',
    ),
  },
  'tensor-big-endian': {
    en: say(
      (d) => `${d.file} is big-endian (${d.dtype}).`,
      () => 'GPUs and browsers keep numbers with the lowest byte first.',
      () => "Save x.astype('<f4').",
    ),
    zh: say(
      (d) => `${d.file} 为大端序（${d.dtype}）。`,
      () => 'GPU 与浏览器均按小端序存数。',
      () => "请保存 x.astype('<f4')。",
    ),
  },
  'tensor-dtype': {
    en: say(
      (d) => `${d.tensor} holds numbers of type ${d.dtype}.`,
      () => 'This page reads f32, f16, f64 and bf16.',
      () => 'Convert it to float32 and save it again.',
    ),
    zh: say(
      (d) => `${d.tensor} 的数据类型为 ${d.dtype}。`,
      () => '本页支持 f32、f16、f64 和 bf16。',
      () => '请转换为 float32 后重新保存。',
    ),
  },
  'tensor-bare': {
    en: say(
      (d) => `${d.tensor} holds two-byte numbers of no type (${d.dtype}).`,
      () => 'NumPy has no bf16 and saves it so; only you know what they are.',
      () => 'If they are bf16, read them as that; else convert them to float32 and save them again.',
    ),
    zh: say(
      (d) => `${d.tensor} 里是没有类型的双字节数（${d.dtype}）。`,
      () => 'NumPy 没有 bf16，会把它存成这样；它们究竟是什么，只有你知道。',
      () => '如果是 bf16，就按 bf16 读取；否则请转换为 float32 后重新保存。',
    ),
  },
  'tensor-weight': {
    en: say(
      (d) => `${d.tensor} looks like a weight matrix, not like ${d.role}.`,
      (d) => `A projection computes ${d.role} = x Wᵀ from the activations x; attention reads ${d.role}.`,
      (d) =>
        `Save what the layer gives out (a forward hook in PyTorch) and open that; or go on, if it is ${d.role} all the same.`,
    ),
    zh: say(
      (d) => `${d.tensor} 看起来是权重矩阵，而不是 ${d.role}。`,
      (d) => `投影层由激活 x 计算 ${d.role} = x Wᵀ；attention 读的是 ${d.role}。`,
      (d) => `请保存该层的输出（PyTorch 可用 forward hook）再打开；如果它确实是 ${d.role}，可以继续。`,
    ),
  },
  'tensor-rank': {
    en: say(
      (d) => `${d.tensor} has shape ${d.shape}.`,
      () => 'Q, K and V have two to four sizes: [N, d], [H, N, d] or [B, H, N, d].',
      () => 'Reshape it and save it again.',
    ),
    zh: say(
      (d) => `${d.tensor} 的形状为 ${d.shape}。`,
      () => 'Q、K、V 须为二至四维：[N, d]、[H, N, d] 或 [B, H, N, d]。',
      () => '请调整形状后重新保存。',
    ),
  },
  'tensor-no-elements': {
    en: say(
      (d) => `${d.tensor} has no elements: its shape is ${d.shape}.`,
      () => 'A size of 0 leaves nothing to attend to.',
      () => 'Open a tensor in which every size is at least 1.',
    ),
    zh: say(
      (d) => `${d.tensor} 不含任何元素：形状为 ${d.shape}。`,
      () => '某一维为 0，没有可供注意的内容。',
      () => '请打开各维均不小于 1 的张量。',
    ),
  },
  'tensor-not-finite': {
    en: say(
      (d) => `${d.tensor} holds NaN or infinity, first at ${d.index}.`,
      (d) => `${d.count} of its numbers are not finite, and WGSL promises nothing about such numbers.`,
      () => 'Replace them, for example by numpy.nan_to_num, and save it again.',
    ),
    zh: say(
      (d) => `${d.tensor} 含 NaN 或无穷，首个位于 ${d.index}。`,
      (d) => `共有 ${d.count} 个非有限数，而 WGSL 对这类数不作任何保证。`,
      () => '请替换它们（例如用 numpy.nan_to_num）后重新保存。',
    ),
  },
  'tensor-beyond-f32': {
    en: say(
      (d) => `${d.tensor} holds f64 numbers that f32 has not, first at ${d.index}.`,
      (d) => `${d.count} of them are beyond ±3.4e38, and the kernels compute in f32.`,
      () => 'Scale the tensor down and save it again.',
    ),
    zh: say(
      (d) => `${d.tensor} 含 f32 无法表示的 f64 数，首个位于 ${d.index}。`,
      (d) => `共有 ${d.count} 个超出 ±3.4e38，而 kernel 以 f32 计算。`,
      () => '请缩小数值后重新保存。',
    ),
  },
  'tensor-mismatch': {
    en: say(
      (d) => `${d.a} ${d.aShape} and ${d.b} ${d.bShape} do not fit together.`,
      (d) => mismatch.en[d.size],
      (d) => `Open another ${d.a} or ${d.b}; the picture stays until then.`,
    ),
    zh: say(
      (d) => `${d.a} ${d.aShape} 与 ${d.b} ${d.bShape} 不匹配。`,
      (d) => mismatch.zh[d.size],
      (d) => `请改用其他 ${d.a} 或 ${d.b}；此前的画面保持不变。`,
    ),
  },
  'tensor-offsets-range': {
    en: say(
      (d) => `${d.tensor} lies outside its file.`,
      (d) => `Its offsets are ${d.from} to ${d.to}; the file holds ${d.bytes} bytes of data.`,
      () => 'The file is damaged; save or download it again.',
    ),
    zh: say(
      (d) => `${d.tensor} 位于文件之外。`,
      (d) => `其偏移为 ${d.from} 至 ${d.to}，而文件数据只有 ${d.bytes} 字节。`,
      () => '文件已损坏；请重新保存或下载。',
    ),
  },
  'tensor-offsets-size': {
    en: say(
      (d) => `The offsets of ${d.tensor} do not fit its shape.`,
      (d) => `They span ${d.have} bytes; the shape needs ${d.need}.`,
      () => 'The file is damaged; save or download it again.',
    ),
    zh: say(
      (d) => `${d.tensor} 的偏移与其形状不符。`,
      (d) => `偏移区间为 ${d.have} 字节，形状需要 ${d.need} 字节。`,
      () => '文件已损坏；请重新保存或下载。',
    ),
  },
  'tensor-offsets-overlap': {
    en: say(
      (d) => `${d.tensor} and ${d.other} share bytes of the file.`,
      () => 'In .safetensors each byte belongs to one tensor.',
      () => 'The file is damaged; save or download it again.',
    ),
    zh: say(
      (d) => `${d.tensor} 与 ${d.other} 在文件中重叠。`,
      () => '.safetensors 中每个字节只属于一个张量。',
      () => '文件已损坏；请重新保存或下载。',
    ),
  },
  'tensor-offsets-gap': {
    en: say(
      (d) => `Bytes ${d.from} to ${d.to} of ${d.file} belong to no tensor.`,
      () => '.safetensors leaves no gaps: such bytes could hide anything.',
      () => 'The file is damaged; save or download it again.',
    ),
    zh: say(
      (d) => `${d.file} 的第 ${d.from} 至 ${d.to} 字节不属于任何张量。`,
      () => '.safetensors 不允许空隙：其中可能藏有任何内容。',
      () => '文件已损坏；请重新保存或下载。',
    ),
  },
  'tensor-twice': {
    en: say(
      (d) => `${d.file} names ${d.tensor} twice.`,
      () => 'Which of the two is meant cannot be known.',
      () => 'Save it again with one tensor a name.',
    ),
    zh: say(
      (d) => `${d.file} 中有两个名为 ${d.tensor} 的张量。`,
      () => '无法判断所指的是哪一个。',
      () => '请重新保存，使每个名称只对应一个张量。',
    ),
  },
  'tensor-role-twice': {
    en: say(
      (d) => `${d.first} and ${d.second} both would be ${d.role}.`,
      () => 'Q, K and V are one file each.',
      (d) => `Open one after the other, or choose in the box of ${d.role}.`,
    ),
    zh: say(
      (d) => `${d.first} 与 ${d.second} 都会成为 ${d.role}。`,
      () => 'Q、K、V 各为一个文件。',
      (d) => `请逐个打开，或在 ${d.role} 的框中选择。`,
    ),
  },
  'tensor-role-missing': {
    en: say(
      (d) => `${d.file}: it is not clear which tensor is ${d.roles}.`,
      () => 'No name, or more than one, reads as such (q, query, q_proj and the like).',
      () => 'Choose from its tensors in the boxes Q, K and V.',
    ),
    zh: say(
      (d) => `${d.file}：无法确定哪个张量是 ${d.roles}。`,
      () => '没有名称或有多个名称与之相符（如 q、query、q_proj）。',
      () => '请在 Q、K、V 的框中从其张量里选择。',
    ),
  },
  'tensor-gone': {
    en: say(
      (d) => `The link needs ${d.file} (SHA-256 ${d.hash}…), which is not on this device.`,
      () => 'Links carry no data, and files never leave the device that opened them.',
      () => 'Open that file; until then the default passage is shown.',
    ),
    zh: say(
      (d) => `链接需要 ${d.file}（SHA-256 ${d.hash}…），但本设备上没有。`,
      () => '链接不含数据，文件也从不离开打开它的设备。',
      () => '请打开该文件；在此之前显示默认段落。',
    ),
  },
  'storage-full': {
    en: say(
      (d) => `There is no room to keep ${d.file} in this browser.`,
      (d) => `It has ${size(d.bytes, d)}; the page goes on without storing it.`,
      () => 'After a reload, open it again; “Forget files” makes room.',
    ),
    zh: say(
      (d) => `浏览器中没有空间保存 ${d.file}。`,
      (d) => `文件为 ${size(d.bytes, d)}；本页继续运行，但不保存它。`,
      () => '刷新后请重新打开；“忘记文件”可腾出空间。',
    ),
  },
  'storage-refused': {
    en: say(
      (d) => `This browser does not keep ${d.file}.`,
      (d) => d.reason || 'Storage is switched off.',
      () => 'The page goes on without storing it; after a reload, open it again.',
    ),
    zh: say(
      (d) => `浏览器未能保存 ${d.file}。`,
      (d) => d.reason || '存储已被禁用。',
      () => '本页继续运行但不保存；刷新后请重新打开。',
    ),
  },
};

/** What must agree, by the size that does not. */
const mismatch: Record<Language, Record<TensorErrorDetails['tensor-mismatch']['size'], string>> = {
  en: {
    d: 'The last size, the head dimension d, must be the same.',
    N: 'Every key has one value: they need as many rows.',
    B: 'The first of four sizes, the batch, must be the same.',
    H: 'K and V need as many heads as each other, and those of Q must be a multiple of them.',
  },
  zh: {
    d: '最后一维（头维度 d）必须相同。',
    N: '每个 key 对应一个值：两者的行数必须相同。',
    B: '四维中的第一维（批）必须相同。',
    H: 'K 与 V 的头数必须相同，Q 的头数须为其整数倍。',
  },
};
