// What can be wrong with a request of a program (window.attnscope), in words.
import { say, type Spoken } from './saying';

export const requestErrorWords: Spoken<'inputs-type' | 'field-unknown'> = {
  'inputs-type': {
    en: say(
      (d) => `${d.tensor} cannot be taken as f32: it is ${d.type}.`,
      (d) =>
        d.index >= 0
          ? `The number at index ${d.index} would change when it is rounded to f32.`
          : 'Float32Array, Float16Array, Float64Array and arrays of integers are converted where no digit is lost; 16-bit words without a sign may be bits of f16 or bf16.',
      () => 'Pass a Float32Array.',
    ),
    zh: say(
      (d) => `${d.tensor} 无法按 f32 读取：它是 ${d.type}。`,
      (d) =>
        d.index >= 0
          ? `下标 ${d.index} 处的数舍入为 f32 后会改变。`
          : 'Float32Array、Float16Array、Float64Array 和整数数组在不丢失任何位时会被转换；无符号 16 位数可能是 f16 或 bf16 的位。',
      () => '请传入 Float32Array。',
    ),
  },
  'field-unknown': {
    en: say(
      (d) => `There is no field ${d.field}.`,
      (d) =>
        d.use
          ? 'It would be ignored, and the answer be another one than was asked for.'
          : `No kernel offers it; known are ${d.known}.`,
      (d) => (d.use ? `Use ${d.use}.` : 'Leave it out.'),
    ),
    zh: say(
      (d) => `没有 ${d.field} 这个字段。`,
      (d) => (d.use ? '若忽略它，得到的就不是所要的答案。' : `没有 kernel 支持它；已知字段：${d.known}。`),
      (d) => (d.use ? `请使用 ${d.use}。` : '请去掉它。'),
    ),
  },
};
