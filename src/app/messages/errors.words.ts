// Every error in words, complete by type: what is wrong, why, and what to do, in both languages.
import type { AttnError, ErrorCode, ErrorDetails } from '../../errors';
import type { Language } from '../../words';
import { deviceErrorWords } from './device-errors.words';
import { requestErrorWords } from './request-errors.words';
import { amount, say, size, type ErrorWords, type Spoken } from './saying';
import { tensorErrorWords } from './tensor-errors.words';

/** Why there is no model. */
const modelFault: Record<Language, (d: ErrorDetails['model-unavailable']) => string> = {
  en: (d) => {
    if (d.reason === 'fetch')
      return d.status > 0
        ? `Its file did not arrive: the server answered ${d.status}.`
        : 'Its file did not arrive: nobody answered.';
    if (d.reason === 'foreign') return `${d.file} is not the file that this page needs.`;
    if (d.reason === 'truncated') return `${d.file} came cut short: ${d.bytes} of ${d.expected} bytes.`;
    if (d.reason === 'no-head') return `It has no head ${d.head} in layer ${d.layer}.`;
    return d.reason === 'worker'
      ? 'The part of the page that computes it did not start.'
      : 'It was asked before it was there.';
  },
  zh: (d) => {
    if (d.reason === 'fetch')
      return d.status > 0 ? `其文件未能送达：服务器返回 ${d.status}。` : '其文件未能送达：没有收到答复。';
    if (d.reason === 'foreign') return `${d.file} 不是本页所需的文件。`;
    if (d.reason === 'truncated') return `${d.file} 不完整：应有 ${d.expected} 字节，实有 ${d.bytes} 字节。`;
    if (d.reason === 'no-head') return `第 ${d.layer} 层没有第 ${d.head} 头。`;
    return d.reason === 'worker' ? '负责计算它的后台线程未能启动。' : '模型尚未加载就被调用。';
  },
};

const errorWords: Spoken<ErrorCode> = {
  ...deviceErrorWords,
  ...tensorErrorWords,
  ...requestErrorWords,
  'shape-invalid': {
    en: say(
      (d) => `The shape cannot be run: ${d.field} = ${d.value}.`,
      (d) => `It must be ${d.expected}.`,
      (d) => `Change ${d.field}; the last picture stays until then.`,
    ),
    zh: say(
      (d) => `此形状无法运行：${d.field} = ${d.value}。`,
      (d) => `要求：${d.expected}。`,
      (d) => `请修改 ${d.field}；此前的画面保持不变。`,
    ),
  },
  'inputs-mismatch': {
    en: say(
      (d) => `Tensor ${d.tensor} has ${d.got} numbers.`,
      (d) => `The shape needs ${d.want}.`,
      () => 'Pass an array of that length.',
    ),
    zh: say(
      (d) => `张量 ${d.tensor} 含 ${d.got} 个数。`,
      (d) => `该形状需要 ${d.want} 个。`,
      () => '请传入该长度的数组。',
    ),
  },
  'inputs-not-finite': {
    en: say(
      (d) => `Tensor ${d.tensor} holds an infinity or NaN at index ${d.index}.`,
      () => 'WGSL promises nothing about such numbers.',
      () => 'Use finite inputs.',
    ),
    zh: say(
      (d) => `张量 ${d.tensor} 在下标 ${d.index} 处为无穷或 NaN。`,
      () => 'WGSL 对这类数不作任何保证。',
      () => '请使用有限数值。',
    ),
  },
  'over-limit': {
    en: say(
      (d) => `${d.kernel} does not fit this device at this size.`,
      (d) => `It needs ${amount(d.need, d)} where ${d.limit} is ${amount(d.have, d)}.`,
      (d) =>
        /Workgroup/.test(d.limit)
          ? 'Choose a smaller tile or a smaller d; your input is kept.'
          : 'Choose fewer keys, fewer heads or a smaller batch; your input is kept.',
    ),
    zh: say(
      (d) => `此规模下 ${d.kernel} 超出本设备的限制。`,
      (d) => `需要 ${amount(d.need, d)}，而 ${d.limit} 为 ${amount(d.have, d)}。`,
      (d) =>
        /Workgroup/.test(d.limit)
          ? '请选更小的分块或更小的 d；输入已保留。'
          : '请选更少的 key、更少的头或更小的批量；输入已保留。',
    ),
  },
  'feature-missing': {
    en: say(
      (d) => `${d.kernel} cannot run on this device.`,
      (d) =>
        d.have > 0
          ? `Its lanes work in fours, and subgroups here may have ${d.have}.`
          : `It is written with the WebGPU feature “${d.feature}”, which this device does not have.`,
      () => 'Choose another kernel: flash2 needs no such feature. The last picture stays.',
    ),
    zh: say(
      (d) => `${d.kernel} 无法在此设备上运行。`,
      (d) =>
        d.have > 0
          ? `它以四个 lane 为一组工作，而这里的 subgroup（≈ warp）可能只有 ${d.have} 个。`
          : `它使用 WebGPU 特性“${d.feature}”，而此设备没有。`,
      () => '请选择其他 kernel：flash2 不需要该特性。上一幅画面已保留。',
    ),
  },
  'kernel-unknown': {
    en: say(
      (d) => `There is no kernel called ${d.kernel}.`,
      () => 'It is not in the list of kernels.',
      () => 'Choose one from the menu.',
    ),
    zh: say(
      (d) => `没有名为 ${d.kernel} 的 kernel。`,
      () => '它不在 kernel 列表中。',
      () => '请从菜单中选择。',
    ),
  },
  'compile-failed': {
    en: say(
      (d) => `The shader of ${d.kernel} did not compile.`,
      (d) => `Line ${d.line}: ${d.message}`,
      () => 'This is a fault of the kernel or of the browser. Choose another kernel or tile; the last picture stays.',
    ),
    zh: say(
      (d) => `${d.kernel} 的着色器编译失败。`,
      (d) => `第 ${d.line} 行：${d.message}`,
      () => '这是 kernel 或浏览器的问题。请换一个 kernel 或分块；最后的画面会保留。',
    ),
  },
  'check-failed': {
    en: say(
      (d) => `${d.kernel} gives a wrong answer on this device, so it is not shown.`,
      (d) =>
        `${d.tensor ?? 'O'} is off by ${d.error} from the f64 reference; ${d.bound} is allowed, and plain f32 is off by ${d.f32 ?? '?'}.`,
      () => 'Choose another kernel or tile, and please report your GPU.',
    ),
    zh: say(
      (d) => `${d.kernel} 在本设备上结果有误，因此不予显示。`,
      (d) => `${d.tensor ?? 'O'} 与 f64 参考值相差 ${d.error}，允许 ${d.bound}；普通 f32 相差 ${d.f32 ?? '?'}。`,
      () => '请换一个 kernel 或分块，也欢迎把你的 GPU 型号报告给我们。',
    ),
  },
  cancelled: {
    en: say(
      () => 'Stopped.',
      () => 'You cancelled the run.',
      () => 'Try again, or change anything; the last picture stays until then.',
    ),
    zh: say(
      () => '已停止。',
      () => '你取消了此次运行。',
      () => '可重试，或更改任意设置；此前的画面保持不变。',
    ),
  },
  'cannot-tap': {
    en: say(
      () => 'This kernel cannot be instrumented.',
      (d) => d.reason || 'It leaves no binding free.',
      () => 'Choose another kernel.',
    ),
    zh: say(
      () => '此 kernel 无法插桩。',
      (d) => d.reason || '没有空余的绑定。',
      () => '请选择其他 kernel。',
    ),
  },
  'cannot-interpret': {
    en: say(
      () => 'This kernel cannot be computed on the CPU.',
      (d) => d.reason || 'It uses something that the interpreter does not know.',
      () => 'Choose another kernel, or open the page in a browser with WebGPU.',
    ),
    zh: say(
      () => '此 kernel 无法在 CPU 上计算。',
      (d) => d.reason || '它用到了解释器不支持的写法。',
      () => '请选择其他 kernel，或在支持 WebGPU 的浏览器中打开本页。',
    ),
  },
  'too-slow': {
    en: say(
      (d) => `Without a GPU this run would take about ${d.seconds} s here.`,
      (d) => `That is judged from its first workgroup; the page waits at most ${d.limit} s. Your choices are kept.`,
      (d) => `Choose at most ${d.keys} keys or tokens, or fewer heads.`,
    ),
    zh: say(
      (d) => `没有 GPU，此运行在本机约需 ${d.seconds} 秒。`,
      (d) => `此估计来自第一个工作组的实测；本页最多等待 ${d.limit} 秒。你的选择已保留。`,
      (d) => `请将 key 数或 token 数减至 ${d.keys} 以内，或减少头数。`,
    ),
  },
  'trace-truncated': {
    en: say(
      () => 'The file ends too early.',
      (d) => `It holds ${size(d.have, d)} of ${size(d.need, d)}.`,
      () => 'Download or export it again.',
    ),
    zh: say(
      () => '文件不完整。',
      (d) => `共需 ${size(d.need, d)}，只有 ${size(d.have, d)}。`,
      () => '请重新下载或导出。',
    ),
  },
  'trace-damaged': {
    en: say(
      () => 'The file was changed on its way.',
      () => 'The check at its end does not agree with what it holds: some numbers are not those that were captured.',
      () => 'Copy, download or export it again.',
    ),
    zh: say(
      () => '文件在传输或保存中被改动过。',
      () => '末尾的校验值与内容不符：有些数不再是采集到的数。',
      () => '请重新复制、下载或导出。',
    ),
  },
  'trace-foreign': {
    en: say(
      () => 'This is not an Attnscope trace.',
      () => 'Its first bytes are not those of a .attn file.',
      () => 'Choose a file that was exported here.',
    ),
    zh: say(
      () => '这不是 Attnscope 的 trace 文件。',
      () => '文件开头与 .attn 格式不符。',
      () => '请选择由本页导出的文件。',
    ),
  },
  'trace-newer': {
    en: say(
      (d) => `The file has format version ${d.version}.`,
      (d) => `This page reads version ${d.supported}.`,
      () => 'Reload the page to get its newest version.',
    ),
    zh: say(
      (d) => `文件格式版本为 ${d.version}。`,
      (d) => `本页支持版本 ${d.supported}。`,
      () => '请刷新页面以获取最新版本。',
    ),
  },
  'trace-oversized': {
    en: say(
      () => 'The file is too large.',
      (d) => `It asks for ${size(d.bytes, d)}; the limit is ${size(d.limit, d)}.`,
      () => 'Export a smaller run.',
    ),
    zh: say(
      () => '文件过大。',
      (d) => `需要 ${size(d.bytes, d)}，上限为 ${size(d.limit, d)}。`,
      () => '请导出较小的运行。',
    ),
  },
  'text-too-long': {
    en: say(
      (d) => `The text has ${d.count} characters.`,
      (d) => `A link carries at most ${d.limit}, and every state here is a link.`,
      () => 'Shorten it; it stays in the box.',
    ),
    zh: say(
      (d) => `文本有 ${d.count} 个字符。`,
      (d) => `链接最多承载 ${d.limit} 个，而本页的每个状态都是链接。`,
      () => '请缩短；文本仍保留在框中。',
    ),
  },
  'tokens-too-many': {
    en: say(
      (d) => `The text makes ${d.count} tokens.`,
      (d) => `The model reads at most ${d.limit}.`,
      () => 'Shorten it; it stays in the box.',
    ),
    zh: say(
      (d) => `文本共 ${d.count} 个 token。`,
      (d) => `模型最多读取 ${d.limit} 个。`,
      () => '请缩短；文本仍保留在框中。',
    ),
  },
  'text-empty': {
    en: say(
      () => 'There is no text.',
      () => 'The model needs at least one token.',
      () => 'Type a sentence, in English or Chinese.',
    ),
    zh: say(
      () => '没有文本。',
      () => '模型至少需要一个 token。',
      () => '请输入一句话，中英文皆可。',
    ),
  },
  'model-unavailable': {
    en: say(
      () => 'The small model could not be loaded.',
      modelFault.en,
      () => 'The seeded generator takes its place; reload to try again.',
    ),
    zh: say(
      () => '无法加载小模型。',
      modelFault.zh,
      () => '现由带种子的生成器代替；刷新可重试。',
    ),
  },
  'offline-full': {
    en: say(
      () => 'There is no room in this browser to keep the page for offline use.',
      () => 'Its storage is full or switched off for this site.',
      () => 'Everything works while you are online; free some storage and reload to try again.',
    ),
    zh: say(
      () => '浏览器没有空间保存本页以供离线使用。',
      () => '存储空间已满，或此站点的存储已被禁用。',
      () => '在线时一切照常；腾出空间后刷新可重试。',
    ),
  },
  unexpected: {
    en: say(
      () => 'Something went wrong that the page did not foresee.',
      (d) => d.message,
      () => 'Please copy the link and report it.',
    ),
    zh: say(
      () => '发生了本页未预料的错误。',
      (d) => d.message,
      () => '请复制链接并报告此问题。',
    ),
  },
};

/**
 * An error in words. A code that this build does not know, as from one of another version, is a thing that it did not
 * foresee.
 */
export function wordsOf<C extends ErrorCode>({ code, details, message }: AttnError<C>, language: Language): ErrorWords {
  return Object.hasOwn(errorWords, code)
    ? errorWords[code][language](details)
    : errorWords.unexpected[language]({ message });
}
