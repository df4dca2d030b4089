// What a run must keep to so that the interpreter takes it.
import type { Limits } from '../../ops/limits';

/** What every WebGPU device offers (the specification's defaults): a run that the interpreter takes fits any device. */
export const INTERPRETER_LIMITS: Limits = {
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxStorageBuffersPerShaderStage: 8,
};

/** Ms beyond which a run is refused: longer than this nobody should have to wait for a picture. */
export const LONGEST_MS = 20_000;
