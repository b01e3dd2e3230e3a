/** An amount in wei as the page writes all of its digits. */
export function ethText(wei: bigint): string {
  const digits = String(wei).padStart(19, '0');
  const fraction = digits.slice(-18).replace(/0+$/, '');
  return `${digits.slice(0, -18)}${fraction === '' ? '' : `.${fraction}`} ETH`;
}
