import ICAL from 'ical.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApi } from '../../../src/api/server.js';
import { type Action, accountOf, mint, receipt, snapshot } from '../../store/read/actions.js';
import { Books } from '../../store/read/books.js';
import { ALICE, BOB, CAROL, DAVE, openScenario } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { startTestApi } from '../support.js';

let databaseUrl: string;
let books: Books;
let api: RunningApi;

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  books = await openScenario(databaseUrl);
  api = await startTestApi(databaseUrl);
});
afterAll(async () => {
  await api.close();
  await books.close();
});

async function eventsOf(query: string, url = api.url) {
  const response = await fetch(new URL(`/v1/calendar.ics?${query}`, url));
  expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const text = await response.text();
  // RFC 5545: lines of at most 75 octets, ended by CRLF.
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const { uid, summary, description, startDate, endDate } = new ICAL.Event(component);
    return {
      uid,
      summary,
      description: description.split('\n'),
      start: startDate.toString(),
      end: endDate.toString(),
      alarms: component.getAllSubcomponents('valarm').length,
    };
  });
}

const WIN = '5aaeb6053f3e94c9b9a09f33669435e7ef1beaed';
const OF_WIN = 'Token 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed on chain';

test('a calendar has the deadline of each claim and the next snapshot of each token', async () => {
  expect(await eventsOf(`holder=${ALICE}`)).toEqual([
    {
      uid: `1-0x${WIN}-deadline-2@imo-ledger`,
      summary: 'Claim now: 0.00000000000000015 ETH of WIN, snapshot 2, can expire at any moment',
      description: [
        'The claim of snapshot 2 ends with a later snapshot. Anybody can take it now.',
        `${OF_WIN} 1, as of block 55.`,
      ],
      start: '2023-11-14',
      end: '2023-11-15',
      alarms: 0,
    },
    {
      // Snapshot 5 ends it: 2 · 100 s and a second each after that of block 40.
      uid: `1-0x${WIN}-deadline-3@imo-ledger`,
      summary: 'Deadline to claim 0.00000000000000021 ETH of WIN, snapshot 3',
      description: [
        'The claim of snapshot 3 ends with a later snapshot. Anybody can take it from this time on.',
        `${OF_WIN} 1, as of block 55.`,
      ],
      start: '2023-11-14T22:26:02Z',
      end: '2023-11-14T22:56:02Z',
      alarms: 1,
    },
    {
      uid: `1-0x${WIN}-snapshot-next@imo-ledger`,
      summary: 'WIN: the next snapshot can be taken at any moment',
      description: [
        'Taken at block 55, the snapshot would assign 0.000000000000000066 ETH.',
        `${OF_WIN} 1, as of block 55.`,
      ],
      start: '2023-11-14',
      end: '2023-11-15',
      alarms: 0,
    },
    {
      uid: `2-0x${WIN}-snapshot-next@imo-ledger`,
      summary: 'WIN2: the next snapshot can be taken at any moment',
      description: [
        'Taken at block 60, the snapshot would assign 0.000000000000000042 ETH.',
        `${OF_WIN} 2, as of block 60.`,
      ],
      start: '2023-11-14',
      end: '2023-11-15',
      alarms: 0,
    },
  ]);
});

test('several accounts have one event for each claim, with the sum', async () => {
  const amounts = async (query: string) =>
    (await eventsOf(query)).map(({ uid, summary, description }) => [
      uid.split('-').slice(2).join('-'),
      /0\.\d+ ETH/.exec(`${summary} ${description}`)?.[0],
    ]);
  expect(await amounts(`holder=${CAROL}`)).toEqual([
    ['deadline-3@imo-ledger', '0.000000000000000042 ETH'],
    ['snapshot-next@imo-ledger', '0.000000000000000033 ETH'],
  ]);
  expect(await amounts(`holder=${ALICE}&holder=${CAROL}&chainId=1`)).toEqual([
    ['deadline-2@imo-ledger', '0.00000000000000015 ETH'],
    ['deadline-3@imo-ledger', '0.000000000000000252 ETH'],
    ['snapshot-next@imo-ledger', '0.000000000000000099 ETH'],
  ]);
});

test('claims that never expire have no deadline, and a token that accrues nothing no snapshot', async () => {
  expect(await eventsOf(`holder=${DAVE}`)).toEqual([]);
});

test('a calendar comes once to a program that has it already', async () => {
  const url = new URL(`/v1/calendar.ics?holder=${BOB}`, api.url);
  const etag = (await fetch(url)).headers.get('etag') ?? '';
  const again = await fetch(url, { headers: { 'if-none-match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('a token that counts blocks has a time by the pace of its chain, and says so', async () => {
  const url = await freshDatabase();
  const counted = Books.open(url);
  const number = await counted.addToken({
    chainId: 1,
    address: accountOf(0x7001),
    // A symbol may hold anything.
    symbol: 'A;B,\r\nEND:VCALENDAR\u202e',
    policy: 'windowed',
    percent: 50n,
    window: 1,
    interval: 1_000n,
    intervalUnit: 'blocks',
    startBlock: 1,
    initialLastSnapshot: 0n,
  });
  const commit = (block: number, ...actions: Action[]) =>
    counted.commit(1, block, new Map([[number, actions]]));
  await commit(10, mint(ALICE, 5n), receipt(BOB, 100n));
  await commit(2_010, snapshot());
  const other = await startTestApi(url);
  try {
    const [event, ...more] = await eventsOf(`holder=${ALICE}`, other.url);
    expect(more).toEqual([]);
    // 3,011 blocks of 12 s after 22:13:20.
    expect(event).toEqual({
      uid: '1-0x0000000000000000000000000000000000007001-deadline-1@imo-ledger',
      summary:
        'Deadline to claim 0.00000000000000005 ETH of A;B,\\u{d}\\u{a}END:VCALENDAR\\u{202e}, snapshot 1',
      description: [
        'The claim of snapshot 1 ends with a later snapshot. Anybody can take it from this time on.',
        'Token 0x0000000000000000000000000000000000007001 on chain 1, as of block 2010.',
        'The contract counts blocks: not before block 3011. The time is an estimate by the pace of the chain so far.',
      ],
      start: '2023-11-15T08:15:32Z',
      end: '2023-11-15T08:45:32Z',
      alarms: 1,
    });
  } finally {
    await other.close();
    await counted.close();
  }
});
