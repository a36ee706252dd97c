/**
 * When something is late. The rules for Prometheus (docs/operations/prometheus-rules.yml) wake somebody by the same numbers, which a test holds
 * them to: the page for everybody, the desk of whoever runs the school, and the alarm say one thing.
 */
export const BOUNDS = {
  /** Work that nobody has taken up for so long is stuck. */
  stuckSeconds: 600,
  /** More tries than this, each of which the post refused, and none that it took since. */
  lettersFailed: 3,
  /** More films than this within an hour, for no fault of theirs. */
  filmsFailed: 2,
  /** Room on the disk of the school. */
  lowBytes: 5e9,
} as const
