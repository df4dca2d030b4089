/** Contiguous memory: first fit, checked by looking at every slot. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Config, CONTIGUOUS_POLICIES, contiguousWaste, type ContiguousPolicy, History, pagedWaste } from '..';
import { codes, configs, operationOf } from '../testing/random-operations';

interface Guest {
  request: number;
  tokens: number;
  end: number;
  size: number;
}

/** Slots one by one: each is empty or belongs to a request. */
class Slots {
  owners: (Guest | undefined)[];
  waiting: Guest[] = [];
  finished = 0;
  private readonly config: Config;
  private readonly policy: ContiguousPolicy;

  constructor(config: Config, policy: ContiguousPolicy) {
    this.config = config;
    this.policy = policy;
    this.owners = Array.from({ length: (config.blocks - 1) * config.blockSize });
  }

  come(request: number, tokens: number, end: number): void {
    const powers = [1, 2, 4, 8, 16, 32].filter((power) => power >= end);
    const { maxLength } = this.config;
    const size = { 'max-length': maxLength, 'power-of-two': Math.min(maxLength, powers[0] ?? 0), oracle: end }[
      this.policy
    ];
    if (size <= this.owners.length) this.waiting.push({ request, tokens: Math.min(tokens, end), end, size });
  }

  go(request: number): void {
    this.waiting = this.waiting.filter((guest) => guest.request !== request);
    this.owners = this.owners.map((guest) => (guest?.request === request ? undefined : guest));
  }

  guests(): Guest[] {
    return [...new Set(this.owners)].filter((guest) => guest !== undefined);
  }

  hole({ size }: Guest): number {
    return this.owners.findIndex(
      (_, at) => at + size <= this.owners.length && !this.owners.slice(at, at + size).some(Boolean),
    );
  }

  step(): void {
    for (const guest of this.guests()) guest.tokens += 1;
    for (let head = this.waiting[0]; head && this.guests().length < this.config.maxRunning; head = this.waiting[0]) {
      const at = this.hole(head);
      if (at < 0) break;
      this.owners.fill(head, at, at + head.size);
      this.waiting.shift();
    }
    for (const guest of this.guests())
      if (guest.tokens >= guest.end) {
        this.finished += 1;
        this.go(guest.request);
      }
  }
}

test('places, ends and waste are those of slots looked at one by one', () => {
  fc.assert(
    fc.property(fc.constantFrom('v1-2026' as const, 'paper' as const).chain(configs), codes, (config, numbers) => {
      const history = new History(config);
      const naive = CONTIGUOUS_POLICIES.map((policy) => new Slots(config, policy));
      for (const number of numbers) {
        const { state, events, contiguous } = history.push(operationOf(number, history.last.state));
        for (const [i, slots] of naive.entries()) {
          for (const event of events) {
            const came =
              event.kind === 'arrive' ? event.request : event.kind === 'fork' && !event.asNewRequest ? event.child : -1;
            if (came >= 0)
              slots.come(came, state.requests.at(came).tokens.length, state.requests.at(came).finalLength - 1);
            else if (event.kind === 'free') slots.go(event.request);
            else if (event.kind === 'batch') slots.step();
          }
          const memory = contiguous[i];
          if (!memory) throw new Error('no memory');
          const guests = slots.guests();
          expect(memory.runs.map(({ request, start }) => [request, start])).toEqual(
            guests.map((guest) => [guest.request, slots.owners.indexOf(guest)]),
          );
          expect(memory.finished).toBe(slots.finished);
          const head = slots.waiting[0];
          const empty = slots.owners.filter((guest) => !guest).length;
          const fragmented = head !== undefined && head.size <= empty && slots.hole(head) < 0;
          expect(contiguousWaste(memory)).toEqual({
            slots: slots.owners.length,
            token: guests.reduce((sum, { tokens }) => sum + tokens, 0),
            reserved: guests.reduce((sum, { tokens, end }) => sum + end - tokens, 0),
            internal: guests.reduce((sum, { end, size }) => sum + size - end, 0),
            external: fragmented ? empty : 0,
            free: fragmented ? 0 : empty,
            cached: 0,
          });
        }
      }
    }),
    { numRuns: 250 },
  );
});

test('waste of the pool is what looking at every slot of every table says', () => {
  fc.assert(
    fc.property(fc.constantFrom('v1-2026' as const, 'paper' as const).chain(configs), codes, (config, numbers) => {
      const history = new History(config);
      for (const number of numbers) history.push(operationOf(number, history.last.state));
      const { state } = history.last;
      const { blockSize } = config;
      const slots = new Map<number, 'token' | 'reserved' | 'internal'>();
      for (const { table, computed, finalLength } of state.requests)
        for (let at = 0; at < table.length * blockSize; at++) {
          const block = table[Math.floor(at / blockSize)] ?? 0;
          if (block === 0) continue;
          const slot = block * blockSize + (at % blockSize);
          const is = at < computed ? 'token' : at < finalLength - 1 ? 'reserved' : 'internal';
          const rank = ['internal', 'reserved', 'token'];
          if (rank.indexOf(is) >= rank.indexOf(slots.get(slot) ?? 'internal')) slots.set(slot, is);
        }
      const count = (is: string) => [...slots.values()].filter((other) => other === is).length;
      expect(pagedWaste(state)).toMatchObject({
        token: count('token'),
        reserved: count('reserved'),
        internal: count('internal'),
      });
    }),
    { numRuns: 200 },
  );
});
