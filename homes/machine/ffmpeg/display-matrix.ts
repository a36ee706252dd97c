/**
 * Clockwise degrees a player must turn a picture by, of its display matrix (ISO/IEC 14496-12 §8.3.2): nine whole numbers, the
 * upper four counted in 65536ths. A mirrored picture is turned as if it were not: upright, and as the camera saw it.
 */
export const turnOf = (matrix: readonly number[]): number => {
  const [a = 0, b = 0, , c = 0, d = 0] = matrix
  const [across, down] = [Math.hypot(a, c), Math.hypot(b, d)]
  if (across === 0 || down === 0) return 0
  const side = a * d - b * c < 0 ? -1 : 1
  // Never -0, and never two names for half a turn.
  const degrees = Math.round((Math.atan2((side * b) / down, (side * a) / across) * 180) / Math.PI)
  return (degrees + 360) % 360
}
