// The SRAM meter: verdicts against arithmetic of their own, and the bar in proportion.
import { expect, test } from 'vitest';
import type { Shape } from '../../ops/attention/shape';
import type { Run } from '../../ops/run';
import type { Limits } from '../../ops/limits';
import { flash2 } from '../../kernels/flash2';
import { sramParts, tileVerdicts } from '../../kernels/fit';
import { meterCss, mountMeter, verdictText } from './meter';

const limits = (sram: number, invocations = 256): Limits => ({
  maxComputeWorkgroupStorageSize: sram,
  maxComputeInvocationsPerWorkgroup: invocations,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxStorageBuffersPerShaderStage: 8,
});

const run = (dim: number, tile = { br: 32, bc: 16 }): Run => {
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 128, keys: 128, dim, mask: 'full' };
  return { kernel: 'flash2', shape, tile };
};

/** Q, K and V tiles, the tile of S, and m, l, alpha: floats of 4 bytes. */
const taken = (br: number, bc: number, d: number): number => (br * d + bc * d + bc * d + br * bc + br + br + br) * 4;

test('each offered tile fits exactly when its arrays do', () => {
  for (const dim of [32, 64, 128]) {
    for (const sram of [16_384, 32_768]) {
      const verdicts = tileVerdicts(flash2, run(dim), limits(sram));
      expect(verdicts.map((v) => v.tile)).toEqual(flash2.tiles);
      for (const { tile, sramBytes, fits, refusal } of verdicts) {
        const need = taken(tile.br, tile.bc, dim);
        expect(sramBytes).toBe(need);
        expect(fits).toBe(need <= sram);
        expect(refusal).toEqual(fits ? undefined : { limit: 'maxComputeWorkgroupStorageSize', need, have: sram });
      }
    }
  }
  const both = tileVerdicts(flash2, run(64), limits(32_768)).map((v) => v.fits);
  expect(new Set(both)).toEqual(new Set([true, false]));
});

test('the parts are the kernel’s workgroup arrays and add up to what it takes', () => {
  for (const tile of flash2.tiles) {
    const parts = sramParts(flash2, run(64, tile));
    expect(parts.map((p) => p.name)).toEqual(['sQ', 'sK', 'sV', 'sS', 'sM', 'sL', 'sAlpha']);
    expect(parts.reduce((n, p) => n + p.bytes, 0)).toBe(taken(tile.br, tile.bc, 64));
  }
});

test('the sentence says what fits, and why not', () => {
  const need = taken(32, 16, 64);
  expect(verdictText(undefined, 1024, 32_768, 'en')).toBe(
    'Fits: 1.00 KiB of the 32.0 KiB that WebGPU grants a workgroup on this adapter (not the size of an SM).',
  );
  expect(verdictText(undefined, need, 32_768, 'en')).toContain('Needs more than the 16.0 KiB');
  expect(verdictText(flash2.limit(run(64), limits(16_384)), need, 16_384, 'en')).toMatch(
    /^Too large: workgroup memory would be 18\.4 KiB, .* 16\.0 KiB on this adapter\.$/,
  );
  expect(verdictText(flash2.limit(run(64), limits(32_768, 32)), need, 32_768, 'en')).toContain(
    'threads of a workgroup would be 64',
  );
  expect(verdictText(undefined, 0, 32_768, 'zh')).toBe('这个 kernel 不用共享内存。');
});

test('the bar is in proportion, and ends at the limit or beyond it', () => {
  const host = document.createElement('div');
  const style = document.createElement('style');
  style.textContent = meterCss;
  document.body.append(style, host);
  host.style.setProperty('width', '400px');
  const meter = mountMeter(host, { language: 'en' });
  const parts = [
    { name: 'sQ', bytes: 8192 },
    { name: 'sK', bytes: 4096 },
  ];
  const width = (selector: string) => host.querySelector(selector)!.getBoundingClientRect().width;
  const limitName = 'maxComputeWorkgroupStorageSize';
  meter.draw({ parts, limit: 32_768, limitName });
  expect(width('[data-name=sQ]')).toBeCloseTo(100, 0);
  expect(width('[data-name=sK]')).toBeCloseTo(50, 0);
  expect(host.querySelector('.over')).toBeNull();
  expect(host.querySelector('.verdict')!.textContent).toContain('Fits');
  meter.draw({ parts, limit: 8192, limitName, refusal: { limit: limitName, need: 12_288, have: 8192 } });
  expect(width('[data-name=sQ]')).toBeCloseTo((400 * 2) / 3, 0);
  expect(width('.over')).toBeCloseTo(400 / 3, 0);
  expect(host.querySelector('.verdict')!.textContent).toContain('Too large');
  meter.dispose();
  expect(host.childElementCount).toBe(0);
  host.remove();
  style.remove();
});
