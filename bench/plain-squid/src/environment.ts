/** What the benchmark tells its contenders. */
export interface ContenderEnvironment {
  rpcUrl: string;
  token: string;
  fromBlock: number;
  toBlock: number;
  finality: number;
}

/** Reads it from the environment, as squids do. */
export function environment(): ContenderEnvironment {
  return {
    rpcUrl: required('RPC_ENDPOINT'),
    token: required('TOKEN'),
    fromBlock: Number(required('FROM_BLOCK')),
    toBlock: Number(required('TO_BLOCK')),
    finality: Number(required('FINALITY_CONFIRMATION')),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}
