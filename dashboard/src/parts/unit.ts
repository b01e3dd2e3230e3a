/** What an amount is in. */
export interface Unit {
  /** As it may be shown; `null`: it has none that can be trusted. */
  readonly symbol: string | null;
  /** `null`: its contract does not say. Then its smallest unit is shown. */
  readonly decimals: number | null;
}
