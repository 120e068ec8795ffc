/** Sums of money as whole cents, so that nothing is lost to rounding. */

/** Cents as a person reads them: 2980 becomes "29.80". */
export function formatCents(cents: number): string {
  const sign = cents < 0 ? "-" : "";
  const whole = Math.abs(Math.trunc(cents));
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, "0")}`;
}
