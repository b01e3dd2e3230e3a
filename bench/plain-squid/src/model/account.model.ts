import { BigIntColumn, Entity, OneToMany, PrimaryColumn } from '@subsquid/typeorm-store';
import { Transfer } from './transfer.model.js';

@Entity()
export class Account {
  constructor(props?: Partial<Account>) {
    Object.assign(this, props);
  }

  /** Address, lower case. */
  @PrimaryColumn()
  id: string;

  @BigIntColumn({ nullable: false })
  balance: bigint;

  @OneToMany(
    () => Transfer,
    (transfer) => transfer.from,
  )
  transfersFrom: Transfer[];

  @OneToMany(
    () => Transfer,
    (transfer) => transfer.to,
  )
  transfersTo: Transfer[];
}
