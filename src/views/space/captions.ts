// The names in the memory scene and the sentence for those who do not see it: made from the frame and the layout,
// nothing else.
import { signOf } from '../../ops/rules';
import type { TensorId } from '../../ops/op';
import type { Frame } from '../../frame/frame-types';
import type { Language } from '../../words';
import { bytes } from '../../ui/format';
import { arraysOf, ghostsOf, isVector, tensorsOf, type Matrix } from '../shared/matrix';
import { ghostKey, occupancyOf, workgroupsOf } from './contents';
import { flowsOf, streamsOf } from './flows';
import type { Label } from './labels';
import type { Layout, Place } from './layout';
import { spaceSpeech, type SpaceWords } from './space.words';

const sum = (matrices: readonly Matrix[]): number => matrices.reduce((n, m) => n + m.bytes, 0);

/** Beside a long problem a fresh view shows what is near: names stand no farther out than this, in cells. */
const NEAR = 140;

/** A tensor's name: in front of it, or on it where its end is far. */
const near = (p: Place, layout: Layout): Label['at'] => front(layout.sram ? { ...p, rows: Math.min(p.rows, NEAR) } : p);

/** A ghost's name: in front, on the side of the box. */
const inner = (p: Place): Label['at'] => {
  const half = Math.min(p.cols, NEAR) / 2;
  return [p.x < 0 ? p.x + p.cols - half : p.x + half, p.y, p.z + p.rows + 1];
};

/** In front of a place, centred. */
const front = (p: Pick<Place, 'x' | 'y' | 'z' | 'rows' | 'cols'>): Label['at'] => [
  p.x + p.cols / 2,
  p.y,
  p.z + p.rows + 1,
];

export function labelsOf(frame: Frame, layout: Layout, language: Language): Label[] {
  const words = spaceSpeech(language);
  const labels: Label[] = [...titles(frame, layout, words)];
  for (const m of tensorsOf(frame)) {
    const place = layout.places.get(m.key);
    if (place)
      labels.push({ key: m.key, name: m.name, detail: bytes(m.bytes), at: near(place, layout), rank: 1, tone: 'hbm' });
  }
  for (const level of ['sram', 'reg'] as const)
    labels.push(...chipLabels(arraysOf(frame, level), layout, level, words));
  for (const { id, rows, cols } of ghostsOf(frame)) {
    const place = layout.ghosts.find((g) => g.key === ghostKey(id));
    if (place)
      labels.push({
        key: place.key,
        name: id,
        detail: words.never(bytes(rows * cols * 4)),
        at: inner(place),
        rank: 1.5,
        tone: 'ghost',
      });
  }
  const { scale } = layout;
  labels.push({
    key: 'scale',
    name: bytes(scale.bytes),
    detail: words.scale,
    at: [(scale.x0 + scale.x1) / 2, 0, scale.z1 + 1],
    rank: 3,
    tone: 'ghost',
  });
  return labels;
}

/** The levels' names, where the level leaves room: at its left, or above its back left corner. */
function titles(frame: Frame, { sram, reg, places, ghosts }: Layout, words: SpaceWords): Label[] {
  const { batch, heads } = frame.trace.header.run.shape;
  const planes = batch * heads;
  const tensors = tensorsOf(frame);
  const first = tensors[0] && places.get(tensors[0].key);
  const total = bytes(sum(tensors));
  const head = planes > 1 ? words.head(frame.plane + 1, planes) : '';
  const title = (key: 'hbm' | 'sram' | 'reg', detail: string, at: Label['at'], side: 'above' | 'left'): Label => ({
    key: `title ${key}`,
    name: words[key],
    detail,
    at,
    rank: 0,
    side,
    tone: `title-${key}`,
  });
  const [left] = ghosts;
  const hbm =
    first && (left ? ([first.x, 0, first.z + first.rows / 2] as const) : ([first.x + first.cols, 0, first.z] as const));
  return [
    ...(hbm ? [title('hbm', words.hbmIs(head, total), hbm, left ? 'left' : 'above')] : []),
    ...(sram
      ? [
          title(
            'sram',
            words.sramIs(bytes(occupancyOf(frame).used)),
            left ? [left.x + left.cols / 2, left.y, left.z] : [sram.x0, sram.y, sram.z1],
            left ? 'above' : 'left',
          ),
        ]
      : []),
    title('reg', words.regIs(frame.pass.workgroupSize), [reg.x0, reg.y, (reg.z0 + reg.z1) / 2], 'left'),
  ];
}

/** A label for each matrix of a chip level; vectors, one cell wide, share one. */
function chipLabels(matrices: readonly Matrix[], layout: Layout, level: 'sram' | 'reg', words: SpaceWords): Label[] {
  const named = (m: Matrix): string =>
    m.role === m.name || m.role === 'other' ? m.name : `${m.name} = ${signOf(m.role)}`;
  const [vectors, wide] = [matrices.filter(isVector), matrices.filter((m) => !isVector(m))];
  // A private array may be longer than what it holds: what is drawn is what holds a value.
  const size = (m: Matrix): string => {
    const drawn = m.rows * m.cols * 4;
    return drawn < m.bytes ? words.part(bytes(drawn), bytes(m.bytes)) : bytes(m.bytes);
  };
  const labels = wide.flatMap((m): Label[] => {
    const place = layout.places.get(m.key);
    return place ? [{ key: m.key, name: named(m), detail: size(m), at: front(place), rank: 2, tone: level }] : [];
  });
  const at = vectors.flatMap((m) => layout.places.get(m.key) ?? []);
  const [first, last] = [at[0], at.at(-1)];
  if (first && last) {
    const one = vectors[0]?.bytes ?? 0;
    const detail = vectors.length > 1 ? words.each(bytes(one)) : bytes(one);
    const rows = Math.max(...at.map((p) => p.rows));
    const label = front({ ...first, cols: last.x + 1 - first.x, rows });
    labels.push({
      key: `${level} vectors`,
      name: vectors.map((m) => m.name).join(' '),
      detail,
      at: label,
      rank: 2.5,
      tone: level,
    });
  }
  return labels;
}

/** What moved in this step, level by level: "HBM → SRAM 4.00 KiB". */
export function movedText(frame: Frame, words: SpaceWords): string {
  const said = streamsOf(flowsOf(frame)).map((s) => words.moved(bytes(s.bytes), words[s.from], words[s.to]));
  return said.length > 0 ? said.join(words.comma) : words.idle;
}

/** What is known of workgroups at once, in a line and in a note. */
export function occupancyText(frame: Frame, words: SpaceWords): { line: string; note: string } {
  const count = workgroupsOf(frame);
  const groups = count === 1 ? words.oneWorkgroup : words.workgroups(count);
  const { used, limit, fit } = occupancyOf(frame);
  if (used === 0) return { line: words.both(groups, words.noSram), note: words.noSramNote };
  if (fit === undefined || limit === undefined) return { line: groups, note: words.noSramNote };
  return { line: words.both(groups, words.fit(fit, bytes(limit))), note: words.fitNote(bytes(used), bytes(limit)) };
}

export function describeSpace(frame: Frame, language: Language): string {
  const words = spaceSpeech(language);
  const list = (matrices: readonly Matrix[]): string =>
    matrices.map((m) => `${m.name} ${bytes(m.bytes)}`).join(words.comma) || words.none;
  const ghosts = ghostsOf(frame);
  const size = ghosts[0] ? bytes(ghosts[0].rows * ghosts[0].cols * 4) : '';
  const sram = arraysOf(frame, 'sram');
  return words.describe(
    list(tensorsOf(frame)),
    ghosts.length > 0 ? words.describeGhosts(ghosts.map((g): TensorId => g.id).join(words.comma), size) : '',
    sram.length > 0 ? words.describeSram(list(sram)) : '',
    list(arraysOf(frame, 'reg')),
    movedText(frame, words),
    occupancyText(frame, words).line,
  );
}
