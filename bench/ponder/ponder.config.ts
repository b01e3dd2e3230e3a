import { createConfig } from 'ponder';
import { parseAbi } from 'viem';

const {
  PONDER_NODE = '',
  PONDER_TOKEN = '',
  PONDER_FROM = '0',
  PONDER_TO = '0',
  PONDER_DATABASE = '',
} = process.env;

export default createConfig({
  database: { kind: 'postgres', connectionString: PONDER_DATABASE },
  chains: { stretched: { id: 31_337, rpc: PONDER_NODE } },
  contracts: {
    Token: {
      abi: parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)']),
      chain: 'stretched',
      address: PONDER_TOKEN as `0x${string}`,
      startBlock: Number(PONDER_FROM),
      endBlock: Number(PONDER_TO),
    },
  },
});
