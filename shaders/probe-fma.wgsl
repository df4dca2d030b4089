// How many multiply-adds the device can do: two independent chains of vec4 a thread, so that nothing waits for memory.
@group(0) @binding(0) var<storage, read_write> sink: array<vec4f>;

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = vec4f(0.999 + f32(id.x & 7u) * 1e-7);
  let b = vec4f(1e-6);
  var x = vec4f(f32(id.x));
  var y = vec4f(f32(id.x) + 1.0);
  for (var i = 0u; i < ITERATIONS; i++) {
    x = x * a + b;
    y = y * a + b;
    x = x * a + b;
    y = y * a + b;
    x = x * a + b;
    y = y * a + b;
    x = x * a + b;
    y = y * a + b;
  }
  sink[id.x] = x + y;
}
