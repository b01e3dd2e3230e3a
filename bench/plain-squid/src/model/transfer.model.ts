import {
  BigIntColumn,
  DateTimeColumn,
  Entity,
  Index,
  IntColumn,
  ManyToOne,
  PrimaryColumn,
  StringColumn,
} from '@subsquid/typeorm-store';
import { Account } from './account.model.js';

@Entity()
export class Transfer {
  constructor(props?: Partial<Transfer>) {
    Object.assign(this, props);
  }

  @PrimaryColumn()
  id: string;

  @IntColumn({ nullable: false })
  blockNumber: number;

  @DateTimeColumn({ nullable: false })
  timestamp: Date;

  @StringColumn({ nullable: false })
  txHash: string;

  @Index()
  @ManyToOne(() => Account, { nullable: true })
  from: Account;

  @Index()
  @ManyToOne(() => Account, { nullable: true })
  to: Account;

  @BigIntColumn({ nullable: false })
  amount: bigint;
}
