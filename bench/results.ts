import { writeFile } from 'node:fs/promises'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { type Entry, isRow, isSkip } from './rows.ts'

export type Circumstances = { at: string; cpu: string; cores: number; memoryGb: number; system: string; node: string; ffmpeg: string; loadAtStart: number }

export const circumstances = (at: Date, ffmpeg: string): Circumstances => ({
  at: at.toISOString(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 1024 ** 3),
  system: `${process.platform} ${process.arch} ${release()}`,
  node: process.version,
  ffmpeg,
  // Always 0 on Windows.
  loadAtStart: Number((loadavg()[0] ?? 0).toFixed(2)),
})

export const writeResults = async (path: string, measuredOn: Circumstances, entries: readonly Entry[]): Promise<void> => {
  const results = { measuredOn, rows: entries.filter(isRow), skipped: entries.filter(isSkip) }
  await writeFile(path, `${JSON.stringify(results, undefined, 2)}\n`)
}
