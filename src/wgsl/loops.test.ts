/** Which round of which loop an executed phase is in, against a walk of random loops that counts as it goes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findLoops, roundsOf } from './loops';
import { findPhases } from './phases';
import { parse, reachable } from './source';

const loopsIn = (text: string) => {
  const source = parse(text);
  const fns = reachable(source, source.entry);
  const { infos, boundaries } = findPhases(source, fns);
  return { infos, ...findLoops(source, fns, boundaries) };
};

const kernel = (body: string, head = '') => `${head}\n@compute @workgroup_size(1)\nfn main() {\n${body}\n}\n`;

/** A body: phases and loops in any order. */
type Part = { phase: true } | { rounds: readonly number[]; inside: readonly Part[] };

const { body: bodies } = fc.letrec<{ body: Part[]; part: Part }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant({ phase: true } as const),
    fc.record({
      // How often it goes round, the first time it is come to, the second ...
      rounds: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
      inside: tie('body'),
    }),
  ),
  body: fc.array(tie('part'), { maxLength: 4 }),
}));

/** Only loops with a phase of their own can be told apart; every one gets a first or a last. */
const withMarks = (parts: readonly Part[], first: boolean): Part[] =>
  parts.map((part) =>
    'phase' in part
      ? part
      : {
          rounds: part.rounds,
          inside: first
            ? [{ phase: true as const }, ...withMarks(part.inside, first)]
            : [...withMarks(part.inside, first), { phase: true as const }],
        },
  );

test('random loops in loops: every phase knows the round of every loop around it', () => {
  fc.assert(
    fc.property(bodies, fc.boolean(), (parts, first) => {
      const marked = withMarks(parts, first);
      let [names, loops] = [0, 0];
      const textOf = (list: readonly Part[]): string =>
        list
          .map((part) => {
            if ('phase' in part) return `workgroupBarrier(); // phase: p${names++}\n`;
            const name = `i${loops++}`;
            return `for (var ${name} = 0u; ${name} < 3u; ${name}++) {\n${textOf(part.inside)}}\n`;
          })
          .join('');
      const found = loopsIn(kernel(textOf(marked)));
      const order = [0];
      const want: string[] = [''];
      let next = 0;
      /** Static phases of a body begin at `begin`, and it ends at the number that is returned. */
      const walk = (list: readonly Part[], begin: number, around: string, times: number): number => {
        let [id, loop] = [begin, next];
        for (const part of list) {
          if ('phase' in part) {
            order.push(++id);
            want.push(around);
            continue;
          }
          const count = part.rounds[times % part.rounds.length] ?? 0;
          const inside = phasesIn(part.inside);
          const own = loop;
          for (let round = 0; round < count; round++) {
            next = own + 1;
            walk(part.inside, id, `${around}i${own}=${round} `, round);
          }
          loop = own + 1 + loopsInside(part.inside);
          next = loop;
          id += inside;
        }
        return id;
      };
      walk(marked, 0, '', 0);
      const rounds = roundsOf(order, found);
      order.forEach((phase, k) => {
        const said = found.around[phase]!.map(
          (id) => `${found.counted[id]!.name}=${rounds[k * found.counted.length + id]} `,
        ).join('');
        expect(said).toBe(want[k]);
      });
    }),
    { numRuns: 300 },
  );
});

const phasesIn = (parts: readonly Part[]): number =>
  parts.reduce((n, part) => n + ('phase' in part ? 1 : phasesIn(part.inside)), 0);
const loopsInside = (parts: readonly Part[]): number =>
  parts.reduce((n, part) => n + ('phase' in part ? 0 : 1 + loopsInside(part.inside)), 0);

test('a phase in a function is in the loops around the call, where there is one call', () => {
  const fill = 'fn fill() {\nfor (var k = 0u; k < 2u; k++) {\nworkgroupBarrier(); // phase: fill\n}\n}';
  const loop = 'for (var j = 0u; j < 2u; j++) {\nworkgroupBarrier(); // phase: outer\nfill();\n}';
  const one = loopsIn(kernel(loop, fill));
  const names = (loops: ReturnType<typeof loopsIn>) =>
    loops.infos.map(({ id, name }) => [name, ...loops.around[id]!.map((i) => loops.counted[i]!.name)].join(' '));
  expect(names(one)).toEqual(['start', 'fill j k', 'outer j']);
  const two = loopsIn(kernel(`${loop}\nfill();`, fill));
  expect(names(two)).toEqual(['start', 'fill', 'outer j']);
  expect(two.repeated).toEqual(new Set([1, 2]));
});

test('rounds that pass no phase, or not always, are not counted: of such loops nothing is said', () => {
  const around = (body: string) => loopsIn(kernel(body)).around;
  const head = 'for (var j = 0u; j < 4u; j++) {\n';
  const phase = 'workgroupBarrier(); // phase: one\n';
  expect(around(`${head}${phase}if (j == 1u) { continue; }\n}`)).toEqual([[], [0]]);
  expect(around(`${head}if (j == 1u) { continue; }\n${phase}}`)).toEqual([[], []]);
  expect(around(`${head}if (j == 1u) {\n${phase}}\n}`)).toEqual([[], []]);
  expect(around(`${head}for (var i = 0u; i < 2u; i++) {\n${phase}}\n}`)).toEqual([[], []]);
  expect(around(`${head}for (var i = 0u; i < 2u; i++) { if (i == 1u) { continue; } }\n${phase}}`)).toEqual([[], [0]]);
});
