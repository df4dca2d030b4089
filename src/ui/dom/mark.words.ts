// The words of the marks.
import type { Dictionary } from '../../words';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const markWords = {
  origin: {
    en: (kind: string, why: string, where: string | undefined) =>
      `${capital(kind)} ${why}${where ? `, ${where}` : ''}.`,
    zh: (kind: string, why: string, where: string | undefined) => `${kind}：${why}${where ? `，${where}` : ''}。`,
  },
  measured: { en: 'measured', zh: '实测' },
  counted: { en: 'counted', zh: '计数' },
  captured: { en: 'captured', zh: '采集' },
  computed: { en: 'computed', zh: '计算' },
  measuredWhy: { en: 'by reading it from this device', zh: '由本设备读出' },
  countedWhy: { en: 'by the instrumented kernel as it ran', zh: '由插桩后的 kernel 在运行时计数' },
  capturedWhy: { en: 'written by the kernel as it ran', zh: 'kernel 运行时写出的值' },
  computedWhy: { en: 'by this page, not by the kernel', zh: '由本页面算出，不来自 kernel' },
  'this-device': { en: 'on this device', zh: '在本设备上' },
  recorded: { en: 'recorded on another device', zh: '在另一台设备上录制' },
  interpreter: { en: 'in the interpreter, without a GPU', zh: '由解释器执行，没有 GPU' },
  imported: { en: 'from an imported file', zh: '来自导入的文件' },
} satisfies Dictionary;
