// The Page lab's own words: panes, controls, transport.
import type { Dictionary } from '../../words';

export const pageWords = {
  panes: { en: 'Panes', zh: '面板' },
  controls: { en: 'Controls', zh: '设置' },
  pool: { en: 'Pool', zh: '块池' },
  tables: { en: 'Tables', zh: '块表' },
  slots: { en: 'Slots', zh: '槽位' },
  queue: { en: 'Free queue', zh: '空闲队列' },
  chains: { en: 'Hash chains', zh: '哈希链' },
  timeline: { en: 'Timeline', zh: '时间线' },
  waste: { en: 'Waste', zh: '浪费' },
  trends: { en: 'Trends', zh: '趋势' },
  heads: { en: 'Bytes a token', zh: '每词元字节' },
  proof: { en: 'Proof', zh: '验证' },
  transport: { en: 'Playback', zh: '播放' },
} satisfies Dictionary;
