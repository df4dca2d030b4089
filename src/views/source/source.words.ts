// The words of the source view.
import type { Dictionary } from '../../words';
import { passName, phaseName } from '../shared/phases.words';
import { plural } from '../../ui/whole';

export const sourceWords = {
  title: { en: 'WGSL source', zh: 'WGSL 源码' },
  code: { en: 'source of the kernel', zh: 'kernel 源码' },
  timed: {
    en: (lines: number) => `Save the timed text (${plural(lines, 'line')})`,
    zh: (lines: number) => `保存测速所用源码（${lines} 行）`,
  },
  timedTip: {
    en: 'This is the text that is read, instrumented and stepped. The text that is compiled for timing is the same with every loop below “// unroll” written out; both gave the output that the header compares.',
    zh: '这里显示的是供阅读、插桩和单步的源码。测速时编译的源码与它相同，只是把“// unroll”下面的循环展开；页首比较的正是两者的输出。',
  },
  hbm: { en: 'HBM', zh: 'HBM' },
  sram: { en: 'SRAM', zh: 'SRAM' },
  read: { en: 'R', zh: '读' },
  written: { en: 'W', zh: '写' },
  bytesTip: {
    en: (level: string, read: string, written: string) =>
      `${level}, requested by this line in this step: read ${read}, written ${written}.`,
    zh: (level: string, read: string, written: string) =>
      `${level}：这一行在这一步读 ${read}、写 ${written}（发出的访存量）。`,
  },
  columns: { en: 'bytes of a line in this step', zh: '该行在这一步的字节数' },
  lineIs: {
    en: (line: number, code: string) => `line ${line}: ${code}`,
    zh: (line: number, code: string) => `第 ${line} 行：${code}`,
  },
  phaseIs: {
    en: (phase: string, text: string) => `${phase}: ${text}`,
    zh: (phase: string, text: string) => `${phaseName(phase, 'zh')}：${text}`,
  },
  noBytes: { en: 'touches no HBM and no SRAM in this step', zh: '这一步不访问 HBM 和 SRAM' },
  wrote: {
    en: (cell: string) => `wrote ${cell}`,
    zh: (cell: string) => `写入了 ${cell}`,
  },
  thread: { en: 'thread', zh: '线程' },
  threadTip: { en: 'local invocation index, 0 to', zh: '工作组内的 invocation 序号，0 到' },
  previousThread: { en: 'previous thread', zh: '上一个线程' },
  nextThread: { en: 'next thread', zh: '下一个线程' },
  log: {
    en: (thread: number) => `what thread ${thread} computed`,
    zh: (thread: number) => `线程 ${thread} 算了什么`,
  },
  entry: {
    en: (index: number, count: number) => `${index} of ${count}`,
    zh: (index: number, count: number) => `${index}/${count}`,
  },
  entryIs: {
    en: (line: number, name: string, value: string) => `line ${line}, ${name} = ${value}`,
    zh: (line: number, name: string, value: string) => `第 ${line} 行，${name} = ${value}`,
  },
  notYet: { en: 'not yet', zh: '尚未写入' },
  nothing: { en: 'This thread assigns nothing in this phase.', zh: '这个线程在本阶段没有赋值。' },
  capturing: { en: 'This thread is being captured…', zh: '正在采集这个线程…' },
  described: {
    en: (pass: string, line: number, code: string, thread: number, values: string) =>
      `Pass ${pass}, line ${line}: ${code}. Thread ${thread}: ${values || 'no values'}.`,
    zh: (pass: string, line: number, code: string, thread: number, values: string) =>
      `pass ${passName(pass, 'zh')}，第 ${line} 行：${code}。线程 ${thread}：${values || '没有数值'}。`,
  },
} as const satisfies Dictionary;
