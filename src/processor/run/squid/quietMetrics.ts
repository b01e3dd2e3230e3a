import type { EvmBatchProcessor, FieldSelection } from '@subsquid/evm-processor';

/**
 * Keeps the processor from serving its own metrics: they would listen on all interfaces
 * and carry the RPC URL with its key. There is no public setting for it.
 */
export function quietMetrics<F extends FieldSelection>(processor: EvmBatchProcessor<F>): void {
  const internals = processor as unknown as {
    getPrometheusServer(): { serve(): Promise<{ port: number; close(): Promise<void> }> };
  };
  internals.getPrometheusServer().serve = async () => ({ port: 0, close: async () => undefined });
}
