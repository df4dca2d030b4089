// The key map in words.
import type { Dictionary } from '../words';

export const keyMapWords = {
  keyMap: { en: 'Keys', zh: '按键' },
  close: { en: 'Close', zh: '关闭' },
  keyPlay: { en: 'play or pause', zh: '播放或暂停' },
  keyStep: { en: 'step back, step on', zh: '后退、前进一步' },
  keyTile: { en: 'by a tile', zh: '按分块移动' },
  keyEdge: { en: 'first, last step of the workgroup; again: of the run', zh: '工作组的第一步、最后一步；再按：全程' },
  keyRow: { en: 'choose the query row', zh: '选择 query 行' },
  keyWorkgroup: { en: 'choose the workgroup', zh: '选择工作组' },
  keyUnpin: { en: 'let go of the pinned cell', zh: '取消固定的单元格' },
  keyHelp: { en: 'this list', zh: '本列表' },
  offline: {
    en: 'Works offline: this browser keeps every file of this build.',
    zh: '可离线使用：浏览器已保存此版本的全部文件。',
  },
  keyNote: {
    en: 'Keys work everywhere except while you type. In a matrix with focus, arrows move the cell and Enter pins it.',
    zh: '除输入文字时外，按键处处有效。焦点在矩阵中时，方向键移动单元格，回车固定。',
  },
} satisfies Dictionary;
