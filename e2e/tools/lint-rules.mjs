// @ts-check
/**
 * The project's own lint rules, loaded by oxlint: folders import only from the folders before them, and visible text
 * comes from the dictionary.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The order in which data flows. A folder of src/ imports only from the folders before it; app may import all. */
export const folders = [
  'ops',
  'tensors',
  'model',
  'paging',
  'wgsl',
  'kernels',
  'trace',
  'tap',
  'frame',
  'machine',
  'bench',
  'ui',
  'views',
  'figure',
  'lessons',
  'labs',
  'app',
];

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** Tests and their helpers may import anything: a kernel's test runs it on the GPU. */
const isTest = (/** @type {string} */ file) => /\.test\.ts$|\/testing\//.test(file);

/**
 * The path of a file inside src/, in parts; empty for a file elsewhere.
 * @param {string} file absolute
 */
function partsInSource(file) {
  const parts = relative(source, file).split(sep);
  return parts[0] === '..' ? [] : parts;
}

/**
 * Folders whose subfolders do not import from each other: what two of them need lies in `shared`, or beside them as a
 * file.
 */
const siblings = ['ops', 'machine', 'views', 'labs'];

/** These folders draw from the trace alone and import no kernel card. */
const cardless = ['frame', 'views'];

/**
 * Says what is wrong with an import from one folder to another below the same folder, or nothing.
 * @param {string[]} from
 * @param {string[]} to
 */
function siblingProblem(from, to) {
  let depth = 0;
  while (depth < from.length && from[depth] === to[depth]) depth++;
  const [mine, theirs] = [from[depth], to[depth]];
  if (mine === undefined || theirs === undefined || theirs === 'shared') return undefined;
  return `${mine} and ${theirs} are siblings: what both need belongs in shared`;
}

/**
 * Says what is wrong with an import, or nothing.
 * @param {string} file the importing file, absolute
 * @param {string} specifier what it imports
 */
export function importProblem(file, specifier) {
  const [from, ...below] = partsInSource(file);
  if (from === undefined || below.length === 0 || !specifier.startsWith('.')) return undefined;
  const rank = folders.indexOf(from);
  if (rank < 0) return `src/${from} is not one of the project's folders (${folders.join(', ')})`;
  const [to, ...inside] = partsInSource(resolve(dirname(file), specifier));
  if (to === undefined) return undefined;
  const target = folders.indexOf(to);
  if (target > rank) return `${from} comes before ${to} in the order of data flow, and must not import from it`;
  if (to === 'kernels' && cardless.includes(from))
    return `${from} draws from the trace alone, and must not import from kernels`;
  if (from === to && siblings.includes(from)) return siblingProblem(below.slice(0, -1), inside.slice(0, -1));
  if (to === 'main' && inside.length === 0) return 'nothing imports the entry';
  return undefined;
}

/** A figure stands wherever it is mounted: what it takes from the page around it is given to it. */
const pageless = ['figure'];
const ofThePage = new Set([
  'window',
  'document',
  'location',
  'localStorage',
  'sessionStorage',
  'matchMedia',
  'navigator',
]);

const noPage = {
  create(/** @type {any} */ context) {
    const file = context.physicalFilename ?? context.filename;
    if (isTest(file) || !pageless.includes(partsInSource(file)[0] ?? '')) return {};
    return {
      Identifier(/** @type {any} */ node) {
        if (!ofThePage.has(node.name)) return;
        const { parent } = node;
        const isName =
          (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) || parent?.key === node;
        if (!isName) context.report({ node, message: `${node.name} is the page's: a figure knows no page` });
      },
    };
  },
};

const folderOrder = {
  create(/** @type {any} */ context) {
    const file = context.physicalFilename ?? context.filename;
    if (isTest(file)) return {};
    const check = (/** @type {any} */ node) => {
      if (typeof node?.value !== 'string') return;
      const message = importProblem(file, node.value);
      if (message) context.report({ node, message });
    };
    const fromSource = (/** @type {any} */ node) => check(node.source);
    return {
      ImportDeclaration: fromSource,
      ExportNamedDeclaration: fromSource,
      ExportAllDeclaration: fromSource,
      ImportExpression: fromSource,
      TSImportType: (/** @type {any} */ node) => check(node.argument?.literal ?? node.argument ?? node.source),
      // new URL('./worker.ts', import.meta.url) is how a worker is imported.
      NewExpression: (/** @type {any} */ node) =>
        node.callee.name === 'URL' && node.arguments.length === 2 && check(node.arguments[0]),
    };
  },
};

/** Ids of a list's entries, as a file of src/ has them. */
const idsIn = (/** @type {string} */ file) =>
  [...readFileSync(resolve(source, file), 'utf8').matchAll(/^ +id: '([^']+)'/gm)].map(([, id]) => id);

/** What is an op as well (layernorm) may be named as one. */
const opIds = readdirSync(resolve(source, 'ops'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? idsIn(`ops/${entry.name}/op.ts`) : [],
);
const kernelIds = new Set(idsIn('kernels/index.ts').filter((id) => !opIds.includes(id)));

/**
 * Where such a word is no kernel: folders that come before kernels (an op, or a phase of a scheduler, may be called
 * like one) and pictures of a paged cache, whose policies are its own.
 */
const knowsNoKernel = (/** @type {string[]} */ parts) =>
  folders.indexOf(parts[0] ?? '') <= folders.indexOf('kernels') || (parts[0] === 'views' && parts[1] === 'paging');

/**
 * Says what is wrong with a string in a file, or nothing: a kernel is known by what its card says of it, and by name
 * to its own folder alone.
 * @param {string} file absolute
 * @param {unknown} value
 */
export function kernelProblem(file, value) {
  const parts = partsInSource(file);
  if (typeof value !== 'string' || !kernelIds.has(value) || parts.length < 2 || knowsNoKernel(parts)) return undefined;
  if (file.endsWith('.words.ts')) return undefined;
  return `"${value}" is a kernel's id: take what its card says of it, or a name from kernels/defaults.ts`;
}

const noKernelId = {
  create(/** @type {any} */ context) {
    const file = context.physicalFilename ?? context.filename;
    if (isTest(file)) return {};
    return {
      Literal(/** @type {any} */ node) {
        const { parent } = node;
        // Names of properties, and the name of what a worker is asked for, are no values that might be a kernel.
        if (parent?.key === node || (parent?.callee?.name === 'ask' && parent.arguments[0] === node)) return;
        const message = kernelProblem(file, node.value);
        if (message) context.report({ node, message });
      },
    };
  },
};

/** Names of tensors, and of what only lives on the chip, in any op. */
const roles = new Set(
  (
    'Q K V S P O LSE L M OPart ML KPool VPool Table Requests m l alpha beta ' +
    'dO LD D dP dS dQ dK dV X Gamma Beta Y Mean Rstd'
  ).split(' '),
);

/** Where an op's roles are known by name: the op, its kernels and models, the views of one op, and lessons. */
const knowsRoles = (/** @type {string[]} */ [folder = '', inside = '']) =>
  ['ops', 'kernels', 'model', 'lessons'].includes(folder) ||
  (folder === 'views' && ['attention', 'attention-backward', 'layernorm'].includes(inside)) ||
  // Files of version 1 are of attention alone.
  (folder === 'trace' && inside === 'older.ts');

/**
 * Says what is wrong with a name in a file, or nothing: which tensors and roles there are is said by the op and the
 * trace, what they are for by axes, layouts and the op's rules.
 * @param {string} file absolute
 * @param {unknown} value
 */
export function roleProblem(file, value) {
  const parts = partsInSource(file);
  if (typeof value !== 'string' || !roles.has(value) || parts.length < 2 || knowsRoles(parts)) return undefined;
  if (file.endsWith('.words.ts')) return undefined;
  return `"${value}" is a name of one op: go by axes, layouts or the op's rules (ops/rules.ts)`;
}

/** Whether a literal picks fields of a type of ours, which are no roles. */
function picksFields(/** @type {any} */ node) {
  for (let { parent } = node; parent; { parent } = parent)
    if (parent.type === 'TSTypeReference') return ['Pick', 'Omit'].includes(parent.typeName?.name);
  return false;
}

const noRoleName = {
  create(/** @type {any} */ context) {
    const file = context.physicalFilename ?? context.filename;
    if (isTest(file)) return {};
    const check = (/** @type {any} */ node, /** @type {unknown} */ name) => {
      const message = roleProblem(file, name);
      if (message) context.report({ node, message });
    };
    return {
      Literal(/** @type {any} */ node) {
        if (!picksFields(node)) check(node, node.value);
      },
      // m, l and alpha are also fields of a softmax; a matrix taken out of a record by its name is one of an op.
      MemberExpression(/** @type {any} */ node) {
        if (!node.computed && /^d?[A-Z]/.test(node.property.name)) check(node, node.property.name);
      },
    };
  },
};

/** Formulas read the same in every language: exp, max, m_old, and products of the matrices such as QK. */
const formula = /\b(?:exp|log|max|min|sqrt|sin|cos)\b|\b[a-zA-Z]_[a-z]+\b|\b[QKVSPO]+\b/g;

/**
 * Whether text needs translation: a word of Latin letters or a Chinese character. One letter alone is a symbol (m, α).
 */
const isWords = (/** @type {string} */ text) =>
  /\p{Script=Latin}{2}|\p{Script=Han}/u.test(text.replaceAll(formula, ' '));

const readAttributes =
  /\s(?:title|alt|placeholder|label|aria-(?:label|description|roledescription|valuetext))\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)/g;

/**
 * The literal text that a lit template shows or speaks, in pieces.
 * @param {string} template the static parts, joined by U+0000 where an expression stands
 */
export function literalTexts(template) {
  const markup = template.replaceAll(/<!--[^]*?-->|<style[^]*?<\/style>/g, '');
  const tag = /<\/?[a-zA-Z](?:"[^"]*"|'[^']*'|[^"'>])*>/g;
  const spoken = [...markup.matchAll(tag)].flatMap(([text]) =>
    [...text.matchAll(readAttributes)].map(([, value]) => value ?? ''),
  );
  const shown = markup
    .replaceAll(tag, '\0')
    .replaceAll(/&#?\w+;/g, '')
    .split('\0');
  return [...shown, ...spoken].map((text) => text.trim()).filter(isWords);
}

const textProperties = new Set([
  'textContent',
  'innerText',
  'title',
  'alt',
  'placeholder',
  'ariaLabel',
  'ariaDescription',
  'ariaValueText',
]);

const noLiteralText = {
  create(/** @type {any} */ context) {
    if (isTest(context.filename) || partsInSource(context.physicalFilename ?? context.filename).length === 0) return {};
    const report = (/** @type {any} */ node, /** @type {string} */ text) =>
      context.report({
        node,
        message: `"${text}" is text that people read: take it from the dictionary, in both languages`,
      });
    const literal = (/** @type {any} */ node) => {
      if (typeof node?.value === 'string' && isWords(node.value)) report(node, node.value);
    };
    return {
      TaggedTemplateExpression(/** @type {any} */ node) {
        if (!['html', 'svg'].includes(node.tag.name)) return;
        const template = node.quasi.quasis.map((/** @type {any} */ part) => part.value.raw).join('\0');
        for (const text of literalTexts(template)) report(node, text);
      },
      AssignmentExpression(/** @type {any} */ node) {
        if (node.left.type === 'MemberExpression' && textProperties.has(node.left.property.name)) literal(node.right);
      },
      CallExpression(/** @type {any} */ node) {
        const method = node.callee.type === 'MemberExpression' && node.callee.property.name;
        if (method === 'text' || method === 'fillText') literal(node.arguments[0]);
        if (
          (method === 'attr' || method === 'setAttribute') &&
          /^(title|alt|placeholder|aria-label|aria-description)$/.test(node.arguments[0]?.value)
        )
          literal(node.arguments[1]);
      },
    };
  },
};

export default {
  meta: { name: 'attnscope' },
  rules: {
    'folder-order': folderOrder,
    'no-literal-text': noLiteralText,
    'no-kernel-id': noKernelId,
    'no-page': noPage,
    'no-role-name': noRoleName,
  },
};
