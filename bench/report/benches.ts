/** A bench on the page of all figures. */
interface Subject {
  readonly title: string;
  /** What is measured, in a sentence or two. */
  readonly about: string;
}

/** The benches that keep reports, in the order of the page. */
export const BENCHES = {
  ingest: {
    title: 'Ingest',
    about:
      '500,000 transfers of one token among 20,000 holders, read block by block from a node on the same machine.',
  },
  growth: {
    title: 'Growth',
    about:
      'The same index over more and more transfers: a rate that stays means that no cost grows with the books.',
  },
  wide: {
    title: 'A million holders',
    about:
      'What costs grow with the number of holders: ingest, lists, a snapshot, an export, a root and an audit.',
  },
  offering: {
    title: 'A whole offering',
    about:
      'Requests to an oracle, mints, sales, claims and settlements among transfers, from a node near by and from one far away.',
  },
  tokens: {
    title: 'Many tokens',
    about: 'The same operations over few tokens and over many.',
  },
  sparse: {
    title: 'Few hits among many blocks',
    about:
      'A chain in which every 500th block concerns the token, with each way to find those blocks.',
  },
  head: {
    title: 'Head',
    about:
      'From the moment when the node has a block to the answer that has it, and to the event of a subscription.',
  },
  api: {
    title: 'API',
    about:
      'Questions over the books of a million holders, against the best code for each question alone.',
  },
  series: {
    title: 'Series',
    about: 'Series by day over two years of a token with a million holders.',
  },
  scale: {
    title: 'Scale',
    about:
      'What one more transfer, holder and snapshot costs, ingest into more and more partitions, and requests to one and two API servers and a replica. [scale.md](scale.md) says what follows.',
  },
  export: {
    title: 'Export',
    about: 'A million entitlements to files, against a bare COPY.',
  },
} as const satisfies Readonly<Record<string, Subject>>;

export type BenchName = keyof typeof BENCHES;
