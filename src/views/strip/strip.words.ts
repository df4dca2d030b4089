// The words of the phase strip and the transport.
import type { Dictionary } from '../../words';
import { passName, phaseName, phaseSign } from '../shared/phases.words';

export const stripWords = {
  transport: { en: 'playback', zh: '播放控制' },
  first: { en: 'first step (Home)', zh: '第一步（Home）' },
  previous: { en: 'previous step (←)', zh: '上一步（←）' },
  play: { en: 'play (space)', zh: '播放（空格）' },
  pause: { en: 'pause (space)', zh: '暂停（空格）' },
  next: { en: 'next step (→)', zh: '下一步（→）' },
  last: { en: 'last step (End)', zh: '最后一步（End）' },
  options: { en: 'speed, step and workgroup', zh: '速度、步长与工作组' },
  speed: { en: 'speed', zh: '速度' },
  by: { en: 'step by', zh: '步长' },
  workgroup: { en: 'workgroup', zh: '工作组' },
  tile: { en: 'tile', zh: '分块' },
  phase: { en: 'phase', zh: '阶段' },
  phaseNamed: { en: phaseSign, zh: (name: string) => phaseSign(phaseName(name, 'zh')) },
  passNamed: { en: (name: string) => name, zh: (name: string) => passName(name, 'zh') },
  line: { en: 'source line', zh: '源码行' },
  passes: { en: 'passes of the kernel', zh: 'kernel 的各个 pass' },
  pass: {
    en: (index: number, of: number, name: string) => `pass ${index} of ${of}: ${name}`,
    zh: (index: number, of: number, name: string) => `pass ${index}/${of}：${passName(name, 'zh')}`,
  },
  phaseAt: {
    en: (k: number, of: number, name: string, tile: string) => `phase ${k} of ${of}: ${name}, tile ${tile}`,
    zh: (k: number, of: number, name: string, tile: string) =>
      `阶段 ${k}/${of}：${phaseName(name, 'zh')}，分块 ${tile}`,
  },
  phaseOnly: {
    en: (k: number, of: number, name: string) => `phase ${k} of ${of}: ${name}`,
    zh: (k: number, of: number, name: string) => `阶段 ${k}/${of}：${phaseName(name, 'zh')}`,
  },
  scrub: { en: 'phase of this workgroup (Shift+← → by tile)', zh: '该工作组的阶段（Shift+← → 按分块跳）' },
  workgroupAt: {
    en: (id: number, ids: string, owned: string) => `id ${id} (${ids}), ${owned}`,
    zh: (id: number, ids: string, owned: string) => `id ${id}（${ids}），${owned}`,
  },
  workgroupKeys: {
    en: 'workgroup of this pass, a thread block in CUDA ([ and ])',
    zh: '这个 pass 的工作组，≈ CUDA 线程块（[ 与 ]）',
  },
  order: {
    en: 'in our order: the GPU promises none',
    zh: '播放顺序由本页安排，GPU 不保证任何顺序',
  },
  waiting: { en: 'capturing this workgroup…', zh: '正在采集这个工作组…' },
} as const satisfies Dictionary;
