// What a device allows, and why a run does not fit it.
import type { Tile } from './run';

/** Limits of an adapter or device that kernels run into. */
export type Limits = Pick<
  GPUSupportedLimits,
  | 'maxComputeWorkgroupStorageSize'
  | 'maxComputeInvocationsPerWorkgroup'
  | 'maxComputeWorkgroupSizeX'
  | 'maxComputeWorkgroupsPerDimension'
  | 'maxStorageBufferBindingSize'
  | 'maxBufferSize'
  | 'maxStorageBuffersPerShaderStage'
>;

/** Why a run does not fit a device: the limit's name, what is needed and what there is (bytes or counts). */
export interface Refusal {
  limit: keyof Limits;
  need: number;
  have: number;
}

/** One offered tile on a device: the bytes of workgroup memory that it takes, and whether it fits. */
export interface TileVerdict {
  tile: Tile;
  sramBytes: number;
  fits: boolean;
  refusal: Refusal | undefined;
}
