// How fast the device moves bytes: every thread copies four vec4 from one buffer to the other.
@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> sink: array<vec4f>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first = group.x * 1024u + thread;
  sink[first] = source[first];
  sink[first + 256u] = source[first + 256u];
  sink[first + 512u] = source[first + 512u];
  sink[first + 768u] = source[first + 768u];
}
