// The Chinese of the page is what an engineer would say: old or translated terms do not come back.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const top = import.meta.dirname;
const HAN = /\p{Script=Han}/u;

/** What is not said any more, and what is said for it. */
const FORBIDDEN: readonly [word: RegExp, instead: string][] = [
  [/您/, '你'],
  [/步进/, '单步'],
  [/内核|核函数/, 'kernel 或 算子'],
  [/通道/, '第 31 维, or lane'],
  [/计时/, '测速'],
  [/(?<![使引])用时/, '耗时'],
  [/捕获/, '采集'],
  [/墙钟/, 'wall time'],
  [/词元/, 'token'],
  [/轨迹/, 'trace'],
  [/让出|让位/, '抢占'],
  [/(?<!预留)水位/, '预留水位'],
  [/IO 模型/, '论文公式'],
  [/分页(?! KV)/, '分页 KV'],
  [/在线(?! softmax)/, '在线 softmax'],
  [/工作组内存/, '共享内存'],
  [/(?<![向按捷车])键(?![盘位])/, 'key'],
  [/提示词|提示的/, 'prompt'],
  [/悬停|悬浮|鼠标|移到/, '指向或点按'],
];

/** Where such a word means something else. */
const ALLOWED = new Set(['在线时一切照常']);

const without = (line: string): string => [...ALLOWED].reduce((text, allowed) => text.replaceAll(allowed, ''), line);

/** Every line of source with Chinese in it that is on screen: dictionaries, titles beside views, the page itself. */
function* chineseLines(): Generator<[place: string, line: string]> {
  const files = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|html)$/.test(file) && !file.includes('.test.'),
  );
  for (const file of files) {
    if (file.startsWith('model')) continue;
    const lines = readFileSync(join(top, file), 'utf8').split('\n');
    for (const [i, line] of lines.entries())
      if (HAN.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line)) yield [`${file}:${i + 1}`, line];
  }
  for (const file of ['README.md']) {
    for (const line of readFileSync(join(top, '..', file), 'utf8').split('\n')) if (HAN.test(line)) yield [file, line];
  }
}

describe('Chinese', () => {
  test('uses no word that engineers do not say', () => {
    const lines = [...chineseLines()];
    expect(lines.length).toBeGreaterThan(800);
    const found = lines.flatMap(([place, line]) =>
      FORBIDDEN.filter(([word]) => word.test(without(line))).map(
        ([word, instead]) => `${place}: ${word.source} -> ${instead}: ${line.trim()}`,
      ),
    );
    expect(found).toEqual([]);
  });

  test('each exception is still there', () => {
    const all = [...chineseLines()].map(([, line]) => line).join('\n');
    expect([...ALLOWED].filter((text) => !all.includes(text))).toEqual([]);
  });
});
