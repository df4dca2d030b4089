// Where a captured value comes from, in both languages.
import type { Provenance } from '../../trace/trace';

export const provenanceWords: Record<Provenance, { en: string; zh: string }> = {
  'this-device': { en: 'captured on this device', zh: '本机采集' },
  recorded: { en: 'recorded on another device', zh: '其他设备上的录制' },
  interpreter: { en: 'captured in the interpreter', zh: '解释器采集' },
  imported: { en: 'from an imported trace', zh: '来自导入的 trace' },
};
