import { aBrief } from '#core/series/series.fixture.ts'
import type { Rows } from '../row.ts'

export const series: Rows<'series'> = {
  list: { of: 'nobody', input: () => ({}) },
  create: { of: 'teacher', to: 'teach', input: ({ course, section }) => aBrief({ course, section, title: 'Another' }) },
  get: { of: 'teacher', to: 'teach', input: ({ series: id }) => ({ series: id }) },
  update: { of: 'teacher', to: 'teach', input: ({ series: id, course, section }) => ({ series: id, brief: aBrief({ course, section, title: 'Renamed' }) }) },
  remove: { of: 'teacher', to: 'teach', input: ({ pausedSeries }) => ({ series: pausedSeries }) },
  pause: { of: 'teacher', to: 'teach', input: ({ series: id }) => ({ series: id }) },
  resume: { of: 'teacher', to: 'teach', input: ({ pausedSeries }) => ({ series: pausedSeries }) },
  start: { of: 'teacher', to: 'teach', input: ({ pausedSeries }) => ({ series: pausedSeries, isTrial: true }) },
  runs: { of: 'teacher', to: 'teach', input: ({ series: id }) => ({ series: id }) },
  draft: { of: 'teacher', to: 'teach', input: ({ run }) => ({ run }) },
  retry: { of: 'teacher', to: 'teach', input: ({ failedRun: run }) => ({ run }) },
  propose: { of: 'teacher', to: 'teach', input: ({ run }) => ({ run }) },
  discard: { of: 'teacher', to: 'teach', input: ({ run }) => ({ run }), isOnce: true },
}
