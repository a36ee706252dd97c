import { aBrief } from '#core/series/series.fixture.ts'
import type { Rows } from '../row.ts'

export const series: Rows<'series'> = {
  list: { of: 'nobody', input: () => ({}) },
  create: { of: 'teacher', input: ({ course, section }) => aBrief({ course, section, title: 'Another' }) },
  get: { of: 'teacher', input: ({ series: id }) => ({ series: id }) },
  update: { of: 'teacher', input: ({ series: id, course, section }) => ({ series: id, brief: aBrief({ course, section, title: 'Renamed' }) }) },
  remove: { of: 'teacher', input: ({ pausedSeries }) => ({ series: pausedSeries }) },
  pause: { of: 'teacher', input: ({ series: id }) => ({ series: id }) },
  resume: { of: 'teacher', input: ({ pausedSeries }) => ({ series: pausedSeries }) },
  start: { of: 'teacher', input: ({ pausedSeries }) => ({ series: pausedSeries, isTrial: true }) },
  runs: { of: 'teacher', input: ({ series: id }) => ({ series: id }) },
  draft: { of: 'teacher', input: ({ run }) => ({ run }) },
  retry: { of: 'teacher', input: ({ failedRun: run }) => ({ run }) },
  propose: { of: 'teacher', input: ({ run }) => ({ run }) },
  discard: { of: 'teacher', input: ({ run }) => ({ run }), isOnce: true },
}
