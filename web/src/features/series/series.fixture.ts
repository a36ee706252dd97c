import type { Run, SeriesBrief } from '#contract/series.ts'

/** A run that is in review, or in whatever state a test needs. */
export const aRun = (of: Partial<Run> = {}): Run => ({
  ...{ id: 'run_00000001', series: 'ser_00000001', kind: 'scheduled', state: 'proposed', point: 'What light does', attempt: 1 },
  ...{ dueAt: '2026-05-04T07:00:00Z', changedAt: '2026-05-04T07:01:00Z', findings: [], tokens: { input: 1200, output: 2300 }, costMicros: 1560 },
  can: { retry: false, discard: false, propose: false },
  ...of,
})

export const aBrief = (of: Partial<SeriesBrief> = {}): SeriesBrief => ({
  ...{ title: 'Light, week by week', course: 'crs_00000001', section: 'sec_00000001', audience: 'People who photograph for pleasure' },
  ...{ outline: ['What light does', 'Light at noon'], tone: 'Warm and plain', language: 'en', examples: '', sources: [] },
  ...{ minutes: 6, questions: 3, licence: 'CC-BY-4.0', schedule: { cron: '0 9 * * 1', zone: 'Europe/Berlin' } },
  budget: { runTokens: 40_000, runMicros: 500_000, monthTokens: 600_000, monthMicros: 5_000_000 },
  ...of,
})
