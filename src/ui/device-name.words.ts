// What is said when a browser does not name the device.
import type { Dictionary } from '../words';

export const nameWords = {
  unnamed: {
    en: (browser: string) => `${browser} does not name the device`,
    zh: (browser: string) => `${browser} 不提供设备名称`,
  },
  unnamedOne: {
    en: (browser: string) => `a device that ${browser} does not name`,
    zh: (browser: string) => `${browser} 未给出名称的设备`,
  },
  someBrowser: { en: 'the browser', zh: '浏览器' },
} satisfies Dictionary;
