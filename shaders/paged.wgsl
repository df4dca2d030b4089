// Paged attention: one workgroup a query row and head, through the blocks of its request. Rows of all requests lie one after the other in Q, as many of
// each as it has new tokens (one when it decodes, a chunk when it is prefilled), so a row first looks its request up.
@group(0) @binding(0) var<storage, read> Q: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(1) var<storage, read> K: array<Chunk, BLOCKS * KV_HEADS * PAGE * CHUNKS>; // the pool: [block, head, slot]
@group(0) @binding(2) var<storage, read> V: array<Chunk, BLOCKS * KV_HEADS * PAGE * CHUNKS>;
@group(0) @binding(3) var<storage, read> TABLE: array<u32, REQUESTS * WIDTH>; // physical block of each logical one
@group(0) @binding(4) var<storage, read> SEQS: array<vec2u, REQUESTS + 1u>; // first query row and number of keys
@group(0) @binding(5) var<storage, read_write> O: array<Chunk, PLANES * NQ * CHUNKS>;
@group(0) @binding(6) var<storage, read_write> LSE: array<f32, PLANES * NQ>;

// The last request that begins at or before a row, by halving steps.
fn requestOf(row: u32) -> u32 {
  var request = 0u;
  for (var ahead = HALF; ahead > 0u; ahead /= 2u) {
    if (request + ahead < REQUESTS) {
      request += select(0u, ahead, SEQS[request + ahead].x <= row);
    }
  }
  return request;
}

fn keysOf(block: vec3u) -> vec3u {
  let row = block.z / HEADS * NQ + block.x;
  let request = requestOf(row);
  let seq = SEQS[request];
  let rows = SEQS[request + 1u].x - seq.x; // of the request: its newest tokens
  let i = row - seq.x;
  // when: SLOPES
  own = f32(i + seq.y) - f32(rows);
  // when: CAUSAL
  var end = select(seq.y, max(i + 1u + seq.y, rows) - rows, CAUSAL);
  // when: TOP_LEFT
  var end = min(i + 1u, seq.y);
  // when: PREFIX
  var end = max(min(PREFIX, seq.y), max(i + 1u + seq.y, rows) - rows);
  // when: RIGHT
  var end = min(max(i + 1u + seq.y + RIGHT, rows) - rows, seq.y);
  if (i >= rows) { // behind the last request
    end = 0u;
  }
  // unless: LEFT
  return vec3u(max(end, WINDOW) - WINDOW, end, request * WIDTH);
  // when: LEFT
  return vec3u(min(max(i + seq.y, rows + LEFT) - rows - LEFT, end), end, request * WIDTH);
}

// A step stays within a block, whose slots lie one after the other: one look at the table a step.
fn stepRow(block: vec3u, first: u32, k0: u32) -> u32 {
  return (TABLE[first + k0 / PAGE] * KV_HEADS + kvPlane(block.z) % KV_HEADS) * PAGE + k0 % PAGE;
}

fn stepEnd(k0: u32, end: u32) -> u32 {
  return min(min(k0 + BC, (k0 / PAGE + 1u) * PAGE), end);
}

fn keepChunk(block: vec3u, c: u32, o: Chunk, l: f32) {
  O[(block.z * NQ + block.x) * CHUNKS + c] = o / divisor(l);
}

fn keepSums(block: vec3u, m: f32, l: f32) {
  LSE[block.z * NQ + block.x] = logSum(m, l);
}
