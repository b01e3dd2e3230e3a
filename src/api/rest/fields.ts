import { z } from 'zod';
import { type Address, checksummed } from '../../address.js';
import { addressField } from '../../config/file/fields.js';

/** An address in a request: any one case, or with a valid checksum. */
export const addressParameter = addressField.meta({
  description: 'An address: 0x and 40 hex digits, in one case or with a valid EIP-55 checksum.',
  example: '0x7A4322BEE18518547479ed92d6Ba9866842a12D6',
});

/** The accounts of a person in a request: the parameter is repeated, or has commas. */
export const holdersParameter = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(addressField))
  .meta({
    description: 'The accounts, 1 to 100: repeat the parameter, or write commas between them.',
    example: '0x7A4322BEE18518547479ed92d6Ba9866842a12D6',
  });

/** A chain in a request. */
export const chainIdParameter = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'it is not an EIP-155 chain id')
  .transform(Number)
  .refine(Number.isSafeInteger, 'chain ids go up to 2^53 - 1')
  .optional()
  .meta({ description: 'Only this chain (EIP-155 id); default: all.', example: '1' });

/** An address in an answer. */
export const addressValue = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .meta({ id: 'Address', description: 'An address with its EIP-55 checksum.' });

/** What amounts of an answer are in. */
export const assetValue = z
  .union([z.literal('native'), addressValue])
  .meta({ description: '"native" for the chain\'s own coin, else an ERC-20.' });

/** An amount in an answer. */
export const amountValue = z
  .string()
  .regex(/^\d{1,78}$/)
  .meta({
    id: 'Amount',
    description:
      'An unsigned integer of up to 256 bits as decimal digits: wei, or the smallest unit of a token.',
  });

export const chainIdValue = z.int().meta({ description: 'EIP-155 chain id.' });

export function addressOut(address: Address): string {
  return checksummed(address);
}

/** @param asset `native`, or an address in lower case */
export function assetOut(asset: string): string {
  return asset === 'native' ? asset : addressOut(asset as Address);
}
