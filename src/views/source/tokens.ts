// A small tokenizer for WGSL, line by line, that is enough for colours. Joined again, the tokens of a line are the
// line.

/** `hbm` and `sram` are names of storage and workgroup variables. */
export type TokenKind = 'plain' | 'hbm' | 'sram' | 'keyword' | 'type' | 'builtin' | 'number' | 'comment' | 'attribute';

export interface Token {
  kind: TokenKind;
  text: string;
}

const KEYWORDS = new Set(
  'alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop override requires return struct switch true var while'.split(
    ' ',
  ),
);
const TYPE =
  /^(?:bool|[iuf]32|f16|vec[234][iufh]?|mat[234]x[234][fh]?|array|atomic|ptr|sampler|texture_\w+|storage|workgroup|private|function|uniform|read|write|read_write)$/;
/** Functions of the language that attention kernels use; other calls are the kernel's own. */
const BUILTINS = new Set(
  'abs all any arrayLength atomicAdd atomicLoad atomicMax atomicStore bitcast ceil clamp cos cross distance dot exp exp2 floor fma fract inverseSqrt log log2 max min mix pow quadBroadcast round select sign sin sqrt step storageBarrier subgroupAdd subgroupBroadcast subgroupMax subgroupShuffle tanh transpose trunc unpack2x16float workgroupBarrier workgroupUniformLoad'.split(
    ' ',
  ),
);
const PIECE =
  /(\/\/.*|\/\*[^]*?(?:\*\/|$))|(@\w+)|(\b(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[iufh]?\b)|([A-Za-z_]\w*)/g;

/** Names that the text declares in storage and in workgroup memory. */
function memoryNames(text: string): Map<string, TokenKind> {
  const declared = text.matchAll(/\bvar<\s*(storage|workgroup)\b[^>]*>\s*(\w+)/g);
  return new Map(Array.from(declared, ([, space, name]) => [name ?? '', space === 'storage' ? 'hbm' : 'sram']));
}

function kindOfWord(word: string, names: Map<string, TokenKind>): TokenKind {
  const memory = names.get(word);
  if (memory) return memory;
  if (KEYWORDS.has(word)) return 'keyword';
  if (TYPE.test(word)) return 'type';
  return BUILTINS.has(word) ? 'builtin' : 'plain';
}

/** The text's lines as tokens; block comments may run over lines. */
export function tokenLines(text: string): Token[][] {
  const names = memoryNames(text);
  let open = false;
  return text.split('\n').map((line) => {
    const tokens: Token[] = [];
    const push = (kind: TokenKind, piece: string): void => {
      const last = tokens.at(-1);
      if (piece === '') return;
      if (last?.kind === kind) last.text += piece;
      else tokens.push({ kind, text: piece });
    };
    let at = 0;
    if (open) {
      const end = line.indexOf('*/');
      at = end < 0 ? line.length : end + 2;
      open = end < 0;
      push('comment', line.slice(0, at));
    }
    PIECE.lastIndex = at;
    for (let match = PIECE.exec(line); match; match = PIECE.exec(line)) {
      push('plain', line.slice(at, match.index));
      at = PIECE.lastIndex;
      const [piece, comment, attribute, number] = match;
      push(comment ? 'comment' : attribute ? 'attribute' : number ? 'number' : kindOfWord(piece, names), piece);
      open = comment?.startsWith('/*') === true && !(comment.length > 3 && comment.endsWith('*/'));
    }
    push('plain', line.slice(at));
    return tokens;
  });
}
