import autocannon from 'autocannon';

/** What a contender did under load. */
export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How long a load is: for some seconds, or some requests of each connection. */
export type LoadLength = { readonly seconds: number } | { readonly requests: number };

/** A load ends when its next sample is taken: each second, if nothing else is said. */
const SHORT_SAMPLE_MS = 50;

/**
 * Asks over so many connections at a time, one request after the other on each.
 *
 * @throws Error if an answer is missing or is not 200.
 */
export async function load(
  url: string,
  bodies: readonly string[],
  connections: number,
  length: LoadLength,
): Promise<LoadResult> {
  let next = 0;
  const result = await autocannon({
    url,
    connections,
    ...('seconds' in length
      ? { duration: length.seconds }
      : { amount: length.requests * connections }),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    timeout: 60,
    ...('requests' in length ? { sampleInt: SHORT_SAMPLE_MS } : {}),
    requests: [
      {
        setupRequest: (request) => ({ ...request, body: bodies[next++ % bodies.length] ?? '' }),
      },
    ],
  });
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(`${url}: ${result.errors} requests without answer, ${result.non2xx} refused`);
  }
  return {
    requests: result['2xx'],
    requestsPerSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}
