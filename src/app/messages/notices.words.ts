// Messages in words, but for what each error says of itself: buttons, and what is wrong with a link.
import { plural } from '../../ui/whole';
import type { Dictionary } from '../../words';

export const noticeWords = {
  dismiss: { en: 'Dismiss', zh: '知道了' },
  retry: { en: 'Try again', zh: '重试' },
  readAsBf16: { en: 'Read as bf16', zh: '按 bf16 读取' },
  computeAnyway: { en: 'Compute it anyway', zh: '仍然计算' },
  badValue: {
    en: (key: string, value: string) => `The link says ${key}=${value}, which is not a value this page knows.`,
    zh: (key: string, value: string) => `链接里写着 ${key}=${value}，本页不认识这个取值。`,
  },
  badValueFix: { en: 'The default stands in for it.', zh: '已改用默认值。' },
  unknownKey: {
    en: (key: string) => `The link carries “${key}”, which this page does not know.`,
    zh: (key: string) => `链接里有本页不认识的“${key}”。`,
  },
  unknownKeyFix: { en: 'It was ignored.', zh: '已忽略。' },
  noFile: {
    en: (name: string) => `The link is about the file “${name}”, which is not here.`,
    zh: (name: string) => `链接指向文件“${name}”，而它不在这里。`,
  },
  noFileFix: {
    en: 'A link carries no file: import it again to see it. Until then you see this page’s own run.',
    zh: '链接不携带文件：请重新导入。在此之前显示的是本页自己的运行。',
  },
  mangled: {
    en: 'This link was cut or changed on its way; ask for it again.',
    zh: '这个链接在途中被截断或改动过，请让对方重新发一次。',
  },
  mangledFix: { en: 'It is opened as far as it can be read.', zh: '已按还能读懂的部分打开。' },
  badLink: {
    en: (n: number) => `This page cannot use ${plural(n, 'part')} of the link.`,
    zh: (n: number) => `本页无法识别链接中的 ${n} 处内容。`,
  },
  badLinkFix: { en: 'Defaults stand in for them:', zh: '已改用默认值：' },
} satisfies Dictionary;
