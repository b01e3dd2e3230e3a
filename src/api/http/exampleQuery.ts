/** What GraphiQL opens with: the main figures of the first token and its largest holders. */
export const EXAMPLE_QUERY = `# Every amount is exact: wei and token units, as decimal strings.
# Ctrl-Enter runs the query; the book icon on the left has the documentation.
query Overview {
  status {
    chainId
    name
    indexed { block timestamp }
    chainHead
    lagBlocks
  }
  tokens(first: 1) {
    nodes {
      chainId
      address
      symbol
      policy { name percentClaimable window interval intervalUnit }
      supply
      balanceWei
      pools { newRevenueWei claimableWei redeemableWei }
      lastSnapshot { snapshotId block claimableWei claimedWei }
      earliestNextSnapshot { block timestamp }
      holders(first: 10, orderBy: CLAIMABLE) {
        nodes {
          address
          balance
          entitlement {
            totalClaimableWei
            claimedWei
            redeemableWei
            accruingWei
            snapshotsConnection(where: { state: { _eq: OPEN } }) {
              nodes { snapshotId claimableWei }
            }
          }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}

# The same, as of an earlier block:
# tokens(at: { block: 18500000 }, filter: { chainId: 1 }) { … }
#
# One account, across all tokens:
# holder(address: "0x…") { positions { token { symbol } balance entitlement { totalClaimableWei } } }
`;
