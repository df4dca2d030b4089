/**
 * The same rules, written to be obviously right: plain arrays, reference counts found by counting tables, published
 * blocks found by comparing whole prefixes. The tests compare the real state machine with it after every operation.
 */
import { seededToken } from '../sample';
import type { Config, Operation, RequestStatus } from '../types';

interface NaiveRequest {
  id: number;
  group: number;
  status: RequestStatus;
  tokens: number[];
  prompt: number;
  final: number;
  outside: boolean;
  salt: string;
  computed: number;
  table: number[];
  cpu: number[];
}

export class Naive {
  readonly config: Config;
  requests: NaiveRequest[] = [];
  running: NaiveRequest[] = [];
  waiting: NaiveRequest[] = [];
  swapped: NaiveRequest[] = [];
  free: number[];
  content: number[][];
  /** The prefix as text under which a block can be found. */
  name: (string | undefined)[];
  /** When it was published: of equal blocks the first is found. */
  born: number[];
  cpuFree: number[];
  cpuContent: number[][];
  clock = 0;
  /** Requests and tokens computed so far in the current step. */
  served: NaiveRequest[] = [];
  used = 0;

  constructor(config: Config, freeOrder: readonly number[]) {
    this.config = config;
    this.free = [...freeOrder];
    this.content = Array.from({ length: config.blocks }, () => []);
    this.name = Array.from({ length: config.blocks });
    this.born = Array.from({ length: config.blocks }, () => 0);
    this.cpuFree = Array.from({ length: config.cpuBlocks }, (_, i) => config.cpuBlocks - 1 - i);
    this.cpuContent = Array.from({ length: config.cpuBlocks }, () => []);
  }

  get paper(): boolean {
    return this.config.rules === 'paper';
  }

  count(block: number): number {
    let count = 0;
    for (const request of this.requests) if (request.table.includes(block)) count += 1;
    return count;
  }

  prefix(request: NaiveRequest, blocks: number): string {
    return `${request.salt}|${request.tokens.slice(0, blocks * this.config.blockSize).join()}`;
  }

  find(name: string): number | undefined {
    let first: number | undefined;
    for (const [block, other] of this.name.entries())
      if (other === name && (first === undefined || (this.born[block] ?? 0) < (this.born[first] ?? 0))) first = block;
    return first;
  }

  take(): number {
    const block = this.free.shift();
    if (block === undefined) throw new Error('naive: no free block');
    this.name[block] = undefined;
    this.content[block] = [];
    return block;
  }

  /** Releases blocks that were just removed from one table, in table order. */
  letGo(blocks: readonly number[]): void {
    const gone = blocks.toReversed().filter((block) => block !== 0 && this.count(block) === 0);
    if (this.paper) {
      for (const block of gone) {
        this.name[block] = undefined;
        this.free.unshift(block);
      }
    } else if (this.config.rules === 'v1-2025') this.free.push(...gone);
    else {
      this.free.unshift(...gone.filter((block) => this.name[block] === undefined));
      this.free.push(...gone.filter((block) => this.name[block] !== undefined));
    }
  }

  dropTable(request: NaiveRequest): void {
    const { table } = request;
    request.table = [];
    this.letGo(table);
  }

  dropCpu(request: NaiveRequest): void {
    const { cpu } = request;
    request.cpu = [];
    for (const block of cpu)
      if (block >= 0 && !this.requests.some((other) => other.cpu.includes(block))) this.cpuFree.push(block);
  }

  remove(request: NaiveRequest): void {
    this.running = this.running.filter((other) => other !== request);
    this.waiting = this.waiting.filter((other) => other !== request);
    this.swapped = this.swapped.filter((other) => other !== request);
  }

  end(request: NaiveRequest): void {
    this.remove(request);
    this.dropTable(request);
    this.dropCpu(request);
    request.status = 'finished';
  }

  recompute(request: NaiveRequest): void {
    this.remove(request);
    this.dropTable(request);
    this.dropCpu(request);
    request.computed = 0;
    request.status = 'preempted';
    this.waiting.unshift(request);
  }

  lookup(request: NaiveRequest): number[] {
    if (!this.config.sharing) return [];
    const most = Math.floor((request.tokens.length - 1) / this.config.blockSize);
    const there = Array.from({ length: most }, (_, i) => this.find(this.prefix(request, i + 1)));
    const { window, blockSize } = this.config;
    const enough = Math.max(1, Math.ceil((window - 1) / blockSize));
    for (let length = most; length > 0; length--) {
      const must = window > 0 ? Math.min(enough, length) : length;
      const tail = there.slice(length - must, length);
      if (tail.every((block) => block !== undefined)) {
        return Array.from({ length }, (_, i) => (i < length - must ? 0 : (there[i] ?? 0)));
      }
    }
    return [];
  }

  /** Blocks that `count` more tokens take, when `hits` are found. */
  need(request: NaiveRequest, count: number, hits: readonly number[]): number {
    const { blockSize } = this.config;
    const tokens = request.computed + hits.length * blockSize + count;
    const idle = hits.filter((block) => block !== 0 && this.count(block) === 0).length;
    return Math.max(0, Math.ceil(tokens / blockSize) - request.table.length - hits.length) + idle;
  }

  /** Computes tokens one by one, each into its slot. */
  compute(request: NaiveRequest, count: number, hits: readonly number[] = []): void {
    const { blockSize } = this.config;
    this.free = this.free.filter((block) => !hits.includes(block));
    request.table.push(...hits);
    request.computed += hits.length * blockSize;
    for (let i = 0; i < count; i++) {
      const logical = Math.floor(request.computed / blockSize);
      const slot = request.computed % blockSize;
      if (logical === request.table.length) request.table.push(this.take());
      const block = request.table[logical] as number;
      if (slot > 0 && this.count(block) > 1) {
        const copy = this.take();
        this.content[copy] = [...(this.content[block] as number[])];
        request.table[logical] = copy;
      }
      const mine = request.table[logical] as number;
      this.content[mine] = [
        ...(this.content[mine] as number[]).slice(0, slot),
        request.tokens[request.computed] as number,
      ];
      request.computed += 1;
    }
    this.publish(request);
    this.served.push(request);
    this.used += count;
  }

  publish(request: NaiveRequest): void {
    if (!this.config.sharing) return;
    for (let i = 0; (i + 1) * this.config.blockSize <= request.computed; i++) {
      const block = request.table[i] as number;
      if (block === 0 || this.name[block] !== undefined) continue;
      this.name[block] = this.prefix(request, i + 1);
      this.born[block] = this.clock++;
    }
  }

  slide(request: NaiveRequest): void {
    const { window, blockSize } = this.config;
    if (window === 0) return;
    const old = request.table;
    const behind = (i: number) => (i + 1) * blockSize - 1 <= request.computed - window;
    request.table = old.map((block, i) => (behind(i) ? 0 : block));
    this.letGo(old.filter((_, i) => behind(i)));
  }

  victim(candidates: readonly NaiveRequest[]): NaiveRequest {
    const held = (request: NaiveRequest) => request.table.filter((block) => block !== 0).length;
    const score = (request: NaiveRequest) =>
      ({ last: 0, 'most-blocks': held(request), 'fewest-computed': -request.computed })[this.config.victim];
    const best = Math.max(...candidates.map(score));
    return candidates.filter((request) => score(request) === best).at(-1) as NaiveRequest;
  }

  reserve(): number {
    return this.running.length > 0 ? Math.floor(this.config.watermark * (this.config.blocks - 1)) : 0;
  }

  stepV1(): void {
    if (!this.serveRunning()) this.serveWaiting();
  }

  /** Returns whether a request was preempted. */
  serveRunning(): boolean {
    let preempted = false;
    for (const request of this.running.slice()) {
      const count = Math.min(this.left(), request.tokens.length - request.computed);
      if (!this.running.includes(request) || count === 0) continue;
      this.slide(request);
      while (this.running.includes(request) && this.need(request, count, []) > this.free.length) {
        const after = this.running.slice(this.running.indexOf(request) + 1);
        this.recompute(after.length > 0 ? this.victim(after) : request);
        preempted = true;
      }
      if (!this.running.includes(request)) continue;
      this.compute(request, count);
    }
    return preempted;
  }

  left(): number {
    return this.config.budget - this.used;
  }

  serveWaiting(): void {
    while (this.left() > 0 && this.waiting.length > 0 && this.running.length < this.config.maxRunning) {
      const request = this.waiting[0] as NaiveRequest;
      const hits = this.lookup(request);
      const count = Math.min(this.left(), request.tokens.length - hits.length * this.config.blockSize);
      if (!this.admit(request, count, hits)) return;
    }
  }

  admit(request: NaiveRequest, count: number, hits: readonly number[]): boolean {
    if (this.need(request, count, hits) > this.free.length - this.reserve()) return false;
    this.waiting.shift();
    this.running.push(request);
    request.status = 'running';
    this.compute(request, count, hits);
    return true;
  }

  sample(): void {
    for (const request of this.served) {
      if (request.outside || request.computed < request.tokens.length) continue;
      request.tokens.push(seededToken(this.config, request.id, request.tokens.length));
      if (request.tokens.length >= request.final) this.end(request);
    }
    this.served = [];
    this.used = 0;
  }

  add(tokens: readonly number[], more: Pick<NaiveRequest, 'prompt' | 'final' | 'outside' | 'salt'>): NaiveRequest {
    const id = this.requests.length;
    const request: NaiveRequest = {
      id,
      group: id,
      status: 'waiting',
      tokens: [...tokens],
      computed: 0,
      table: [],
      cpu: [],
      ...more,
    };
    this.requests.push(request);
    return request;
  }

  /** Applies an operation that the real machine did not refuse (whether it should have is tested elsewhere). */
  apply(operation: Operation, step: () => void): void {
    if (operation.op === 'step') {
      step();
      this.sample();
      return;
    }
    if (operation.op === 'add') {
      const { prompt, generate, source, salt } = operation;
      const final = prompt.length + generate;
      this.waiting.push(
        this.add(prompt, { prompt: prompt.length, final, outside: source === 'outside', salt: salt ?? '' }),
      );
      return;
    }
    const request = this.requests[operation.request] as NaiveRequest;
    if (operation.op === 'free') this.end(request);
    else if (operation.op === 'append') {
      request.tokens.push(...operation.tokens);
      if (request.tokens.length === request.final) this.end(request);
    } else this.fork(request, operation.token);
  }

  fork(request: NaiveRequest, token?: number): void {
    const { prompt, final, outside, salt } = request;
    const child = this.add(request.tokens, { prompt, final, outside, salt });
    const last = child.tokens.length - 1;
    if (last >= request.prompt && request.computed <= last) {
      if (token !== undefined) child.tokens[last] = token;
      else if (!request.outside) child.tokens[last] = seededToken(this.config, child.id, last);
    }
    if (!this.paper) {
      this.waiting.push(child);
      return;
    }
    Object.assign(child, {
      group: request.group,
      status: 'running',
      computed: request.computed,
      table: [...request.table],
    });
    const after = this.running.findLastIndex((other) => other.group === request.group);
    this.running.splice(after + 1, 0, child);
  }
}
