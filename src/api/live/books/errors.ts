import { ImoError } from '../../../errors.js';

export function shuttingDown(): ImoError {
  return new ImoError('SHUTTING_DOWN', 'the server is stopping', 'Connect again in a few seconds.');
}

export function tooMany(most: number): ImoError {
  return new ImoError(
    'TOO_MANY_SUBSCRIPTIONS',
    `${most} subscriptions are open already`,
    'Close subscriptions that you do not need. One subscription can follow all tokens.',
  );
}

export function unavailable(): ImoError {
  return new ImoError(
    'DATABASE_UNAVAILABLE',
    'the database does not answer at the moment',
    'Subscribe again in a few seconds.',
  );
}

export function shareTaken(): ImoError {
  return new ImoError(
    'TOO_MANY_SUBSCRIPTIONS',
    'this client already uses its share of all subscriptions',
    'Close subscriptions that you do not need. One subscription can follow all tokens.',
  );
}
