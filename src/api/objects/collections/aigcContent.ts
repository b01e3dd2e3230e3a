import { Field, ObjectType } from 'type-graphql';
import type { ContentRecord, CutBytes } from '../../../store/read/collections/aigcData.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { ContentSource } from '../../values/collectionEnums.js';
import { Bytes32Scalar, SafeIntScalar } from '../../values/scalars.js';

@ObjectType('AigcBytes', { simpleResolvers: true, description: 'Bytes as a contract has them.' })
export class AigcBytesType {
  @Field(() => SafeIntScalar, { description: 'How many there are.' })
  readonly byteLength!: number;

  @Field(() => String, {
    description: '0x and two hex digits a byte; only the first limitBytes of them if isTruncated.',
  })
  readonly hex!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The same as text; null if they are not UTF-8.',
  })
  readonly text!: string | null;

  @Field(() => Boolean, { description: 'Whether limitBytes has cut off the end.' })
  readonly isTruncated!: boolean;
}

@ObjectType('AigcContent', {
  simpleResolvers: true,
  description: 'A prompt or a content. A log may hold its hash only; then nothing else is known.',
})
export class AigcContentType {
  @Field(() => Bytes32Scalar, { description: 'keccak-256.' })
  readonly hash!: Hex;

  @Field(() => Boolean, { description: 'Whether bytes with this hash were found on the chain.' })
  readonly isKnown!: boolean;

  @Field(() => ContentSource, {
    nullable: true,
    description: 'Where they were first seen; null if they are not known.',
  })
  readonly source!: ContentSource | null;

  @Field(() => AigcBytesType, {
    nullable: true,
    description: 'The bytes; null if they are not known.',
  })
  readonly bytes!: AigcBytesType | null;
}

export function contentType(hash: Hex, found: ContentRecord | null): AigcContentType {
  if (found === null) return { hash, isKnown: false, source: null, bytes: null };
  return {
    hash,
    isKnown: true,
    source: found.source as ContentSource,
    bytes: bytesType(found),
  };
}

export function bytesType({ byteLength, bytes }: CutBytes): AigcBytesType {
  const isTruncated = bytes.length < byteLength;
  return {
    byteLength,
    hex: `0x${bytes.toString('hex')}`,
    text: textOf(bytes, isTruncated),
    isTruncated,
  };
}

/** The text, without the part of a last letter that a limit has cut; `null` if it is none. */
function textOf(bytes: Buffer, isTruncated: boolean): string | null {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(bytes, { stream: isTruncated });
  } catch {
    return null;
  }
}
