import { useNow } from '@vueuse/core'
import { useI18n } from 'vue-i18n'
import type { Run, RunReason, Schedule, Series } from '#contract/series.ts'
import { microsText, tokensText } from './budget.ts'
import { momentWords, zoneName } from './moments.ts'
import { planOf } from './schedule.ts'
import { isMergedUnshown, isPausing } from './steps.ts'

const MINUTE_MS = 60_000

/** A series and its runs in words. */
export const useSeriesWords = () => {
  const { t, locale } = useI18n()
  const now = useNow({ interval: MINUTE_MS })

  /** `Monday at 09:00, Berlin time` */
  const momentText = (at: string | Date, zone: string): string => t('series.moment', momentWords(new Date(at), { zone, now: now.value, locale: locale.value }))

  /** 1 is Monday, 0 Sunday; 2026-11-29 was one. */
  const dayName = (day: number, weekday: 'long' | 'short' = 'long'): string =>
    new Intl.DateTimeFormat(locale.value, { weekday, timeZone: 'UTC' }).format(new Date(Date.UTC(2026, 10, 29 + day)))

  const rhythmText = ({ cron, zone }: Schedule): string => {
    const { rhythm, time, days, own } = planOf({ cron, zone })
    if (rhythm === 'own') return t('series.rhythm.own', { cron: own, zone: zoneName(zone) })
    const [hour, minute] = time.split(':').map(Number)
    const at = new Intl.DateTimeFormat(locale.value, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 1, hour, minute))
    const names = new Intl.ListFormat(locale.value, { type: 'conjunction' }).format(days.map((day) => dayName(day)))
    return t(`series.rhythm.${rhythm}`, { time: at, days: names, zone: zoneName(zone) })
  }

  const nextText = ({ status, nextAt, brief }: Series): string => {
    if (status !== 'active') return t(`series.next.${status}`)
    return nextAt === undefined ? t('series.next.none') : t('series.next.at', { moment: momentText(nextAt, brief.schedule.zone) })
  }

  /** What is due by now is begun within a minute or so. */
  const againText = (at: string | undefined): string => {
    if (at === undefined || Date.parse(at) <= now.value.getTime()) return t('series.states.again')
    return t('series.states.againAt', { time: new Intl.DateTimeFormat(locale.value, { hour: 'numeric', minute: '2-digit' }).format(new Date(at)) })
  }

  const stateText = (run: Pick<Run, 'state' | 'kind' | 'reason' | 'nextAt'>): string => {
    if (isPausing(run)) return againText(run.nextAt)
    if (isMergedUnshown(run)) return t('series.states.unshown')
    return t(run.state === 'drafted' && run.kind === 'trial' ? 'series.states.tried' : `series.states.${run.state}`)
  }

  const reasonText = ({ code }: RunReason): string => t(`series.reasons.${code}`)

  const spentText = (tokens: Run['tokens'], micros: number): string =>
    t('series.spent', { cost: microsText(micros, locale.value), tokens: tokensText(tokens.input + tokens.output, locale.value) })

  const whenText = (at: string): string =>
    new Intl.DateTimeFormat(locale.value, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(new Date(at))

  return { momentText, dayName, rhythmText, nextText, stateText, reasonText, spentText, whenText, now }
}
