import { ArgsType, Field } from 'type-graphql';

/** The currency that a value is asked in. */
@ArgsType()
export class CurrencyArgs {
  @Field(() => String, { description: 'Code of the currency in capitals, as "USD".' })
  readonly currency!: string;
}
