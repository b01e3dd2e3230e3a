import { ArgsType, Field } from 'type-graphql';

/** The currency of a requested value. */
@ArgsType()
export class CurrencyArgs {
  @Field(() => String, { description: 'Code of the currency in capitals, as "USD".' })
  readonly currency!: string;
}
