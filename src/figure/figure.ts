// A figure: one living picture with its choice, player, views, keys and focus. It knows no page and no address; a lab,
// a lesson and an embedded element each hold some, and all of a page share one device and one model.
import { chartFigure, type ChartSpec, type MountedChart } from './chart-figure';
import type { FigureEnv } from './env';
import { kernelFigure, type KernelSpec, type MountedKernel } from './kernel-figure';
import { modelFigure, type ModelResources, type ModelSpec, type MountedModel } from './model/model-figure';
import { pagingFigure, type MountedPaging, type PagingResources, type PagingSpec } from './paging/paging-figure';

/** What a figure shows. */
export type FigureSpec = KernelSpec | PagingSpec | ModelSpec | ChartSpec;

/** The figure of a spec. */
export type FigureOf<S extends FigureSpec> = S extends KernelSpec
  ? MountedKernel
  : S extends PagingSpec
    ? MountedPaging
    : S extends ModelSpec
      ? MountedModel
      : MountedChart;

/** Adds a figure to `host`. It runs, plays and listens until `dispose`, and leaves nothing behind. */
export function mountFigure<S extends FigureSpec>(
  host: HTMLElement,
  spec: S,
  env: FigureEnv & PagingResources & ModelResources,
): FigureOf<S> {
  const mounted =
    spec.kind === 'kernel'
      ? kernelFigure(host, spec, env)
      : spec.kind === 'paging'
        ? pagingFigure(host, spec, env)
        : spec.kind === 'model'
          ? modelFigure(host, spec, env)
          : chartFigure(host, spec, env);
  return mounted as FigureOf<S>;
}
