// What can be wrong with the GPU itself, in words.
import type { ErrorCode } from '../../errors';
import { say, size, type Spoken } from './saying';

type DeviceCode = Extract<ErrorCode, 'no-webgpu' | 'no-adapter' | 'out-of-memory' | `device-${string}`>;

export const deviceErrorWords: Spoken<DeviceCode> = {
  'no-webgpu': {
    en: say(
      () => 'This browser has no WebGPU, so no kernel can run on a GPU here.',
      () =>
        'Recordings remain, and your own small runs are computed on the CPU: the same kernels, values and bytes, but no timing.',
      () => 'WebGPU is in Chrome and Edge 113+, Safari 26+ and Firefox 141+ (Windows), on https:// or localhost.',
    ),
    zh: say(
      () => '此浏览器没有 WebGPU，kernel 无法在 GPU 上运行。',
      () => '仍可查看录制，你自己的小规模运行则由 CPU 计算：kernel、数值与字节都相同，但不测速。',
      () => 'Chrome 与 Edge 113+、Safari 26+、Firefox 141+（Windows）支持 WebGPU，需 https:// 或 localhost。',
    ),
  },
  'no-adapter': {
    en: say(
      () => 'WebGPU is here, but it offers no adapter.',
      () =>
        'The graphics driver may be blocked, or hardware acceleration is off. Recordings remain, and small runs are computed on the CPU.',
      () => 'Turn on hardware acceleration in the browser settings and look at chrome://gpu.',
    ),
    zh: say(
      () => '有 WebGPU，但没有可用的适配器。',
      () => '显卡驱动可能被屏蔽，或硬件加速已关闭。录制仍可查看，小规模运行由 CPU 计算。',
      () => '请在浏览器设置中打开硬件加速，并查看 chrome://gpu。',
    ),
  },
  'device-refused': {
    en: say(
      () => 'The adapter refused to give a device.',
      (d) => d.reason || 'The browser gave no reason.',
      () => 'Close other pages that use the GPU and try again. Until then small runs are computed on the CPU.',
    ),
    zh: say(
      () => '适配器拒绝提供设备。',
      (d) => d.reason || '浏览器没有说明原因。',
      () => '请关闭其他占用 GPU 的页面后重试。在此之前，小规模运行由 CPU 计算。',
    ),
  },
  'device-silent': {
    en: say(
      () => 'The adapter did not answer when asked for a device.',
      (d) => `The page waited for ${d.seconds} s; the driver may hang.`,
      () => 'Try again, or restart the browser. Until then recordings remain, and small runs are computed on the CPU.',
    ),
    zh: say(
      () => '已向适配器申请设备，但没有得到答复。',
      (d) => `页面等待了 ${d.seconds} 秒；驱动可能已无响应。`,
      () => '请重试，或重启浏览器。在此之前，仍可查看录制，小规模运行由 CPU 计算。',
    ),
  },
  'device-lost': {
    en: say(
      () => 'The GPU device was lost and has been asked for again.',
      (d) => d.reason || 'The driver may have been reset or a dispatch took too long.',
      () => 'Nothing to do: your choices are kept and the run starts over.',
    ),
    zh: say(
      () => 'GPU 设备丢失，已重新申请。',
      (d) => d.reason || '驱动可能已重置，或某次调度耗时过长。',
      () => '无需操作：你的选择已保留，运行会重新开始。',
    ),
  },
  'device-lost-again': {
    en: say(
      () => 'The GPU device was lost twice.',
      (d) => d.reason || 'The driver keeps giving up on this run.',
      () => 'Choose a smaller shape, then try again. The last picture stays.',
    ),
    zh: say(
      () => 'GPU 设备连续两次丢失。',
      (d) => d.reason || '驱动一再放弃此次运行。',
      () => '请先选较小的形状，再重试。最后的画面会保留。',
    ),
  },
  'out-of-memory': {
    en: say(
      () => 'The GPU ran out of memory.',
      (d) => (d.bytes ? `A buffer of ${size(d.bytes, d)} was refused.` : 'A buffer was refused.'),
      () => 'Choose fewer keys or heads, or close other pages; your input is kept.',
    ),
    zh: say(
      () => 'GPU 内存不足。',
      (d) => (d.bytes ? `申请 ${size(d.bytes, d)} 的缓冲区被拒绝。` : '申请缓冲区被拒绝。'),
      () => '请减少 key 或头的数量，或关闭其他页面；输入已保留。',
    ),
  },
};
