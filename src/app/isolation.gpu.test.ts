/** The ground the GPU tests stand on: an isolated page, an adapter, and a compute shader that computes. */
import { expect, test } from 'vitest';

test('the test page is cross-origin isolated, as the shipped page is', () => {
  expect(crossOriginIsolated).toBe(true);
});

test('a compute shader doubles numbers', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  const input = Float32Array.from({ length: 100 }, (_, i) => i - 50.5);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const data = device.createBuffer({ size: input.byteLength, usage });
  const result = device.createBuffer({
    size: input.byteLength,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(data, 0, input);
  const code = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < arrayLength(&x)) { x[id.x] *= 2; }
    }`;
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }) },
  });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: data } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  pass.dispatchWorkgroups(2);
  pass.end();
  encoder.copyBufferToBuffer(data, 0, result, 0, input.byteLength);
  device.queue.submit([encoder.finish()]);
  await result.mapAsync(GPUMapMode.READ);
  expect(new Float32Array(result.getMappedRange())).toEqual(input.map((x) => x * 2));
  device.destroy();
});
