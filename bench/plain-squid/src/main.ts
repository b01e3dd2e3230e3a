/**
 * A squid written the documented way: entities cached in a Map for the batch, those that exist
 * read with one query, changed in memory, written with upsert and insert.
 */
import { TypeormDatabase } from '@subsquid/typeorm-store';
import { In } from 'typeorm';
import * as erc20 from './abi/erc20.js';
import { Account, Transfer } from './model/index.js';
import { processor } from './processor.js';

interface TransferEvent {
  id: string;
  blockNumber: number;
  timestamp: Date;
  txHash: string;
  from: string;
  to: string;
  amount: bigint;
}

processor.run(new TypeormDatabase(), async (ctx) => {
  const events: TransferEvent[] = [];
  for (const block of ctx.blocks) {
    for (const log of block.logs) {
      if (!erc20.events.Transfer.is(log)) continue;
      const { from, to, value } = erc20.events.Transfer.decode(log);
      events.push({
        id: log.id,
        blockNumber: block.header.height,
        timestamp: new Date(block.header.timestamp),
        txHash: log.transactionHash,
        from,
        to,
        amount: value,
      });
    }
  }

  const ids = new Set(events.flatMap(({ from, to }) => [from, to]));
  const known = await ctx.store.findBy(Account, { id: In([...ids]) });
  const accounts = new Map(known.map((account) => [account.id, account]));
  const accountOf = (id: string): Account => {
    let account = accounts.get(id);
    if (account === undefined) {
      account = new Account({ id, balance: 0n });
      accounts.set(id, account);
    }
    return account;
  };

  const transfers = events.map(({ from: fromId, to: toId, ...event }) => {
    const from = accountOf(fromId);
    const to = accountOf(toId);
    from.balance -= event.amount;
    to.balance += event.amount;
    return new Transfer({ ...event, from, to });
  });

  await ctx.store.upsert([...accounts.values()]);
  await ctx.store.insert(transfers);
});
