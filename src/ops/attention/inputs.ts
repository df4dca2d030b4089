// Seeded Q, K and V for any shape: one kind with structure to look at, one without, which benchmarks share.
import type { Inputs, Shape } from './shape';
import { elementsOf } from './shape';
import { mixSeed, mulberry32, normal } from '../random';

/** How much of the unit variance of a Q or K row comes from its topic and from its position; the rest is noise. */
const TOPIC = 0.4;
const POSITION = 0.3;
/**
 * Inverse width of the diagonal: exp(-(i - j)² NEAR² / 2) is what the position terms of rows i and j have in common.
 */
const NEAR = 0.3;
/** Share of the queries that point at one far key instead, and how much of such a query is that key. */
const FAR_SHARE = 0.04;
const FAR = 0.7;

interface Plane {
  rows: number;
  dim: number;
  /** Number of the first row in the sequence: with fewer queries than keys, the queries are the last tokens. */
  offset: number;
}

/**
 * The topic of every position: runs of random length, topics come back, so that S shows blocks on and off the diagonal.
 */
function topicRuns(length: number, count: number, uniform: () => number): Uint16Array {
  const topics = new Uint16Array(length);
  const longest = Math.max(2, Math.ceil(length / (1.5 * count)));
  for (let at = 0; at < length;) {
    const end = at + 1 + Math.floor(uniform() * longest);
    topics.fill(Math.floor(uniform() * count), at, end);
    at = end;
  }
  return topics;
}

/** Writes rows = topic + position + noise, each part with its share of the unit variance. */
function fillRows(
  out: Float32Array,
  base: number,
  { rows, dim, offset }: Plane,
  features: Features,
  noise: () => number,
): void {
  const rest = Math.sqrt(1 - TOPIC - POSITION);
  for (let i = 0; i < rows; i++) {
    const at = i + offset;
    const topic = (features.topics[at] ?? 0) * dim;
    for (let c = 0; c < dim; c++) {
      const position = Math.SQRT2 * Math.cos(features.frequency[c]! * at + features.phase[c]!);
      out[base + i * dim + c] =
        Math.sqrt(TOPIC) * features.centres[topic + c]! + Math.sqrt(POSITION) * position + rest * noise();
    }
  }
}

/**
 * What all rows of one plane share: topic of each position and topic centres, and the position's random Fourier
 * features.
 */
interface Features {
  topics: Uint16Array;
  centres: Float64Array;
  frequency: Float64Array;
  phase: Float64Array;
}

function featuresOf(length: number, dim: number, uniform: () => number): Features {
  const gauss = normal(uniform);
  const count = Math.max(2, Math.min(12, Math.round(Math.sqrt(length) / 2)));
  return {
    topics: topicRuns(length, count, uniform),
    centres: Float64Array.from({ length: count * dim }, gauss),
    frequency: Float64Array.from({ length: dim }, () => NEAR * gauss()),
    phase: Float64Array.from({ length: dim }, () => 2 * Math.PI * uniform()),
  };
}

/** Turns some queries towards one key each, anywhere before them. */
function addFarLinks(inputs: Inputs, qBase: number, kBase: number, plane: Plane, uniform: () => number): void {
  const { rows, dim, offset } = plane;
  for (let i = 0; i < rows; i++) {
    if (uniform() >= FAR_SHARE || i + offset < 0) continue;
    const j = Math.floor(uniform() * (i + offset + 1));
    for (let c = 0; c < dim; c++) {
      const at = qBase + i * dim + c;
      inputs.q[at] = Math.sqrt(1 - FAR * FAR) * inputs.q[at]! + FAR * inputs.k[kBase + j * dim + c]!;
    }
  }
}

/**
 * Q, K, V with structure: neighbours and rows of one topic attend to each other, and a few queries to one far key.
 * About unit variance.
 * @param shape any valid shape
 * @param seed any integer; the same seed and shape give the same numbers
 */
export function generateInputs(shape: Shape, seed: number): Inputs {
  const { batch, heads, kvHeads, queries, keys, dim } = shape;
  const inputs: Inputs = {
    q: new Float32Array(elementsOf('Q', shape)),
    k: new Float32Array(elementsOf('K', shape)),
    v: new Float32Array(elementsOf('V', shape)),
  };
  const keyPlane: Plane = { rows: keys, dim, offset: Math.max(0, queries - keys) };
  const queryPlane: Plane = { rows: queries, dim, offset: Math.max(0, keys - queries) };
  for (let kv = 0; kv < batch * kvHeads; kv++) {
    const uniform = mulberry32(mixSeed(seed, kv));
    const gauss = normal(uniform);
    const features = featuresOf(Math.max(queries, keys), dim, uniform);
    const kBase = kv * keys * dim;
    fillRows(inputs.k, kBase, keyPlane, features, gauss);
    for (let i = 0; i < keys * dim; i++) inputs.v[kBase + i] = gauss();
    const group = heads / kvHeads;
    for (let g = 0; g < group; g++) {
      // Planes of K and V are [batch][kvHeads], those of Q [batch][kvHeads][group].
      const qBase = (kv * group + g) * queries * dim;
      fillRows(inputs.q, qBase, queryPlane, features, gauss);
      addFarLinks(inputs, qBase, kBase, { ...queryPlane, offset: keys - queries }, uniform);
    }
  }
  return inputs;
}

/**
 * Q, K, V without structure: every number uniform with mean 0 and variance 1. Exactly the inputs that the benchmark of
 * npm packages makes: a mulberry32 stream for each of Q, K, V, seeded mixSeed(seed, 0 | 1 | 2), and sqrt(12) (u - 1/2)
 * rounded to f32.
 */
export function inputsOfPeers(shape: Shape, seed: number): Inputs {
  const fill = (length: number, stream: number): Float32Array => {
    const uniform = mulberry32(mixSeed(seed, stream));
    return Float32Array.from({ length }, () => Math.sqrt(12) * (uniform() - 0.5));
  };
  return { q: fill(elementsOf('Q', shape), 0), k: fill(elementsOf('K', shape), 1), v: fill(elementsOf('V', shape), 2) };
}
