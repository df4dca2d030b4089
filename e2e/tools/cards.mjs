// @ts-check
/**
 * The cards that other pages and messengers show for a link to this page: title, description and picture, in each
 * language. Some of them run no script, so Chinese has its own page, zh.html: index.html with another head. Its body is
 * the same, and opens in Chinese.
 */

/**
 * The address that the build will be served at, ending in a slash: `ATTNSCOPE_SITE=https://example.org/attnscope/ npm
 * run build`. Most readers of cards need absolute addresses; without this setting they are relative, which only a few
 * resolve.
 * @param {string | undefined} given
 */
export function siteOf(given) {
  if (!given) return '';
  const { href, protocol } = new URL(given);
  if (!/^https?:$/.test(protocol))
    throw new Error(`ATTNSCOPE_SITE is ${given}: an address of a site begins with https://`);
  return href.endsWith('/') ? href : `${href}/`;
}

/**
 * The texts of a card in one language.
 * @typedef {{
 *   file: string, lang: string, locale: string, title: string, heading: string, description: string, image: string
 * }} Card
 */

/** @type {Record<'en' | 'zh', Card>} */
export const cards = {
  en: {
    file: '',
    lang: 'en',
    locale: 'en_US',
    title: 'Attnscope',
    heading: 'Attnscope: see what an attention kernel really does on your GPU',
    description:
      'A microscope for attention kernels: see every tile, byte and online-softmax update of a WGSL kernel that really ran on your GPU.',
    image: 'screenshot.png',
  },
  zh: {
    file: 'zh.html',
    lang: 'zh-CN',
    locale: 'zh_CN',
    title: 'Attnscope：attention kernel 的显微镜',
    heading: 'Attnscope：attention 的 kernel，在你的显卡上一步一步看清',
    description:
      'FlashAttention 为什么快？每个分块、每个字节、每一步在线 softmax，都来自真实跑过的 WGSL kernel。打开网页就能看，还能在你的显卡上测速。',
    image: 'screenshot-zh.png',
  },
};

/**
 * The tags of a language's card, for `transformIndexHtml`.
 * @param {Card} card
 * @param {string} site see siteOf
 * @returns {{ tag: string, attrs: Record<string, string>, injectTo: 'head' }[]}
 */
export function cardTags(card, site) {
  const property = (/** @type {string} */ name, /** @type {string} */ content) => ({
    tag: 'meta',
    attrs: { property: name, content },
  });
  const other = (/** @type {string} */ hreflang, /** @type {Card} */ { file }) => ({
    tag: 'link',
    attrs: { rel: 'alternate', hreflang, href: `${site}${file}` || './' },
  });
  const tags = [
    property('og:type', 'website'),
    property('og:site_name', 'Attnscope'),
    property('og:title', card.heading),
    property('og:description', card.description),
    property('og:image', `${site}${card.image}`),
    property('og:image:width', '1440'),
    property('og:image:height', '900'),
    property('og:locale', card.locale),
    ...(site ? [property('og:url', `${site}${card.file}`)] : []),
    { tag: 'meta', attrs: { name: 'twitter:card', content: 'summary_large_image' } },
    other('en', cards.en),
    other('zh-CN', cards.zh),
    other('x-default', cards.en),
  ];
  return tags.map((tag) => ({ ...tag, injectTo: 'head' }));
}

/** Escapes a text for an attribute in double quotes, and for text. */
const escaped = (/** @type {string} */ text) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * Makes zh.html from the built index.html. Throws when that is not as expected, because nobody would notice a head that
 * is half translated.
 * @param {string} html
 * @param {string} site
 */
export function chinesePage(html, site) {
  const { en, zh } = cards;
  let page = html;
  const swap = (/** @type {string} */ from, /** @type {string} */ to) => {
    if (page.split(from).length !== 2)
      throw new Error(`index.html holds ${JSON.stringify(from)} ${page.split(from).length - 1} times, not once`);
    page = page.replace(from, () => to);
  };
  swap('<html lang="en">', `<html lang="${zh.lang}" data-language="zh">`);
  swap(`<title>${en.title}</title>`, `<title>${zh.title}</title>`);
  swap(
    `name="description"\n      content="${escaped(en.description)}"`,
    `name="description"\n      content="${escaped(zh.description)}"`,
  );
  const [before, after] = [cardTags(en, site), cardTags(zh, site)];
  for (const [i, { attrs }] of before.entries()) {
    const [from, to] = [attrs, /** @type {(typeof before)[number]} */ (after[i]).attrs];
    if ('property' in from && from['content'] !== to['content']) {
      const tag = (/** @type {Record<string, string>} */ { property = '', content = '' }) =>
        `property="${property}" content="${escaped(content)}"`;
      swap(tag(from), tag(to));
    }
  }
  return page;
}
