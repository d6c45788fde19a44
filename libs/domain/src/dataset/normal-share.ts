/** The error function, by formula 7.1.26 of Abramowitz and Stegun: exact to 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}

/** Share of a standard normal distribution that lies between two bounds, which may be infinite; exact to 2e-7. */
export function normalShare(from: number, to: number): number {
  return (errorFunction(to / Math.SQRT2) - errorFunction(from / Math.SQRT2)) / 2;
}
