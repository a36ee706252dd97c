/** `begin`: what was before is forgotten. Asked with `collect`, it collects garbage first, and what lives afterwards is told. */
export type Asked = { what: 'begin' | 'look'; collects?: boolean } | { what: 'profile'; folder: string; seconds: number } | { what: 'heap'; path: string }

/** The process of the school as it sees itself. Delays in milliseconds: since it was told to begin, and since it was last asked. */
export type Seen = {
  rssMb: number
  heapMb: number
  externalMb: number
  cpuSeconds: number
  delay: { p50: number; p99: number; max: number }
  lately: { p99: number; max: number }
}
