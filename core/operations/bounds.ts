/**
 * When something is late, for the page for everybody and the desk of whoever runs the school. The rules for Prometheus
 * (docs/operations/prometheus-rules.yml) have the same numbers, which a test holds them to; they count measurements, and these what is stored.
 */
export const BOUNDS = {
  /** Work that nobody has taken up for so long is stuck. */
  stuckSeconds: 600,
  /** More tries than this, of more than one letter, each of which the post refused, and none that it took since. */
  lettersFailed: 3,
  /** More films than this within an hour, for no fault of theirs. */
  filmsFailed: 2,
  /** Room on the disk of the school. */
  lowBytes: 5e9,
} as const
